import { describe, expect, test } from 'vitest';
import { createRng } from '../base/rng.ts';
import { TASKS } from './registry.ts';
import type { Task } from './task.ts';
import { warmStartExample, type WarmStartExample } from './warmstart.ts';

async function examples(task: Task, count: number): Promise<WarmStartExample[]> {
  const rng = createRng(7);
  const drawn: WarmStartExample[] = [];
  for (let i = 0; i < count; i++) drawn.push(await warmStartExample(task, rng));
  return drawn;
}

function shareOf(drawn: WarmStartExample[], event: (example: WarmStartExample) => boolean): number {
  return drawn.filter(event).length / drawn.length;
}

/** A conversation of three turns whose grade comes late; an attempt names its turn and depth. */
const CONVERSATION: Task<number> = {
  id: 'conversation',
  label: 'Conversation',
  summary: 'Three turns.',
  vocabulary: ['turn0', 'turn1', 'turn2', 'depth0', 'depth1', 'depth2', 'depth3', 'depth4'],
  maxPromptTokens: 1,
  maxCompletionTokens: 3,
  feedback: true,
  turns: () => 3,
  sample: () => 0,
  prompt: (_instance, { earlier }) => [`turn${earlier.length}`],
  grade: (_instance, _history, tokens) =>
    Promise.resolve({ quality: 0.5, solved: false, valid: true, feedback: tokens }),
  demonstrate: (_instance, { earlier, latest }) => [
    `turn${earlier.length}`,
    latest ? `depth${Number(latest.tokens[1]?.slice(-1)) + 1}` : 'depth0',
  ],
};

describe.each<Task>(TASKS)('warm start of $id', (task) => {
  test('asks for each mode as often as documented', async () => {
    const drawn = await examples(task, 6000);
    expect(Math.abs(shareOf(drawn, (e) => e.mode === 'solve') - 0.25)).toBeLessThan(0.02);
    expect(Math.abs(shareOf(drawn, (e) => e.mode === 'diverge') - 0.1875)).toBeLessThan(0.02);
  });

  test('solves from nothing, and improves or diverges from a graded attempt', async () => {
    for (const { instance, history, mode, prompt } of await examples(task, 500)) {
      expect(history.latest === undefined).toBe(mode === 'solve');
      expect(prompt).toEqual(task.prompt(instance, history, mode));
      if (!history.latest) continue;
      const { tokens } = history.latest;
      const { quality, feedback, cost } = await task.grade(instance, history, tokens);
      // Where attempts have a price, one that is known already is graded as such.
      if (cost !== undefined) continue;
      expect(history.latest).toMatchObject({ quality, feedback });
    }
  });

  test('completions are well-formed, and a few histories are not', async () => {
    const drawn = await examples(task, 3000);
    let broken = 0;
    for (const { instance, history, completion } of drawn) {
      expect((await task.grade(instance, history, completion)).valid).toBe(true);
      if (!history.latest) continue;
      if (!(await task.grade(instance, history, history.latest.tokens)).valid) broken++;
    }
    expect(broken / drawn.length).toBeGreaterThan(0.005);
    expect(broken / drawn.length).toBeLessThan(0.04);
  });

  test('the same seed gives the same examples', async () => {
    expect(await examples(task, 50)).toEqual(await examples(task, 50));
  });
});

describe('warm start of a conversation', () => {
  test('reaches every turn, with the final attempts of the turns before', async () => {
    const drawn = await examples(CONVERSATION, 1500);
    for (const turn of [0, 1, 2]) {
      const share = shareOf(drawn, ({ history }) => history.earlier.length === turn);
      expect(Math.abs(share - 1 / 3)).toBeLessThan(0.05);
    }
    const firstWords = drawn.map(({ completion }) => completion[0]);
    expect(firstWords).toEqual(drawn.map(({ history }) => `turn${history.earlier.length}`));
  });

  test('continues attempts of depth one to four, each as often', async () => {
    const drawn = (await examples(CONVERSATION, 4000)).filter(({ mode }) => mode !== 'solve');
    for (const depth of [1, 2, 3, 4]) {
      const share = shareOf(drawn, ({ completion }) => completion[1] === `depth${depth}`);
      expect(Math.abs(share - 0.25)).toBeLessThan(0.05);
    }
  });
});
