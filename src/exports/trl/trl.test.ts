import { beforeAll, describe, expect, it } from 'vitest';
import { entriesOf } from '../../exit/buffer.ts';
import { parseExitState } from '../../exit/parse-state.ts';
import { fromFiles, type RunBundle } from '../../runs/bundle.ts';
import { newSession, trained } from '../../runs/store/store.testing.ts';
import { DEFAULT_CONFIG } from '../../schema/params.ts';
import type { StartRecord, StepRecord } from '../../schema/records.ts';
import { exportFiles } from '../../training/export.ts';
import { createGrader, createStartReader } from './grader.ts';
import type { GradedStart } from './start.ts';
import { trlFiles } from './trl.ts';

let records: StepRecord[];
let bundle: RunBundle;
beforeAll(async () => {
  const session = await newSession();
  records = await trained(session, 3);
  bundle = fromFiles(await exportFiles(session, records));
  session.dispose();
});

function startOf({ instance, earlier, latest, mode }: StartRecord): GradedStart {
  return { instance, history: latest ? { earlier, latest } : { earlier }, mode };
}

describe('grading for a trainer elsewhere', () => {
  it('pays each completion what the run paid it', async () => {
    const grade = createGrader(bundle.run!.config);
    let improved = 0;
    for (const { start, completions } of records.flatMap(({ groups }) => groups)) {
      improved += Number(start.mode === 'improve');
      for (const { tokens, reward, quality, solved, valid, feedback } of completions) {
        const request = { start: startOf(start), completion: tokens.join(' ') };
        const reply = await grade('line 1', JSON.stringify(request));
        expect(reply).toEqual({ reward, quality, solved, valid, feedback: feedback.join(' ') });
      }
    }
    expect(improved).toBeGreaterThan(0);
  });

  const config = { ...DEFAULT_CONFIG, task: 'countdown' } as const;
  const instance = { numbers: [1, 2, 3], target: 6 };
  const start = { instance, history: { earlier: [] }, mode: 'solve' };

  it('takes a start as JSON text too', async () => {
    const grade = createGrader(config);
    const request = { completion: '1 + 2 = 3 ; 3 + 3 = 6' };
    const reply = await grade('line 1', JSON.stringify({ ...request, start }));
    expect(reply).toMatchObject({ quality: 1, reward: 1, solved: true, valid: true });
    const asText = JSON.stringify({ ...request, start: JSON.stringify(start) });
    expect(await grade('line 1', asText)).toEqual(reply);
  });

  it.each([
    ['no JSON', 'line 7: is not JSON: '],
    ['[]', 'line 7: got [], expected a JSON object'],
    [JSON.stringify({ start }), 'line 7: completion: got nothing, expected words between spaces'],
    [
      JSON.stringify({ start: { ...start, mode: 'try' }, completion: '' }),
      'line 7: start: mode: got "try", expected one of solve, improve, diverge',
    ],
    [
      JSON.stringify({ start: { ...start, instance: { numbers: 1 } }, completion: '' }),
      'line 7: start.instance: got {"numbers":1}, expected a base task of countdown',
    ],
    [
      JSON.stringify({
        start: { ...start, history: { earlier: [{ tokens: [], feedback: [], quality: 0 }] } },
        completion: '',
      }),
      'line 7: start.history.earlier: got 1 turns, expected less than 1',
    ],
    [
      JSON.stringify({
        start: {
          ...start,
          history: { earlier: [], latest: { tokens: [], feedback: [], quality: 2 } },
        },
        completion: '',
      }),
      'line 7: start: history.latest.quality: got 2, expected 0 to 1',
    ],
  ])('refuses %s', async (line, message) => {
    await expect(createGrader(config)('line 7', line)).rejects.toThrow(message);
  });
});

describe('an export for TRL', () => {
  const fileOf = (path: string): string => {
    const file = trlFiles(bundle, bundle.run!).find((one) => one.path === path);
    return new TextDecoder().decode(file!.bytes);
  };

  it('has a prompt for each history of the buffer, and base tasks behind them', async () => {
    const rows = fileOf('prompts.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const entries = entriesOf(parseExitState(bundle.run!.exitState).buffer);
    const histories = rows.slice(0, entries.length);
    expect(histories.map((row) => [row['history_id'], row['score'], row['depth']])).toEqual(
      entries.map(({ id, score, depth }) => [id, score, depth]),
    );
    expect(rows.slice(entries.length).every((row) => row['history_id'] === null)).toBe(true);
    expect(rows.length).toBe(entries.length + 512);
    const known = new Set(bundle.words);
    const grade = createGrader(bundle.run!.config);
    for (const { prompt, start } of rows) {
      expect(
        String(prompt)
          .split(' ')
          .filter((word) => !known.has(word)),
      ).toEqual([]);
      await grade('a row', JSON.stringify({ start, completion: '' }));
    }
  });

  it("has the run's parameters under TRL's names", () => {
    const { config } = bundle.run!;
    expect(JSON.parse(fileOf('settings.json'))).toMatchObject({
      grade: { task: config.task },
      grpo: { num_generations: config.groupSize, beta: config.klBeta, loss_type: config.lossType },
    });
  });
});

describe('the starts of an export, in English', () => {
  it('are those of the run, with their scores', () => {
    const { config } = bundle.run!;
    const text = (path: string): string => {
      const file = trlFiles(bundle, bundle.run!).find((one) => one.path === path);
      return new TextDecoder().decode(file!.bytes);
    };
    const lines = text('prompts.jsonl').trim().split('\n');
    const read = createStartReader(config);
    const rows = lines.map((line, i) => read(`line ${i + 1}`, line));
    const entries = entriesOf(parseExitState(bundle.run!.exitState).buffer);
    expect(rows.slice(0, entries.length).map(({ score }) => score)).toEqual(
      entries.map(({ score }) => score),
    );
    expect(rows[entries.length]!.history_id).toBeNull();
    const improving = rows.find(({ start }) => start.mode === 'improve')!;
    expect(improving.prompt).toMatch(/[Dd]ial \d+ is (right|wrong)/);
    const [first] = lines;
    const negative = JSON.stringify({ ...(JSON.parse(first!) as object), score: -1 });
    expect(() => read('line 1', negative)).toThrow(
      'line 1: score: got -1, expected a number of at least 0',
    );
  });
});
