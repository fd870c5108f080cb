import { beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../exit/buffer.ts';
import { parseExitState } from '../exit/parse-state.ts';
import { fromFiles, type RunBundle } from '../runs/bundle.ts';
import { decodeText } from '../runs/checks.ts';
import { newSession, trained } from '../runs/store/store.testing.ts';
import type { StepRecord } from '../schema/records.ts';
import { exportFiles } from '../training/export.ts';
import { isExportTarget, type ExportTargetId } from './target-names.ts';
import { exportTo } from './targets.ts';
import type { HistoryRow } from './task-space.ts';

let records: StepRecord[];
let bundle: RunBundle;
beforeAll(async () => {
  const session = await newSession();
  records = await trained(session, 6);
  bundle = fromFiles(await exportFiles(session, records));
  session.dispose();
});

async function exported(target: ExportTargetId, of = bundle): Promise<ReadonlyMap<string, string>> {
  const files = await exportTo(target, of);
  return new Map(files.map(({ path, bytes }) => [path, decodeText(path, bytes)]));
}

async function histories(of = bundle): Promise<HistoryRow[]> {
  const text = (await exported('task-space', of)).get('histories.jsonl')!;
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as HistoryRow);
}

describe('the task space', () => {
  it('has every history that a completion became, with what was read and written', async () => {
    const rows = await histories();
    const born = records.flatMap(({ step, groups }) =>
      groups.flatMap(({ start, prompt, completions }) =>
        completions
          .filter(({ insertedAs }) => insertedAs !== null)
          .map(({ insertedAs, tokens, feedback, quality }) => ({
            id: insertedAs,
            parent_id: start.historyId,
            depth: start.depth + 1,
            created_step: step,
            instance: JSON.stringify(start.instance),
            prompt: prompt.join(' '),
            attempt: tokens.join(' '),
            feedback: feedback.join(' '),
            quality,
          })),
      ),
    );
    expect(rows.length).toBeGreaterThan(12);
    expect(rows).toMatchObject(born);
  });

  it('has the scores of the buffer, and says of the others when they left', async () => {
    const rows = await histories();
    const { buffer } = parseExitState(bundle.run!.exitState);
    const there = rows.filter(({ left_step: left }) => left === null);
    expect(there.map(({ id, score }) => [id, score])).toEqual(
      entriesOf(buffer).map(({ id, score }) => [id, score]),
    );
    for (const { left_step: left, created_step: created } of rows) {
      if (left !== null) expect(left).toBeGreaterThanOrEqual(created);
    }
  });

  it('says in which steps a history was started from, and what was measured', async () => {
    const rows = await histories();
    const uses = records.flatMap(({ step, groups }) =>
      groups.flatMap(({ start, learnability }) =>
        start.historyId === null ? [] : [[start.historyId, step, learnability]],
      ),
    );
    expect(uses.length).toBeGreaterThan(0);
    const told = rows.flatMap(({ id, selected_steps: steps, learnabilities }) =>
      steps.map((step, i) => [id, step, learnabilities[i]]),
    );
    const sorted = (list: (number | undefined)[][]) => list.map(String).sort();
    expect(sorted(told)).toEqual(sorted(uses));
  });

  it('has what the buffer holds where the records do not go back so far', async () => {
    const { steps: _, ...rest } = bundle;
    const rows = await histories(rest);
    const { buffer } = parseExitState(bundle.run!.exitState);
    expect(rows.map(({ id, attempt, prompt }) => [id, attempt, prompt])).toEqual(
      entriesOf(buffer).map(({ id, history }) => [id, history.latest!.tokens.join(' '), null]),
    );
  });

  it('names the type of every column in its card, and of no other', async () => {
    const card = (await exported('task-space')).get('README.md')!;
    const named = [...card.matchAll(/^ {4}- name: (.*)$/gm)].map(([, name]) => name);
    const [row] = await histories();
    expect(named).toEqual(Object.keys(row!));
  });
});

it('holds what a generating program reads beside the model', async () => {
  const files = await exportedPaths('onnx');
  expect(files).toEqual([
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'generation_config.json',
    'onnx/model.onnx',
    'onnx/decoder_model.onnx',
    'README.md',
  ]);
});

async function exportedPaths(target: ExportTargetId): Promise<string[]> {
  return (await exportTo(target, bundle)).map(({ path }) => path);
}

it('has the rows of metrics as lines and as a table', async () => {
  const lines = (await exported('jsonl')).get('metrics.jsonl')!.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(bundle.rows);
  const table = (await exported('csv')).get('metrics.csv')!.trim().split('\n');
  expect(table.length).toBe(1 + bundle.rows.length);
});

it.each(['tensorboard', 'csv', 'jsonl', 'task-space'] as const)(
  'refuses %s of weights alone',
  async (target) => {
    const { snapshot, words } = bundle;
    await expect(exported(target, { snapshot, words, rows: [] })).rejects.toThrow(
      'run.json: is missing, and the target is made of a run: weights alone have no past',
    );
  },
);

it('knows its targets by their names alone', () => {
  expect(isExportTarget('onnx')).toBe(true);
  expect(isExportTarget('toString')).toBe(false);
});
