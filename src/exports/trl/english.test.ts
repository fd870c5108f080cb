import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, type Config } from '../../schema/params.ts';
import { englishPrompts, type EnglishPrompt } from './english.ts';
import { createGrader, type GradeReply } from './grader.ts';

const locks: Config = { ...DEFAULT_CONFIG, task: 'locks', seed: 5 };
const take = (config: Config, split: string, count: number): EnglishPrompt[] => [
  ...englishPrompts(config, split, count),
];

describe('prompts in English', () => {
  it('are those of the seed and the split', () => {
    const texts = (rows: readonly EnglishPrompt[]): string[] =>
      rows.map((row) => JSON.stringify(row));
    const train = texts(take(locks, 'train', 8));
    expect(texts(take(locks, 'train', 8))).toEqual(train);
    expect(texts(take(locks, 'test', 8)).some((text) => train.includes(text))).toBe(false);
    expect(texts(take({ ...locks, seed: 6 }, 'train', 8))).not.toEqual(train);
  });

  it('have as many tasks that nothing solves as is asked', () => {
    const kinds = take({ ...locks, unsolvableShare: 1 }, 'train', 5).map(({ start }) => {
      return (start.instance as { kind?: string }).kind;
    });
    expect(kinds).toEqual(Array(5).fill('unsolvable'));
  });

  it('refuse a split and a domain that are not there', () => {
    expect(() => take(locks, 'unseen', 1)).toThrow(
      '--split: got "unseen", expected one of train, test',
    );
    const ensembles: Config = { ...locks, task: 'ensembles' };
    expect(() => take(ensembles, 'train', 1)).toThrow(
      'task: got "ensembles", expected one that is put in English',
    );
    expect(() => createGrader(ensembles, 'english')).toThrow('task: got "ensembles"');
  });
});

describe('grading in English', () => {
  const grade = createGrader(locks, 'english');
  const ask = (start: unknown, completion: string): Promise<GradeReply> =>
    grade('line 1', JSON.stringify({ start, completion }));

  it('opens a lock by revising what is told wrong', async () => {
    for (const row of take(locks, 'test', 20)) {
      let { start } = row;
      const setting = [0, 0, 0, 0];
      let reply = await ask(start, `Let me try **${setting.join(' ')}**.`);
      for (let tries = 0; tries < 2 && !reply.solved; tries++) {
        const { prompt, start: next } = reply.next!;
        expect(next.mode).toBe('improve');
        for (const [, dial, mark] of prompt.matchAll(/dial (\d) is (right|wrong)/gi)) {
          setting[+dial! - 1]! += Number(mark === 'wrong');
        }
        start = next;
        const before = reply.quality;
        reply = await ask(start, `dials: ${setting.join(', ')}`);
        expect(reply.quality).toBeGreaterThanOrEqual(before);
      }
      expect(reply).toMatchObject({ quality: 1, solved: true, valid: true });
    }
  });

  it('says of what cannot be read that it is malformed, with no start to improve on', async () => {
    const { start } = take(locks, 'test', 1)[0]!;
    const reply = await ask(start, 'I cannot say.');
    expect(reply).toMatchObject({ quality: 0, solved: false, valid: false });
    expect(reply.next).toBeUndefined();
  });
});
