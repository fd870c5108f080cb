/** Problems small enough to know the answer of. */
import type { Attempt, History, Mode, Task, Token } from '../../tasks/task.ts';

/** A task, and the words that completions of it are made of. */
export interface Problem {
  readonly task: Task;
  readonly words: readonly Token[];
}

/** What opens the lock, one of three values per dial, and a serial number that nobody sees. */
export type Lock = readonly [number, number, number];

const VALUES = ['x', 'y', 'z'] as const;

/**
 * A lock with two dials. The prompt names the right value of the first; of the second nothing is known
 * but the marks of earlier attempts. Quality is the share of right dials, so that the best first
 * attempt is worth (1 + 1/3) / 2 = 2/3, and a revision of a wrong second dial (1 + 1/2) / 2 = 3/4.
 */
const twoDialsTask: Task<Lock> = {
  id: 'two-dials',
  label: 'Two dials',
  summary: 'Half of it can be read, the other half only found.',
  vocabulary: ['x', 'y', 'z', 'right', 'wrong', 'malformed', 'improve', 'diverge', 'solve'],
  maxPromptTokens: 6,
  maxCompletionTokens: 3,
  feedback: true,
  turns: () => 1,
  sample: (split, rng) => [
    rng.int(VALUES.length),
    rng.int(VALUES.length),
    rng.int(100) + (split === 'train' ? 0 : 100),
  ],
  prompt: ([first], { latest }, mode) => [VALUES[first]!, ...(latest ? shown(latest) : []), mode],
  grade: (lock, _, completion) => gradeDials(lock, completion),
  demonstrate: ([first, second]) => [VALUES[first]!, VALUES[second]!],
};

export const twoDials: Problem = { task: twoDialsTask, words: VALUES };

function gradeDials(lock: Lock, completion: readonly Token[]) {
  const valid = completion.length === 2 && completion.every(isValue);
  const marks = lock.slice(0, 2).map((value, i) => valid && completion[i] === VALUES[value]);
  const quality = marks.filter(Boolean).length / 2;
  const feedback = valid ? marks.map((isRight) => (isRight ? 'right' : 'wrong')) : ['malformed'];
  return { quality, solved: quality === 1, valid, feedback };
}

function isValue(token: Token): boolean {
  return VALUES.some((value) => value === token);
}

/** A malformed attempt shows as such, without its tokens. */
function shown({ tokens, feedback }: Attempt): readonly Token[] {
  return feedback[0] === 'malformed' ? feedback : [...tokens, ...feedback];
}

/** Two turns: say the number, then say it again together with what was said before. */
const echoTask: Task<number> = {
  id: 'echo',
  label: 'Echo',
  summary: 'A conversation of two turns (of one turn for the number 0).',
  vocabulary: ['0', '1', '2', 'turn', 'then', 'improve', 'diverge', 'solve'],
  maxPromptTokens: 16,
  maxCompletionTokens: 3,
  feedback: false,
  turns: (instance) => (instance === 0 ? 1 : 2),
  sample: (split, rng) => (split === 'test' ? 1 + rng.int(2) : rng.int(3)),
  prompt: (instance, history, mode) => echoPrompt(instance, history, mode),
  grade: async (instance, { earlier }, completion) => {
    const wanted = [String(instance), ...(earlier[0]?.tokens.slice(0, 1) ?? [])];
    const hits = wanted.filter((token, i) => completion[i] === token).length;
    const solved = completion.length === wanted.length && hits === wanted.length;
    return { quality: solved ? 1 : hits / 4, solved, valid: completion.length > 0, feedback: [] };
  },
  demonstrate: (instance) => [String(instance)],
};

export const echo: Problem = { task: echoTask, words: ['0', '1', '2'] };

function echoPrompt(instance: number, { earlier, latest }: History, mode: Mode): Token[] {
  const words = [...earlier, ...(latest ? [latest] : [])].flatMap(({ tokens }) => [
    'then',
    ...tokens.filter((token) => !token.startsWith('<')),
  ]);
  return ['turn', String(instance), ...words, mode];
}
