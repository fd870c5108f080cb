/** Pipelines in English: a short list of choices, one on each line. */
import { CHOICES, readPipeline, SLOTS, type Slot } from '../tables/choices.ts';
import type { Fault } from '../tables/fault.ts';
import { META_WORDS, metaWords } from '../tables/meta.ts';
import { METRIC_NAMES, type Table } from '../tables/table.ts';
import type { Mode, Token } from '../task.ts';
import type { Wording, WrittenAttempt } from '../wording.ts';
import { tableIn, type PipelineInstance } from './instance.ts';
import { MALFORMED, readFeedback } from './vocabulary.ts';

export const PIPELINES_WORDING: Wording<PipelineInstance> = {
  prompt: (instance, { latest }, mode) => asked(tableWords(tableIn(instance)), latest, mode),
  read: (_instance, text) => choicesIn(text) ?? null,
  write: (_instance, attempt) =>
    readPipeline(attempt)
      ? SLOTS.map((slot, i) => `${slot}: ${attempt[i]}`).join('\n')
      : attempt.join(' '),
  longest: () => asked(LONGEST_TABLE, LONGEST_LATEST, 'diverge'),
};

function asked(table: string, latest: WrittenAttempt | undefined, mode: Mode): string {
  return [
    'Choose how to train a model on a small table. It is judged by cross-validation.',
    `The table: ${table}.`,
    '',
    'Choose one of each:',
    ...SLOTS.map((slot) => `${slot}: ${CHOICES[slot].join(', ')} (${MEANINGS[slot]})`),
    ...(latest ? ['', ...previous(latest)] : []),
    '',
    ASKED[mode],
    'Answer with seven lines such as "impute: median" and nothing else.',
  ].join('\n');
}

const MEANINGS: Readonly<Record<Slot, string>> = {
  impute:
    'keep leaves missing values, which no model can use; flag is the median and a column that says where',
  scale: 'columns as they are, standardised, or as ranks',
  features: 'all columns, with products, three principal components, or the three most telling',
  model: 'bayes predicts classes only',
  size: 'how much the model can express',
  regularisation: 'how much it is held back',
  ensemble: 'one model, or three on resampled rows',
};

const ASKED: Readonly<Record<Mode, string>> = {
  solve: 'Which choices predict best?',
  improve: 'Improve on the previous choices.',
  diverge: 'Choose very differently from the previous choices.',
};

/** Words whose parts do not read as they stand. */
const SAID: ReadonlyMap<Token, string> = new Map([
  ['number', 'a number to be predicted'],
  ['two-classes', 'two classes to be predicted'],
  ['more-classes', 'more than two classes to be predicted'],
  ['rows-few', 'few rows'],
  ['rows-some', 'some rows'],
  ['rows-many', 'many rows'],
  ['numeric', 'all columns numeric'],
  ['mixed', 'some columns yes or no'],
  ['missing-none', 'nothing missing'],
  ['missing-few', 'few values missing'],
  ['missing-many', 'many values missing'],
  ['balanced', 'classes balanced'],
  ['skewed', 'classes skewed'],
  ['rare', 'one class rare'],
  ['scales-alike', 'columns of like scales'],
  ['scales-apart', 'columns of very different scales'],
  ...Object.entries(METRIC_NAMES).map(([id, name]): [Token, string] => [id, `judged by ${name}`]),
]);

/** A word that says only what another says already. */
const UNSAID: ReadonlySet<Token> = new Set(['continuous']);

function tableWords(table: Table): string {
  return metaWords(table)
    .filter((word) => !UNSAID.has(word))
    .map(saidOf)
    .join(', ');
}

function saidOf(word: Token): string {
  const [, columns] = /^columns(\d)$/.exec(word) ?? [];
  if (columns) return columns === '1' ? '1 column' : `${columns} columns`;
  const [, fifths] = /^told(\d)$/.exec(word) ?? [];
  if (fifths === undefined) return SAID.get(word) ?? word;
  return `the best column alone explains ${20 * Number(fifths)} to ${20 * Number(fifths) + 20}%`;
}

const FAULTS_IN_WORDS: Readonly<Record<Fault, string>> = {
  missing: 'values are missing, which no model can use: choose another impute',
  columns: 'there are fewer than three columns: choose other features',
  kind: 'this model predicts classes, not numbers: choose another model',
  degenerate: 'it came to no prediction for some rows: choose another model',
  timeout: 'it took too long: choose another size',
};

function previous({ text, feedback }: WrittenAttempt): string[] {
  return ['Your previous choices:', text.trim(), outcome(feedback)];
}

/** What feedback says, as far as it says anything. */
function outcome(feedback: readonly Token[]): string {
  const { fault, validation, training } = readFeedback(feedback);
  if (fault) return `They failed: ${FAULTS_IN_WORDS[fault]}.`;
  if (validation === undefined || training === undefined) {
    return feedback[0] === MALFORMED ? 'They could not be read.' : 'Nothing is known of them.';
  }
  return `Skill on rows left out: ${skill(validation)}. On rows trained on: ${skill(training)}.`;
}

/** 0 is guessing, 1 perfect. */
function skill(tenths: number): string {
  return tenths < 0 ? 'worse than guessing' : `${tenths / 10} to ${(tenths + 1) / 10}`;
}

const SLOT_OF: ReadonlyMap<Token, Slot> = new Map(
  SLOTS.flatMap((slot) => CHOICES[slot].map((option): [Token, Slot] => [option, slot])),
);
const SLOT = `(${SLOTS.join('|')}|regularization)`;
const OPTION = `(${[...SLOT_OF.keys()].join('|')})`;
/** "impute: median", "size = large"; "the model is a forest" where it is an option. */
const NAMED = new RegExp(
  `\\b${SLOT}\\s*(?:(?:[:=]|->|→)\\s*(?:an?\\s+)?(\\w+)|is\\s+(?:an?\\s+)?${OPTION}\\b)`,
  'g',
);
/** Options with nothing but spaces and marks between them. */
const RUN = new RegExp(`\\b${OPTION}(?:[\\s,;|/+>→•-]+${OPTION})*\\b`, 'g');

/** The only pipeline that a text names; undefined where it names none, or two that differ. */
function choicesIn(text: string): Token[] | undefined {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[*_`#"'()[\]{}]/g, ' ');
  const named = [...plain.matchAll(NAMED)];
  if (named.length > 0) return slotBySlot(named);
  const runs = [...plain.matchAll(RUN)].map(([run]) => run.match(/\w+/g) ?? []);
  const whole = runs.filter((run) => readPipeline(run) !== undefined);
  const longer = runs.some((run) => run.length > SLOTS.length);
  const [first] = whole;
  return !longer && whole.every((other) => other.join() === first?.join()) ? first : undefined;
}

function slotBySlot(named: readonly RegExpMatchArray[]): Token[] | undefined {
  const chosen = new Map<Slot, Token>();
  for (const [, name = '', sign, is] of named) {
    const option = sign ?? is ?? '';
    const slot = SLOTS.find((one) => one === name.replace('ization', 'isation'));
    if (!slot || SLOT_OF.get(option) !== slot) return undefined;
    if ((chosen.get(slot) ?? option) !== option) return undefined;
    chosen.set(slot, option);
  }
  return chosen.size === SLOTS.length ? SLOTS.map((slot) => chosen.get(slot)!) : undefined;
}

/** As long as any of their kind: all that can be said of tables, and the longest of what comes of choices. */
const LONGEST_TABLE = META_WORDS.filter((word) =>
  /^(more|accuracy|rows-some|columns8|mixed|missing-many|balanced|scales-apart|told4)/.test(word),
)
  .map(saidOf)
  .join(', ');
const LONGEST_LATEST: WrittenAttempt = { text: '', feedback: ['missing', '·'] };
