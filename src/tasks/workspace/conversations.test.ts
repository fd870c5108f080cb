import { describe, expect, test } from 'vitest';
import { createRng, hashString } from '../../base/rng.ts';
import { agree, grade, playSome, randomAttempt, SPLITS, task } from './attempts.testing.ts';
import { attemptWords } from './calls.ts';
import { goalOf } from './goal.ts';
import { combination, isHeldOut, type Conversation } from './instance.ts';
import { INTENTS, PHRASINGS, SAME_PHRASINGS, understand } from './language.ts';
import { oracleGrade } from './oracle.testing.ts';
import { endOf, plan } from './plan.ts';
import { replay } from './replay.ts';
import { ROOT } from './vocabulary.ts';
import { createWorkspace } from './workspace.ts';

describe('conversations', () => {
  const drawn = (split: string, count: number): Conversation[] => {
    const rng = createRng(9);
    return Array.from({ length: count }, () => task.sample(split, rng));
  };
  const combinations = (split: string): Set<string> =>
    new Set(
      drawn(split, 1000).flatMap((instance) =>
        instance.turns.map((_, turn) => combination(instance, understand(instance.turns, turn))),
      ),
    );

  test('no combination of training is in a held-out split', () => {
    expect([...combinations('train')].filter(isHeldOut)).toEqual([]);
    for (const split of ['test', 'long']) {
      const held = [...combinations(split)];
      expect(held.length).toBeGreaterThan(400);
      expect(held.every(isHeldOut)).toBe(true);
    }
  });

  test('have two or three turns, and four in the long split', () => {
    const lengths = (split: string): number[] =>
      [...new Set(drawn(split, 200).map((instance) => task.turns(instance)))].sort();
    expect(lengths('train')).toEqual([2, 3]);
    expect(lengths('test')).toEqual([2, 3]);
    expect(lengths('long')).toEqual([4]);
    expect(task.heldOut!.map(({ id }) => id)).toEqual(['test', 'long']);
    expect(() => task.sample('valid', createRng(1))).toThrow(/split: got "valid"/);
  });

  test('cover every phrasing of every intent, references, missing things and wrong beliefs', () => {
    const instances = drawn('train', 3000);
    const sentences = instances.flatMap(({ turns }) => turns);
    const phrasings = [...INTENTS.flatMap((intent) => PHRASINGS[intent]), ...SAME_PHRASINGS];
    for (const phrasing of phrasings) {
      const pattern = new RegExp(`^${phrasing.replace(/\{\w+\}/g, '\\w+')}$`);
      expect(sentences.filter((sentence) => pattern.test(sentence)).length).toBeGreaterThan(4);
    }
    const later = instances.flatMap(({ turns }) => turns.slice(1));
    const referring = later.filter((sentence) =>
      /\b(it|too|same)\b|are there|is there/.test(sentence),
    );
    expect(referring.length / later.length).toBeGreaterThan(0.25);
    const first = instances.map((instance) => goalOf(instance.tree, understand(instance.turns, 0)));
    const missing = first.filter(({ output }) => output?.[0] === 'missing').length / first.length;
    expect(missing).toBeGreaterThan(0.03);
    expect(missing).toBeLessThan(0.15);
  });

  describe('of two to six turns, half of whose requests cannot be met', () => {
    const conversations = { absentShare: 0.5, mostTurns: 6 };
    const longer = createWorkspace({ id: 'w', label: '', summary: '', conversations });
    const sampled = (split: string, count: number): Conversation[] => {
      const rng = createRng(10);
      return Array.from({ length: count }, () => longer.sample(split, rng));
    };

    test('have as many turns, and one more in the long split, which says so', () => {
      const lengths = (split: string): number[] =>
        [...new Set(sampled(split, 150).map((instance) => longer.turns(instance)))].sort();
      expect(lengths('train')).toEqual([2, 3, 4, 5, 6]);
      expect(lengths('test')).toEqual([2, 3, 4, 5, 6]);
      expect(lengths('long')).toEqual([7]);
      expect(longer.heldOut![1]).toMatchObject({
        label: 'seven turns',
        summary: 'Unseen combinations in conversations of seven turns; training has two to six.',
      });
      expect(task.heldOut![1]!.summary).toMatch(/of four turns; training has two or three\.$/);
    });

    test('can be met or not as the listing shows, in every intent and combinations of the split', () => {
      const intents = new Set<string>();
      let [turns, absent] = [0, 0];
      for (const split of ['train', 'test']) {
        for (const instance of sampled(split, 150)) {
          let tree = instance.tree;
          instance.turns.forEach((_, turn) => {
            const request = understand(instance.turns, turn);
            expect(isHeldOut(combination(instance, request))).toBe(split !== 'train');
            const goal = goalOf(tree, request);
            turns++;
            if (goal.absent !== undefined) {
              absent++;
              intents.add(request.intent);
              expect(goal.output).toEqual(['missing', goal.absent]);
              const names = tree.files.map(({ name }) => name);
              const dirs = [ROOT, ...tree.dirs.map(({ name }) => name)];
              expect([...names, ...dirs]).not.toContain(goal.absent);
            }
            tree = { ...goal.tree, cwd: endOf(tree, plan(tree, request)) };
          });
        }
      }
      // One half, and one in twelve of the rest.
      expect(absent / turns).toBeGreaterThan(0.48);
      expect(absent / turns).toBeLessThan(0.6);
      expect([...intents].sort()).toEqual([...INTENTS].sort());
    });

    test('are graded as the oracle grades them, and survive being typed', () => {
      const rng = createRng(11);
      const disagreements: unknown[] = [];
      let missing = 0;
      for (const instance of sampled('test', 150)) {
        const earlier = playSome(instance, rng);
        const before = earlier.map(({ tokens }) => tokens);
        const right = attemptWords(
          plan(replay(instance.tree, earlier), understand(instance.turns, earlier.length)),
        );
        missing += Number(right[0] === 'missing');
        for (const tokens of [right, randomAttempt(instance, earlier, rng)]) {
          const own = grade(instance, earlier, tokens);
          const oracle = oracleGrade(instance, before, tokens);
          if (!agree(own, oracle)) disagreements.push({ instance, before, tokens, own, oracle });
        }
        expect(longer.parse!(longer.format!(instance))).toEqual(instance);
      }
      expect(disagreements).toEqual([]);
      expect(missing).toBeGreaterThan(50);
    });

    test('leave nothing out of the listing but once in a hundred turns', () => {
      const turns = sampled('long', 200).flatMap((instance) => {
        let tree = instance.tree;
        return instance.turns.map((_, turn) => {
          const request = understand(instance.turns, turn);
          const { dirs, files } = tree;
          tree = { ...goalOf(tree, request).tree, cwd: endOf(tree, plan(tree, request)) };
          return dirs.length > 5 || files.length > 7;
        });
      });
      expect(turns.filter(Boolean).length / turns.length).toBeLessThan(0.01);
    });
  });

  test('are drawn as they were before both could be chosen', () => {
    const hashes = SPLITS.map((split) => hashString(JSON.stringify(drawn(split, 200)), 1) >>> 0);
    expect(hashes).toEqual([39082225, 2368756516, 861609036]);
  });

  test('take one to four calls, and plans of each length occur', () => {
    const lengths = drawn('train', 1500).map(
      ({ tree, turns }) => plan(tree, understand(turns, 0)).length,
    );
    expect([...new Set(lengths)].sort()).toEqual([1, 2, 3, 4]);
  });

  test('are plain JSON, and survive being written and typed again', () => {
    for (const instance of drawn('long', 300)) {
      expect(JSON.parse(JSON.stringify(instance))).toEqual(instance);
      expect(task.parse!(task.format!(instance))).toEqual(instance);
    }
  });
});
