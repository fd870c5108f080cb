/** Any run that training can come to, for properties. */
import fc from 'fast-check';
import { arbitraryConfig } from '../schema/arbitrary.testing.ts';
import type { RunBundle } from './bundle.ts';
import { BUNDLE, EVALUATION, POLICY, RUN, tensorsOf } from './bundle.testing.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0);
const estimate = fc.record({ mean: share, ci95: fc.double({ min: 0, max: 9, noNaN: true }) });

/** Runs at any step, with evaluations and marks on the way, whatever the numbers are. */
export const RUNS: fc.Arbitrary<RunBundle> = fc
  .record({
    step: fc.nat(500),
    config: arbitraryConfig(),
    at: fc.array(fc.nat(500), { maxLength: 3 }).map((list) => list.sort((a, b) => a - b)),
    estimates: fc.array(estimate, { minLength: 4, maxLength: 4 }),
    loss: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
    squares: fc.double({ min: 0, max: 1e30, noNaN: true }).map(Math.fround),
  })
  .map(({ step, config, at, estimates, loss, squares }) => {
    const { hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings } = RUN.config;
    const shape = { hiddenSize, numLayers, numHeads, intermediateSize, tieEmbeddings };
    const [mark] = RUN.marks;
    const v = tensorsOf(POLICY, 'v').map((one) => ({ ...one, values: one.values.fill(squares) }));
    return {
      ...BUNDLE,
      snapshot: { ...BUNDLE.snapshot, optimizer: { ...BUNDLE.snapshot.optimizer!, v } },
      rows: step === 0 ? [] : [{ step, loss }],
      run: {
        ...RUN,
        config: { ...config, ...shape },
        step,
        marks: at.map((one) => ({ ...mark!, step: 1 + Math.min(one, step) })),
        evaluations: at.map((one) => ({
          ...EVALUATION,
          step: Math.min(one, step),
          ...{ quality: estimates, resampleSolved: estimates, distinct: estimates[0]! },
        })),
      },
    };
  });
