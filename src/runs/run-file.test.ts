import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arbitraryConfig } from '../schema/arbitrary.testing.ts';
import { defaultsOf } from '../schema/migrate.ts';
import { PARAMS } from '../schema/params.ts';
import { EVALUATION, RUN } from './bundle.testing.ts';
import { RunFormatError } from './checks.ts';
import { readRun, writeRun } from './run-file.ts';

/** The test run's file with some fields changed. */
function fileWith(changes: object): string {
  return JSON.stringify({ ...(JSON.parse(writeRun(RUN)) as object), ...changes });
}

describe('run.json', () => {
  test('comes back, with the files it requires', () => {
    expect(readRun(writeRun(RUN, ['metrics.jsonl']))).toEqual({
      content: RUN,
      requires: ['metrics.jsonl'],
    });
  });

  test('any configuration and any state come back', () => {
    fc.assert(
      fc.property(arbitraryConfig(), fc.jsonValue(), (config, exitState) => {
        const { content } = readRun(writeRun({ ...RUN, config, exitState }));
        expect(content).toEqual(JSON.parse(JSON.stringify({ ...RUN, config, exitState })));
      }),
    );
  });

  test('a parameter that came after the run has its default of then', () => {
    const { learningRate: _, ...older } = RUN.config;
    expect(readRun(fileWith({ config: older })).content.config).toEqual({
      ...RUN.config,
      learningRate: defaultsOf(0).learningRate,
    });
  });

  test('does not need to say what it requires', () => {
    expect(readRun(fileWith({ requires: undefined })).requires).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['another format', { format: 'notebook' }, 'format: got "notebook", expected "exit-lab-run"'],
    [
      'a later version',
      { version: 2 },
      'version: got 2, expected 1, the version that this program reads',
    ],
    [
      'an unknown parameter',
      { config: { ...RUN.config, sed: 1 } },
      'config.sed: got 1, expected the name of a parameter',
    ],
    [
      'a value out of range',
      { config: { ...RUN.config, clipLow: 7 } },
      'config.clipLow: got 7, expected a number from 0 to 1',
    ],
    [
      'a task that there is not',
      { config: { ...RUN.config, task: 'chess' } },
      `config.task: got "chess", expected one of ${Object.keys(PARAMS.task.options).join(', ')}`,
    ],
    [
      'values that do not fit together',
      { config: { ...RUN.config, hiddenSize: 9 } },
      'config.hiddenSize: got 9, expected a multiple of twice numHeads (4)',
    ],
    [
      'several at once',
      { config: { ...RUN.config, topK: -1, topP: 2 } },
      'config.topP: got 2, expected a number from 0.05 to 1; config.topK: got -1, expected',
    ],
    ['no configuration', { config: null }, 'config: got null, expected parameter values by name'],
    ['a negative step', { step: -1 }, 'step: got -1, expected a whole number of at least 0'],
    [
      'marks that are no list',
      { marks: {} },
      'marks: got {}, expected a list of changes of parameters',
    ],
    [
      'a mark of no parameter',
      { marks: [{ step: 1, param: 'x', from: 1, to: 2 }] },
      'marks.0.param: got "x", expected the name of a parameter',
    ],
    [
      'a mark out of range',
      { marks: [{ step: 1, param: 'clipLow', from: 0.1, to: 2 }] },
      'marks.0.to: got 2, expected a number from 0 to 1',
    ],
    [
      'an evaluation that lacks a field',
      { evaluations: [{ ...EVALUATION, distinct: undefined }] },
      'evaluations.0.distinct: got nothing, expected',
    ],
    [
      'an estimate that is none',
      { evaluations: [{ ...EVALUATION, distinct: 3 }] },
      'evaluations.0.distinct: got 3, expected a mean and its interval',
    ],
    [
      'too few estimates',
      { evaluations: [{ ...EVALUATION, depth: 5 }] },
      'evaluations.0.quality: got 4 estimates, expected 6, one more than depth',
    ],
    [
      'a mark from the future',
      { marks: [{ ...RUN.marks[0], step: 14 }] },
      'marks.0.step: got 14, expected 1 to 13: steps rise, and none is to come',
    ],
    [
      'an evaluation from the future',
      { evaluations: [{ ...EVALUATION, step: 13 }] },
      'evaluations.0.step: got 13, expected 0 to 12',
    ],
    [
      'evaluations in another order',
      { evaluations: [EVALUATION, { ...EVALUATION, step: 9 }] },
      'evaluations.1.step: got 9, expected 10 to 12',
    ],
    [
      'a quality above 1',
      { evaluations: [{ ...EVALUATION, distinct: { mean: 1.5, ci95: 0 } }] },
      'evaluations.0.distinct.mean: got 1.5, expected 0 to 1',
    ],
    [
      'an interval below 0',
      { evaluations: [{ ...EVALUATION, netCorrections: { mean: -99, ci95: -1 } }] },
      'evaluations.0.netCorrections.ci95: got -1, expected at least 0',
    ],
    [
      'a part of an evaluation out of range',
      { evaluations: [{ ...EVALUATION, parts: [{ ...EVALUATION, task: 'locks', tasks: 2e6 }] }] },
      'evaluations.0.parts.0.tasks: got 2000000, expected 0 to 1000000',
    ],
    [
      'a step beyond counting',
      { step: 1e13 },
      'step: got 10000000000000, expected at most 1000000000000',
    ],
    [
      'a state of another step',
      { exitState: { step: 11 } },
      'exitState.step: got 11, expected 12, the step of the run',
    ],
    ['no backend', { backend: 1 }, 'backend: got 1, expected the name of a backend'],
  ])('%s is refused', (_what, changes, message) => {
    const read = (): unknown => readRun(fileWith(changes));
    expect(read).toThrow(RunFormatError);
    expect(read).toThrow(`run.json: ${message}`);
  });

  test('what is not JSON is refused', () => {
    expect(() => readRun(writeRun(RUN).slice(0, 100))).toThrow('run.json: is not JSON: ');
  });
});
