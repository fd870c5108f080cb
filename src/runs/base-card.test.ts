import { describe, expect, test } from 'vitest';
import type { DomainReport } from '../exit/revision-stats.ts';
import { baseCard, type BaseModelReport } from './base-card.ts';
import { EVALUATION, POLICY } from './bundle.testing.ts';

const HABITS = {
  wellFormed: { mean: 0.99, ci95: 0.001 },
  changesWrong: { mean: 0.6, ci95: 0.02 },
  changesRight: { mean: 0.1, ci95: 0.01 },
};

const PORTRAIT: DomainReport = {
  ...EVALUATION,
  task: 'locks',
  label: 'Locks',
  revisionStats: HABITS,
};

const STORY: BaseModelReport = {
  task: 'All domains, mixed',
  command: 'npm run pretrain -- --task mixture --size nano',
  seed: 1,
  steps: 8000,
  examples: 128,
  learningRate: 0.003,
  weights: { mixLocks: 0.4, mixCountdown: 1 },
  backend: 'wasm',
  temperature: 1,
  portraits: [PORTRAIT, { ...PORTRAIT, task: 'pipelines', label: 'Pipelines' }],
};

describe('card of a base policy', () => {
  const card = baseCard(POLICY, STORY);

  test('says what remakes it, of how many examples, by which weights and seed', () => {
    expect(card).toContain('| command | `npm run pretrain -- --task mixture --size nano` |');
    expect(card).toContain('8000 of 128 examples, 1,024,000 in all');
    expect(card).toContain('| weights of the domains | `mixLocks` 0.4, `mixCountdown` 1 |');
    expect(card).toContain('| seed | 1 |');
    expect(baseCard(POLICY, { ...STORY, weights: {} })).not.toContain('weights of the domains');
  });

  test('gives every domain a row of held-out figures at both ends', () => {
    expect(card).toContain(
      '| Locks | 64 | 0.100 ± 0.020 | 0.400 ± 0.020 | 0.300 ± 0.020 | 0.600 ± 0.020 | 30.0 ± 4.5 |',
    );
    expect(card).toContain('| Pipelines | 64 |');
  });

  test('says how often it changes what was wrong and what was right', () => {
    expect(card).toContain('| Locks | 0.990 ± 0.001 | 0.600 ± 0.020 | 0.100 ± 0.010 |');
  });

  test('says what a part is in each domain that was measured', () => {
    expect(card).toContain(
      'marks: a dial of a lock; the choice that a failed pipeline is blamed on',
    );
    expect(card).not.toContain('the whole attempt');
    const countdown = { ...PORTRAIT, task: 'countdown' };
    const [locks, silent] = [[PORTRAIT], [countdown]].map((portraits) => {
      return baseCard(POLICY, { ...STORY, portraits });
    });
    expect(locks).toContain('A part is what the feedback marks: a dial of a lock.\n\n');
    expect(silent).toContain(
      'In the same chains. Where it marks nothing, a part is the whole attempt.',
    );
  });

  test('tells how to load it, and what it is not', () => {
    expect(card).toContain('LlamaForCausalLM.from_pretrained(".")');
    expect(card).toContain('## Limitations');
  });
});
