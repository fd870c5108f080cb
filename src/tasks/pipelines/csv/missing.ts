/** How files say that a value is missing. */

/** In any column, the target included. */
const ALWAYS: readonly string[] = [
  ...['', '?', 'nan', '-nan', 'null', '\\n', 'n/a', 'n.a.', '#n/a', '#n/a n/a', '#na', '<na>'],
  ...[
    '#value!',
    '#div/0!',
    '#ref!',
    '#num!',
    '#null!',
    '#name?',
    '1.#qnan',
    '-1.#ind',
    'na',
    'nat',
  ],
];
/** Beside those in a column of features; as a target they are classes. */
const OF_FEATURES: readonly string[] = ['none', 'nil', '-', '--', '–', '—', '.', '..', '...'];

/** Codes of countries and regions, among which NA is Namibia or North America. */
const CODES = /^[A-Z]{2,5}$|^[a-z]{2}$/;
/** Marks among which a minus is a value. */
const SIGNS = /^[+±-]+$|^\+\/-$/;

/**
 * What counts as missing in a column of these values.
 * @param asClasses the column is the target, and not a number.
 */
export function missingIn(texts: readonly string[], asClasses: boolean): (text: string) => boolean {
  const spelled = new Set(asClasses ? ALWAYS : [...ALWAYS, ...OF_FEATURES]);
  const others = texts.filter((text) => !spelled.has(text.toLowerCase()));
  const all = (form: RegExp): boolean =>
    others.length > 0 && others.every((text) => form.test(text));
  const codes = all(CODES);
  if (all(SIGNS)) for (const sign of ['-', '--']) spelled.delete(sign);
  return (text) => {
    if (codes && /^(NA|na)$/.test(text) && sameCase(text, others[0]!)) return false;
    return spelled.has(text.toLowerCase());
  };
}

function sameCase(text: string, other: string): boolean {
  return (text === text.toUpperCase()) === (other === other.toUpperCase());
}
