import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng, hashString } from '../base/rng.ts';
import { DEFAULT_CONFIG, type Config } from '../schema/params.ts';
import { MIXTURE } from './manifest.ts';
import { taskById, taskFor, TASKS } from './registry.ts';
import { EMPTY_HISTORY, MODES, type Grade, type History, type Json, type Task } from './task.ts';
import { withUnevenTasks } from './uneven.ts';
import { warmStartExample } from './warmstart.ts';

const IDS = [...TASKS.map(({ id }) => id), MIXTURE.id] as Config['task'][];

function unevenTask(task: Config['task'], change: Partial<Config>): Task {
  const config: Config = { ...DEFAULT_CONFIG, task, ...change };
  return taskFor(config, () => config);
}

const MIXED_KINDS = { unsolvableShare: 0.45, trivialShare: 0.35 };

function kindsOf(task: Task, instances: readonly Json[]): Record<string, number> {
  const counts = { normal: 0, unsolvable: 0, trivial: 0 };
  for (const instance of instances) counts[task.kindOf!(instance)]++;
  return counts;
}

function drawn(task: Task, split: string, count: number, seed = 5): Json[] {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => task.sample(split, rng));
}

/** Four standard deviations of a share of `n` draws. */
function bound(p: number, n: number): number {
  return 4 * Math.sqrt((p * (1 - p)) / n);
}

/** Drawn before there were uneven task spaces, as the hash of 80 training and 40 test instances. */
const EVEN_DRAWS = [
  ['locks', 0, 1304890949, 0.5193359037534481],
  ['locks', 7, -365443862, 0.7225442317520232],
  ['locks-large', 0, -1491192826, 0.461939633473492],
  ['locks-large', 7, -764392504, 0.5807231143475319],
  ['countdown', 0, 263465710, 0.6855379909634379],
  ['countdown', 7, -369484325, 0.2143157122157977],
  ['countdown-large', 0, -549673368, 0.9338456577341789],
  ['countdown-large', 7, -282899717, 0.5470095207398781],
  ['workspace', 0, 71894882, 0.7941905406659543],
  ['workspace', 7, 296123599, 0.4378022985923069],
  ['pipelines', 0, -92950259, 0.7930537632300565],
  ['pipelines', 7, 1772643720, 0.7930537632300565],
  ['mixture', 0, 929165391, 0.6876058441348946],
  ['mixture', 7, -1942416968, 0.8070099626176741],
] as const;

describe('an even task space', () => {
  test.each(EVEN_DRAWS)(
    'draws %s with %i base tasks as it always did, and leaves the stream there',
    (id, trainTasks, hash, next) => {
      const task = unevenTask(id, { trainTasks });
      const rng = createRng(7);
      const instances = Array.from({ length: 120 }, (_, i) =>
        task.sample(i % 3 === 2 ? 'test' : 'train', rng),
      );
      expect(hashString(JSON.stringify(instances))).toBe(hash);
      expect(rng.next()).toBe(next);
    },
  );
});

describe.each(IDS)('uneven %s', (id) => {
  const task = unevenTask(id, MIXED_KINDS);
  const even = unevenTask(id, {});

  test('has the shares asked for among its training tasks', () => {
    const n = 1000;
    const { unsolvable, trivial } = kindsOf(task, drawn(task, 'train', n));
    expect(Math.abs(unsolvable! / n - 0.45)).toBeLessThan(bound(0.45, n));
    expect(Math.abs(trivial! / n - 0.35)).toBeLessThan(bound(0.35, n));
  });

  test('may be of one kind only', () => {
    const all = (change: Partial<Config>) =>
      kindsOf(task, drawn(unevenTask(id, change), 'train', 50));
    expect(all({ unsolvableShare: 1 })).toEqual({ normal: 0, unsolvable: 50, trivial: 0 });
    expect(all({ trivialShare: 1 })).toEqual({ normal: 0, unsolvable: 0, trivial: 50 });
    expect(all({})).toEqual({ normal: 50, unsolvable: 0, trivial: 0 });
  });

  test('leaves every held-out split as it is, and keeps it apart from training', () => {
    const splits = task.heldOut?.map((split) => split.id) ?? ['test'];
    const trained = new Set(drawn(task, 'train', 400).map(withoutKind));
    for (const split of splits) {
      const held = drawn(task, split, 60);
      expect(held).toEqual(drawn(even, split, 60));
      expect(kindsOf(task, held).normal).toBe(60);
      expect(held.filter((instance) => trained.has(withoutKind(instance)))).toEqual([]);
    }
  });

  test('holds its shares within a few base tasks, each of which stays what it is', () => {
    const few = unevenTask(id, { ...MIXED_KINDS, trainTasks: 20 });
    const distinct = new Map<string, Json>();
    for (const instance of drawn(few, 'train', 600)) {
      distinct.set(JSON.stringify(instance), instance);
    }
    expect(kindsOf(few, [...distinct.values()])).toEqual({ normal: 4, unsolvable: 9, trivial: 7 });
  });

  test('instances are plain JSON', () => {
    for (const instance of drawn(task, 'train', 50)) {
      expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
    }
  });

  test('warm-starts on normal instances as long as there are any', async () => {
    const rng = createRng(3);
    const kindOfExample = async (from: Task): Promise<string> =>
      from.kindOf!((await warmStartExample(from, rng)).instance);
    for (let i = 0; i < 40; i++) expect(await kindOfExample(task)).toBe('normal');
    expect(await kindOfExample(unevenTask(id, { unsolvableShare: 1 }))).toBe('unsolvable');
  });
});

function withoutKind(instance: Json): string {
  return JSON.stringify(instance, (key, value: unknown) => (key === 'kind' ? undefined : value));
}

describe('uneven tasks', () => {
  test('follow shares that change while they are used', () => {
    const shares = { unsolvable: 0, trivial: 0 };
    const task = withUnevenTasks(taskById('locks'), () => shares);
    const rng = createRng(1);
    const kind = () => task.kindOf!(task.sample('train', rng));
    expect(kind()).toBe('normal');
    Object.assign(shares, { unsolvable: 1 });
    expect(kind()).toBe('unsolvable');
    Object.assign(shares, { unsolvable: 0, trivial: 1 });
    expect(kind()).toBe('trivial');
  });

  test('are what they were where the domain has no such kinds', () => {
    const plain = { ...taskById('locks') };
    for (const hook of ['unsolvable', 'trivial', 'kindOf']) Reflect.deleteProperty(plain, hook);
    const task = withUnevenTasks(plain, () => ({ unsolvable: 0.5, trivial: 0.5 }));
    const [lock] = drawn(task, 'train', 1);
    expect(lock).toEqual(drawn(plain, 'train', 1)[0]);
  });
});

const DOMAINS = TASKS.map(({ id }): [string, Task] => [id, taskById(id)]);

async function attempted(task: Task, instance: Json, history: History, tokens: readonly string[]) {
  const { feedback, quality } = await task.grade(instance, history, tokens);
  return { tokens, feedback, quality };
}

/** Demonstrations, words of the vocabulary in any order, and the two put together. */
function anyCompletion(task: Task, instance: Json): fc.Arbitrary<readonly string[]> {
  const shown = fc
    .tuple(fc.integer(), fc.constantFrom(...MODES))
    .map(([seed, mode]) => task.demonstrate(instance, EMPTY_HISTORY, mode, createRng(seed)));
  const any = fc.array(fc.constantFrom(...task.vocabulary), { maxLength: 12 });
  const cut = fc.tuple(shown, fc.nat(20)).map(([words, at]) => words.slice(0, at));
  return fc.oneof({ weight: 4, arbitrary: shown }, cut, any);
}

describe.each(DOMAINS)('an uneven instance of %s', (_id, task) => {
  const rng = createRng(17);
  const normal = task.sample('train', rng);
  const unsolvable = task.unsolvable!(normal, rng);
  const trivial = task.trivial!(normal, rng);

  test('knows its kind', () => {
    expect([normal, unsolvable, trivial].map((instance) => task.kindOf!(instance))).toEqual([
      'normal',
      'unsolvable',
      'trivial',
    ]);
  });

  test('pays every well-formed attempt at every turn alike', async () => {
    for (let turn = 0; turn < task.turns(normal); turn++) {
      const first = task.demonstrate(normal, EMPTY_HISTORY, 'solve', rng);
      const one = await attempted(task, normal, EMPTY_HISTORY, first);
      const history: History = { earlier: Array.from({ length: turn }, () => one) };
      await fc.assert(
        fc.asyncProperty(anyCompletion(task, normal), async (tokens) => {
          const as = (instance: Json) => task.grade(instance, history, tokens);
          const [plain, none, all] = [await as(normal), await as(unsolvable), await as(trivial)];
          expect(verdictOf(none)).toEqual({ quality: 0, solved: false, valid: plain.valid });
          const paid = plain.valid ? 1 : 0;
          expect(verdictOf(all)).toEqual({
            quality: paid,
            solved: plain.valid,
            valid: plain.valid,
          });
          for (const { feedback } of [none, all]) {
            expect(feedback).toHaveLength(plain.feedback.length);
            expect(feedback.filter((word) => !task.vocabulary.includes(word))).toEqual([]);
          }
        }),
        { numRuns: 40 },
      );
    }
  });

  test('can be asked, shown, continued and keyed like any other', async () => {
    for (const instance of [unsolvable, trivial]) {
      const first = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const latest = await attempted(task, instance, EMPTY_HISTORY, first);
      for (const mode of MODES) {
        const history = { earlier: [], latest };
        const words = task.demonstrate(instance, history, mode, rng);
        expect((await task.grade(instance, history, words)).valid).toBe(true);
        expect(task.prompt(instance, history, mode)).toHaveLength(task.maxPromptTokens);
        const plain = JSON.parse(withoutKind(instance)) as Json;
        expect(task.solutionKey?.(instance, words)).toBe(task.solutionKey?.(plain, words));
      }
    }
  });

  test('is read back as it was written', () => {
    for (const instance of [normal, unsolvable, trivial]) {
      expect(task.parse!(task.format!(instance))).toEqual(instance);
    }
    expect(task.format!(unsolvable)).toMatch(/\([a-z ]+\)$/);
  });
});

function verdictOf({ quality, solved, valid }: Grade): Omit<Grade, 'feedback'> {
  return { quality, solved, valid };
}

describe('nothing in the prompt gives an uneven instance away', () => {
  const hidden = DOMAINS.filter(([id]) => !id.startsWith('countdown'));

  test.each(hidden)('%s asks with the very words of the instance it was made of', (_id, task) => {
    const rng = createRng(23);
    for (let i = 0; i < 50; i++) {
      const normal = task.sample('train', rng);
      for (const instance of [task.unsolvable!(normal, rng), task.trivial!(normal, rng)]) {
        for (const mode of MODES) {
          const asked = task.prompt(normal, EMPTY_HISTORY, mode);
          expect(task.prompt(instance, EMPTY_HISTORY, mode)).toEqual(asked);
        }
      }
    }
  });

  test('and the first attempt at a lock, wrong or right in all, is one that other locks answer so', () => {
    const task = taskById('locks');
    const rng = createRng(2);
    const normal = task.sample('train', rng);
    const answers = (instance: Json) =>
      [0, 1, 2].map((value) => {
        const tokens = Array<string>(4).fill(`v${value}`);
        return (task.grade(instance, EMPTY_HISTORY, tokens) as Grade).feedback.join(' ');
      });
    expect(new Set(answers(task.unsolvable!(normal, rng)))).toEqual(new Set(['✗ ✗ ✗ ✗ s0']));
    expect(new Set(answers(task.trivial!(normal, rng)))).toEqual(new Set(['✓ ✓ ✓ ✓ s7']));
  });
});
