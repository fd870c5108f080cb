/**
 * A second opinion, written apart from the code under test: requests by regular expressions, the
 * workspace as two plain maps, calls by a chain of conditions. It shares no code with the domain.
 */

export interface OracleInput {
  readonly tree: {
    readonly cwd: string;
    readonly dirs: readonly { readonly name: string; readonly parent: string }[];
    readonly files: readonly {
      readonly name: string;
      readonly dir: string;
      readonly text: string;
    }[];
  };
  readonly turns: readonly string[];
}

export interface OracleVerdict {
  readonly valid: boolean;
  readonly solved: boolean;
  readonly quality: number;
  /** Under each word of each call; null where the call only changed the directory. */
  readonly marks: readonly (string | null)[];
  readonly printed: readonly string[];
}

interface World {
  cwd: string;
  readonly parents: Map<string, string>;
  /** `directory/file` → text. */
  readonly texts: Map<string, string>;
}

const DIRS = 'docs src temp old work archive home music'.split(' ');
const FILES = 'notes plan todo log letter recipe memo poem budget song'.split(' ');
const WORDS = 'apple tiger river piano lemon cloud'.split(' ');
const isDir = (word: string | undefined): boolean => word === 'root' || DIRS.includes(word ?? '');
const isFile = (word: string | undefined): boolean => FILES.includes(word ?? '');
const isWord = (word: string | undefined): boolean => WORDS.includes(word ?? '');

const D = '(root|docs|src|temp|old|work|archive|home|music)';
const F = '(notes|plan|todo|log|letter|recipe|memo|poem|budget|song|it)';
const W = '(apple|tiger|river|piano|lemon|cloud)';

/** Named groups are not used: the letters say which group is which. */
const PATTERNS: readonly (readonly [intent: string, pattern: string, groups: string])[] = [
  ['make', `make ${D} and put ${F} there`, 'N,F'],
  ['make', `put ${F} into a new directory ${D}`, 'F,N'],
  ['make', `in ${D} make ${D} and put ${F} there`, 'P,N,F'],
  ['move', `move ${F} to ${D}`, 'F,D'],
  ['move', `move ${F} from ${D} to ${D}`, 'F,H,D'],
  ['move', `${F} belongs in ${D}`, 'F,D'],
  ['move', `move ${F} (there)`, 'F,T'],
  ['copy', `copy ${F} to ${D}`, 'F,D'],
  ['copy', `put a copy of ${F} into ${D}`, 'F,D'],
  ['copy', `copy ${F} (there)`, 'F,T'],
  ['copy', `put a copy of ${F} (there)`, 'F,T'],
  ['rename', `rename ${F} to ${F}`, 'F,G'],
  ['rename', `rename ${F} in ${D} to ${F}`, 'F,H,G'],
  ['rename', `call ${F} ${F}`, 'F,G'],
  ['delete', `delete ${F}`, 'F'],
  ['delete', `get rid of ${F}`, 'F'],
  ['delete', `delete ${F} in ${D}`, 'F,H'],
  ['fill', `fill ${F} with ${W}`, 'F,W'],
  ['fill', `${F} should say ${W}`, 'F,W'],
  ['fill', `fill ${F} in ${D} with ${W}`, 'F,H,W'],
  ['read', `show ${F}`, 'F'],
  ['read', `what does ${F} say`, 'F'],
  ['read', `show ${F} in ${D}`, 'F,H'],
  ['search', `which files in ${D} say ${W}`, 'D,W'],
  ['search', `search ${D} for ${W}`, 'D,W'],
  ['search', `which files (there) say ${W}`, 'T,W'],
  ['find', `where is ${F}`, 'F'],
  ['find', `locate ${F}`, 'F'],
  ['count', `how many files are in ${D}`, 'D'],
  ['count', `how many files are (there)`, 'T'],
  ['list', `what is in ${D}`, 'D'],
  ['list', `list ${D}`, 'D'],
  ['list', `what is (there)`, 'T'],
  ['create', `create ${F} in ${D}`, 'F,D'],
  ['create', `create ${F} (there)`, 'F,T'],
];

type Meaning = Record<string, string>;

function meaningOf(turns: readonly string[], turn: number): Meaning {
  const sentence = turns[turn]!;
  const before = (turns[turn - 1] ?? '').split(' ').reverse();
  const again = /^(?:the same for (\w+)|(\w+) too)$/.exec(sentence);
  if (again) {
    const thing = (again[1] ?? again[2])!;
    return { ...meaningOf(turns.slice(0, turn), turn - 1), [isFile(thing) ? 'F' : 'D']: thing };
  }
  for (const [intent, pattern, groups] of PATTERNS) {
    const found = new RegExp(`^${pattern}$`).exec(sentence);
    if (!found) continue;
    const meaning: Meaning = { intent };
    groups.split(',').forEach((letter, i) => (meaning[letter] = found[i + 1]!));
    if (meaning.F === 'it') meaning.F = before.find(isFile)!;
    if (meaning.T !== undefined) meaning.D = before.find(isDir)!;
    return meaning;
  }
  throw new Error(`no pattern for "${sentence}"`);
}

function clone({ cwd, parents, texts }: World): World {
  return { cwd, parents: new Map(parents), texts: new Map(texts) };
}

function filesIn(world: World, dir: string): string[] {
  const keys = [...world.texts.keys()].filter((key) => key.startsWith(`${dir}/`));
  return keys.map((key) => key.slice(dir.length + 1)).sort();
}

function holders(world: World, file: string): string[] {
  return ['root', ...world.parents.keys()]
    .filter((dir) => world.texts.has(`${dir}/${file}`))
    .sort();
}

const known = (world: World, dir: string): boolean => dir === 'root' || world.parents.has(dir);

interface Wanted {
  readonly world: World;
  readonly output: readonly string[] | null;
  /** The command that answers or finishes. */
  readonly last: string;
}

/** A request on the world: the file's key, what it says and where all of its name are. */
interface Asked {
  readonly m: Meaning;
  readonly world: World;
  readonly key: string;
  readonly place: string;
  readonly text: string;
  readonly places: readonly string[];
}

const LAST: Readonly<Record<string, string>> = {
  ...{ make: 'mv', move: 'mv', copy: 'cp', rename: 'mv', delete: 'rm', fill: 'write' },
  ...{ create: 'touch', read: 'cat', search: 'grep', find: 'find', count: 'count', list: 'ls' },
};

/** What is left to do when nothing is missing; returns the answer to a question. */
const RULES: Readonly<Record<string, (asked: Asked) => readonly string[] | null>> = {
  make: ({ m, world, key, text }) => {
    if (!known(world, m.N!)) world.parents.set(m.N!, m.P ?? world.cwd);
    return rekey(world, key, `${m.N!}/${m.F!}`, text);
  },
  move: ({ m, world, key, text }) => rekey(world, key, `${m.D!}/${m.F!}`, text),
  rename: ({ m, world, key, place, text }) => rekey(world, key, `${place}/${m.G!}`, text),
  copy: ({ m, world, text }) => rekey(world, '', `${m.D!}/${m.F!}`, text),
  fill: ({ m, world, key }) => rekey(world, key, key, m.W!),
  create: ({ m, world }) => {
    const made = `${m.D!}/${m.F!}`;
    return rekey(world, '', made, world.texts.get(made) ?? '');
  },
  delete: ({ world, key }) => {
    world.texts.delete(key);
    return null;
  },
  read: ({ text }) => (text === '' ? [] : [text]),
  search: ({ m, world }) =>
    filesIn(world, m.D!).filter((file) => world.texts.get(`${m.D!}/${file}`) === m.W),
  find: ({ places }) => places,
  count: ({ m, world }) => [`${filesIn(world, m.D!).length}`],
  list: ({ m, world }) => everythingIn(world, m.D!),
};

function rekey(world: World, from: string, to: string, text: string): null {
  world.texts.delete(from);
  world.texts.set(to, text);
  return null;
}

function everythingIn(world: World, dir: string): string[] {
  const below = [...world.parents].filter(([, parent]) => parent === dir).map(([name]) => name);
  return [...filesIn(world, dir), ...below].sort();
}

function firstMissing(world: World, m: Meaning): string | undefined {
  const { F, D: dir, P: parent, intent } = m;
  if (F !== undefined && intent !== 'create' && holders(world, F).length === 0) return F;
  return [dir, parent].find((name) => name !== undefined && !known(world, name));
}

function wantedOf(start: World, m: Meaning): Wanted {
  const world = clone(start);
  const missing = firstMissing(world, m);
  if (missing !== undefined) return { world, output: ['missing', missing], last: 'missing' };
  const places = m.F === undefined ? [] : holders(world, m.F);
  const place = [m.H ?? '', world.cwd].find((dir) => places.includes(dir)) ?? places[0] ?? '';
  const key = `${place}/${m.F ?? ''}`;
  const asked = { m, world, key, place, places, text: world.texts.get(key) ?? '' };
  return { world, output: RULES[m.intent!]!(asked), last: LAST[m.intent!]! };
}

interface Ran {
  readonly error?: readonly [string, number];
  readonly printed?: readonly string[];
}

const isPlace = (word: string): boolean => isFile(word) || isDir(word);

/** Command → what each argument must be. */
const TAKES: Readonly<Record<string, readonly ((word: string) => boolean)[]>> = {
  ...{ cd: [isDir], mkdir: [isDir], touch: [isFile], mv: [isFile, isPlace], cp: [isFile, isPlace] },
  ...{ rm: [isFile], write: [isFile, isWord], cat: [isFile], grep: [isWord, isDir] },
  ...{ find: [isFile], ls: [isDir], count: [isDir], missing: [isPlace] },
};

/** Why a call with arguments of the right kinds cannot be done. */
function obstacle(world: World, command: string, a: string, b: string): Ran['error'] {
  const held = world.texts.has(`${world.cwd}/${a}`);
  if (command === 'mkdir') return known(world, a) ? ['exists', 0] : undefined;
  if (['mv', 'cp', 'rm', 'cat', 'write'].includes(command) && !held) return ['absent', 0];
  if (['cd', 'ls', 'count'].includes(command) && !known(world, a)) return ['absent', 0];
  if (['mv', 'cp', 'grep'].includes(command) && isDir(b) && !known(world, b)) return ['absent', 1];
  return undefined;
}

/** One call on the world; `a` and `b` are its arguments. */
function run(world: World, command: string, a: string, b: string): Ran {
  const misfit = TAKES[command]!.findIndex((takes, i) => !takes([a, b][i]!));
  if (misfit >= 0) return { error: ['misfit', misfit] };
  const error = obstacle(world, command, a, b);
  if (error) return { error };
  const printed = print(world, command, a, b);
  if (printed) return { printed };
  change(world, command, a, b);
  return {};
}

function change(world: World, command: string, a: string, b: string): void {
  const here = `${world.cwd}/${a}`;
  const there = isFile(b) ? `${world.cwd}/${b}` : `${b}/${a}`;
  const text = world.texts.get(here) ?? '';
  if (command === 'cd') world.cwd = a;
  if (command === 'mkdir') world.parents.set(a, world.cwd);
  if (command === 'touch') world.texts.set(here, text);
  if (command === 'write') world.texts.set(here, b);
  if (command === 'rm') world.texts.delete(here);
  if (command === 'mv') rekey(world, here, there, text);
  if (command === 'cp') rekey(world, '', there, text);
}

function print(world: World, command: string, a: string, b: string): readonly string[] | undefined {
  if (command === 'cat') return [world.texts.get(`${world.cwd}/${a}`)!].filter((text) => text);
  if (command === 'find') return holders(world, a);
  if (command === 'count') return [`${filesIn(world, a).length}`];
  if (command === 'missing') return ['missing', a];
  if (command === 'ls') return everythingIn(world, a);
  if (command !== 'grep') return undefined;
  return filesIn(world, b).filter((file) => world.texts.get(`${b}/${file}`) === a);
}

function wellFormed(tokens: readonly string[]): boolean {
  if (![3, 6, 9, 12].includes(tokens.length)) return false;
  return tokens.every((word, i) => {
    const arity = TAKES[tokens[i - (i % 3)]!]?.length;
    if (arity === undefined || i % 3 === 0) return arity !== undefined;
    return i % 3 > arity ? word === '·' : isDir(word) || isFile(word) || isWord(word);
  });
}

function apart(a: World, b: World): number {
  let sum = 0;
  for (const [one, other] of [[a, b] as const, [b, a] as const]) {
    for (const [dir, parent] of one.parents) if (other.parents.get(dir) !== parent) sum += 2;
    for (const key of one.texts.keys()) if (!other.texts.has(key)) sum += 2;
  }
  for (const [key, text] of a.texts) if (b.texts.has(key) && b.texts.get(key) !== text) sum += 1;
  return sum;
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.join(' ') === b.join(' ');

/** Grades turn `earlier.length` after replaying the earlier attempts. */
export function oracleGrade(
  { tree, turns }: OracleInput,
  earlier: readonly (readonly string[])[],
  tokens: readonly string[],
): OracleVerdict {
  const world: World = {
    cwd: tree.cwd,
    parents: new Map(tree.dirs.map(({ name, parent }) => [name, parent])),
    texts: new Map(tree.files.map(({ name, dir, text }) => [`${dir}/${name}`, text])),
  };
  for (const attempt of earlier.filter(wellFormed)) {
    for (let i = 0; i < attempt.length; i += 3) {
      run(world, attempt[i]!, attempt[i + 1]!, attempt[i + 2]!);
    }
  }
  if (!wellFormed(tokens)) {
    return { valid: false, solved: false, quality: 0, marks: [], printed: [] };
  }
  return judge(world, wantedOf(world, meaningOf(turns, earlier.length)), tokens);
}

function judge(world: World, wanted: Wanted, tokens: readonly string[]): OracleVerdict {
  const asked = apart(world, wanted.world);
  const marks: (string | null)[] = [];
  const runs: (Ran & { readonly command: string })[] = [];
  for (let i = 0; i < tokens.length; i += 3) {
    const before = clone(world);
    const command = tokens[i]!;
    const ran = run(world, command, tokens[i + 1]!, tokens[i + 2]!);
    runs.push({ ...ran, command });
    const mark = command === 'cd' && !ran.error ? null : markOf(before, world, wanted, ran);
    const slot = [mark, mark, mark];
    if (ran.error) slot[1 + ran.error[1]] = told(world, ran.error, tokens.slice(i + 1, i + 3));
    marks.push(...slot);
  }
  const printed = runs.findLast((ran) => ran.printed)?.printed;
  const left = apart(world, wanted.world);
  const replied = !wanted.output || (printed !== undefined && same(printed, wanted.output));
  const solved = left === 0 && replied;
  const partial = wanted.output
    ? (left === 0 ? 0.25 : 0) + reply(runs, wanted)
    : Math.max(0, 1 - left / Math.max(asked, 1e-9));
  const smooth = runs.filter(({ error }) => !error).length / runs.length;
  const quality = solved ? 1 : 0.8 * partial + 0.1 * smooth;
  return { valid: true, solved, quality, marks, printed: printed ?? [] };
}

/** What stands under the word that is wrong: for a file that lies elsewhere, where. */
function told(
  world: World,
  [kind, argument]: readonly [string, number],
  args: readonly string[],
): string {
  const word = args[argument]!;
  return (kind === 'absent' && isFile(word) ? holders(world, word)[0] : undefined) ?? kind;
}

function markOf(before: World, after: World, { world, output }: Wanted, ran: Ran): string {
  if (ran.error) return '✗';
  if (ran.printed) return output ? (same(ran.printed, output) ? '✓' : '✗') : 'idle';
  if (apart(after, world) < apart(before, world)) return '✓';
  return apart(before, after) === 0 ? 'idle' : '✗';
}

function reply(
  runs: readonly (Ran & { readonly command: string })[],
  { output, last }: Wanted,
): number {
  if (runs.some(({ printed }) => printed && same(printed, output!))) return 0.75;
  return runs.some(({ command }) => command === last) ? 0.375 : 0;
}
