import { describe, expect, test } from 'vitest';
import { createRng } from '../base/rng.ts';
import { STRATEGIES } from '../schema/presets.ts';
import type { Task } from '../tasks/task.ts';
import { hardCompetitionArms, strategyArms } from './arms.ts';

/** An instance is the name of its split. */
const task: Task = {
  ...{ id: 'splits', label: 'Splits', summary: '', vocabulary: [], feedback: false },
  ...{ maxPromptTokens: 1, maxCompletionTokens: 1 },
  turns: () => 1,
  sample: (split) => split,
  prompt: () => [],
  grade: () => ({ quality: 0, solved: false, valid: true, feedback: [] }),
  demonstrate: () => [],
};

function drawn(from: Task | undefined, split: string): string[] {
  const rng = createRng(1);
  return Array.from({ length: 2000 }, () => JSON.stringify(from?.sample(split, rng)));
}

describe('arms', () => {
  test('of strategies are their values', () => {
    expect(strategyArms('grpo,exit')).toEqual([
      { name: 'grpo', values: STRATEGIES.grpo.values },
      { name: 'exit', values: STRATEGIES.exit.values },
    ]);
    expect(() => strategyArms('grpo,luck')).toThrow('--strategies: got "luck"');
  });

  test('of a hard competition train on it alone, and among the others', () => {
    const [alone, together] = hardCompetitionArms('hard', 'exit').map(({ adapt }) => adapt?.(task));
    expect(new Set(drawn(alone, 'train'))).toEqual(new Set(['"hard"']));
    const share = drawn(together, 'train').filter((name) => name === '"hard"').length / 2000;
    expect(share).toBeGreaterThan(0.01);
    expect(share).toBeLessThan(0.03);
    expect(new Set([...drawn(alone, 'test'), ...drawn(together, 'test')])).toEqual(
      new Set(['"test"']),
    );
  });
});
