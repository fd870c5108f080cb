import { describe, expect, test } from 'vitest';
import { STRATEGIES } from '../schema/presets.ts';
import { BUNDLE, EVALUATION, POLICY, RUN } from './bundle.testing.ts';
import { modelCard } from './model-card.ts';

const EXIT_RUN = { ...RUN, config: { ...RUN.config, ...STRATEGIES.exit.values } };

describe('model card', () => {
  const card = modelCard(POLICY, EXIT_RUN);

  test('begins with front matter that a hub reads', () => {
    const [, matter] = card.split('---\n');
    expect(matter?.split('\n')).toEqual(
      expect.arrayContaining(['license: mit', 'library_name: transformers', 'tags:', '  - grpo']),
    );
  });

  test('says what was trained, how and how long', () => {
    expect(card).toContain('# ExIt Lab: Locks, small (4 dials × 3), ExIt');
    expect(card).toContain('| seed | 1 |');
    expect(card).toContain('| steps | 12 of 32 groups × 8 completions |');
    expect(card).toContain('| backend | wasm |');
    expect(card).toContain('with 1 that changed while training ran');
  });

  test('counts the parameters that there are', () => {
    const count = BUNDLE.snapshot.weights.reduce((sum, { values }) => sum + values.length, 0);
    expect(card).toContain(
      `A Llama decoder of ${count} parameters (layers: 1, width: 8, heads: 2, words: 8)`,
    );
  });

  test('gives held-out figures with their intervals', () => {
    expect(card).toContain('After step 10, on 64 tasks never trained on, 1 chain each');
    const rows = card.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect(rows).toEqual([
      '| 0 | 0.300 ± 0.020 | 0.100 ± 0.020 | 0.350 ± 0.020 | 0.310 ± 0.020 |',
      '| 1 | 0.400 ± 0.020 | 0.200 ± 0.020 | 0.450 ± 0.020 | 0.410 ± 0.020 |',
      '| 2 | 0.500 ± 0.020 | 0.300 ± 0.020 | 0.550 ± 0.020 | 0.510 ± 0.020 |',
      '| 3 | 0.600 ± 0.020 | 0.400 ± 0.020 | 0.650 ± 0.020 | 0.610 ± 0.020 |',
    ]);
    expect(card).toContain('between k = 0 and k = 3, per hundred: 30.0 ± 4.5.');
  });

  test('takes the last of several evaluations', () => {
    const later = { ...EVALUATION, step: 20 };
    expect(modelCard(POLICY, { ...RUN, evaluations: [EVALUATION, later] })).toContain(
      'After step 20,',
    );
  });

  test('says so where nothing was measured, or no preset matches', () => {
    const config = { ...EXIT_RUN.config, diversityStrength: 0.9 };
    const bare = modelCard(POLICY, { ...EXIT_RUN, config, evaluations: [], marks: [] });
    expect(bare).toContain('None were measured.');
    expect(bare).toContain('| strategy | a strategy of its own |');
    expect(bare).not.toContain('changed while training ran');
  });

  test('tells how to load it, and what it is not', () => {
    expect(card).toContain('LlamaForCausalLM.from_pretrained(".")');
    expect(card).toContain('## Limitations');
  });

  test('weights alone claim no run', () => {
    const weights = modelCard(POLICY);
    expect(weights).toContain('# ExIt Lab: policy weights');
    expect(weights).not.toMatch(/run\.json|Held-out results|seed \|/);
  });
});
