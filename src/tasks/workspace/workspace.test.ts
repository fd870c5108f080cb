import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { EMPTY_HISTORY, MODES } from '../task.ts';
import {
  agree,
  attemptOf,
  grade,
  playSome,
  randomAttempt,
  SPLITS,
  task,
} from './attempts.testing.ts';
import { attemptWords, call } from './calls.ts';
import { goalOf } from './goal.ts';
import { INTENTS, PHRASINGS, SAME_PHRASINGS, SENTENCE_WORDS, understand } from './language.ts';
import { oracleGrade } from './oracle.testing.ts';
import { otherPlan, plan } from './plan.ts';
import { replay } from './replay.ts';
import { distance } from './tree.ts';
import { ERRORS } from './vocabulary.ts';
import { createWorkspace, verdict } from './workspace.ts';

const seeds = fc.integer();

describe('grading', () => {
  test('agrees with the oracle on 10,000 random attempts', () => {
    const rng = createRng(1);
    const counts = { solved: 0, malformed: 0, partial: 0 };
    const disagreements: unknown[] = [];
    for (let i = 0; i < 1000; i++) {
      const instance = task.sample(rng.pick(SPLITS), rng);
      const earlier = rng.chance(0.7) ? playSome(instance, rng) : [];
      const before = earlier.map(({ tokens }) => tokens);
      for (let j = 0; j < 10; j++) {
        const tokens = randomAttempt(instance, earlier, rng);
        const own = grade(instance, earlier, tokens);
        const oracle = oracleGrade(instance, before, tokens);
        if (!agree(own, oracle)) disagreements.push({ instance, before, tokens, own, oracle });
        counts.solved += Number(own.solved);
        counts.malformed += Number(!own.valid);
        counts.partial += Number(own.quality > 0.2 && !own.solved);
      }
    }
    expect(disagreements).toEqual([]);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(500);
  });

  test('a malformed attempt never throws and comes to nothing', () => {
    const instance = task.sample('train', createRng(4));
    const word = fc.oneof(fc.constantFrom(...task.vocabulary), fc.string());
    fc.assert(
      fc.property(fc.array(word, { maxLength: 15 }), (tokens) => {
        const { valid, quality, solved, feedback } = grade(instance, [], tokens);
        expect(feedback).toHaveLength(16);
        if (!valid) expect([quality, solved, feedback.at(-1)]).toEqual([0, false, 's0']);
      }),
    );
  });

  test('only a solved attempt has quality 1, and its score says so', () => {
    const rng = createRng(2);
    for (let i = 0; i < 500; i++) {
      const instance = task.sample('test', rng);
      const { quality, solved, feedback } = grade(instance, [], randomAttempt(instance, [], rng));
      expect(quality === 1).toBe(solved);
      expect(feedback.at(-1) === 's7').toBe(solved);
    }
  });

  test('replay is pure: the same history gives the same listing and grade, and changes nothing', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const rng = createRng(seed);
        const instance = task.sample('long', rng);
        const earlier = playSome(instance, rng);
        const frozen = JSON.stringify([instance, earlier]);
        const tokens = randomAttempt(instance, earlier, rng);
        const first = grade(instance, earlier, tokens);
        expect(replay(instance.tree, structuredClone(earlier))).toEqual(
          replay(instance.tree, earlier),
        );
        expect(grade(instance, earlier, tokens)).toEqual(first);
        expect(JSON.stringify([instance, earlier])).toBe(frozen);
      }),
    );
  });

  test('the kind of error stands under the word that it concerns', () => {
    const instance = task.parse!('at docs\nroot: todo\ndocs: notes\n\nmove notes to root');
    const marks = (...words: string[]): string => {
      return grade(instance, [], words).feedback.slice(0, words.length).join(' ');
    };
    expect(marks('mv', 'todo', 'src')).toBe('✗ root ✗');
    expect(marks('mv', 'plan', 'root')).toBe('✗ absent ✗');
    expect(marks('mv', 'notes', 'src')).toBe('✗ ✗ absent');
    expect(marks('mkdir', 'docs', '·')).toBe('✗ exists ✗');
    expect(marks('cat', 'docs', '·')).toBe('✗ misfit ✗');
    expect(marks('cat', 'notes', '·', 'mv', 'notes', 'root')).toBe('idle idle idle ✓ ✓ ✓');
    expect(marks('cd', 'root', '·', 'touch', 'plan', '·')).toBe('✗ ✗ ✗ ✗ ✗ ✗');
  });
});

describe('plans', () => {
  test('meet every request in every state, each call marked right, and so do other ways', () => {
    const rng = createRng(6);
    for (let i = 0; i < 800; i++) {
      const instance = task.sample(rng.pick(SPLITS), rng);
      const earlier = playSome(instance, rng);
      const tree = replay(instance.tree, earlier);
      const request = understand(instance.turns, earlier.length);
      const goal = goalOf(tree, request);
      if (goal.output === null && distance(tree, goal.tree) === 0) continue;
      const shown = verdict(instance, earlier, attemptWords(plan(tree, request)));
      expect(shown.solved).toBe(true);
      expect(shown.steps.flatMap(({ marks }) => marks).every((mark) => mark === '✓')).toBe(true);
      const other = attemptWords(otherPlan(tree, request));
      expect(grade(instance, earlier, other).solved).toBe(true);
    }
  });

  test('a later turn asks about the workspace as the attempts before left it', () => {
    const text = 'at root\nroot: notes\ndocs:\n\nmove notes to docs\ndelete it';
    const instance = task.parse!(text);
    const moved = attemptOf(instance, [], ['mv', 'notes', 'docs']);
    const there = ['cd', 'docs', '·', 'rm', 'notes', '·'];
    expect(grade(instance, [moved], there).solved).toBe(true);
    expect(grade(instance, [moved], ['rm', 'notes', '·']).solved).toBe(false);
    const lost = attemptOf(instance, [], ['rm', 'notes', '·']);
    expect(grade(instance, [lost], ['missing', 'notes', '·']).solved).toBe(true);
  });
});

describe('prompt', () => {
  test('has one length and words of the vocabulary only', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...MODES), (seed, mode) => {
        const rng = createRng(seed);
        const instance = task.sample(rng.pick(SPLITS), rng);
        const earlier = playSome(instance, rng);
        const latest = attemptOf(instance, earlier, randomAttempt(instance, earlier, rng));
        for (const history of [{ earlier }, { earlier, latest }]) {
          const prompt = task.prompt(instance, history, mode);
          expect(prompt).toHaveLength(task.maxPromptTokens);
          expect(prompt.at(-1)).toBe(mode);
          expect(prompt.filter((word) => !task.vocabulary.includes(word))).toEqual([]);
        }
      }),
    );
  });

  test('shows the workspace, both turns, the attempt, its marks and what it printed', () => {
    const text = 'at docs\nroot: todo\ndocs: notes=apple\n\nshow notes\nmove it to root';
    const instance = task.parse!(text);
    const earlier = [attemptOf(instance, [], ['cat', 'notes', '·'])];
    const latest = attemptOf(instance, earlier, ['cat', 'notes', '·', 'mv', 'todo', 'root']);
    const words = task.prompt(instance, { earlier, latest }, 'improve').join(' ');
    const blanks = (count: number): string => Array<string>(count).fill('·').join(' ');
    expect(words).toBe(
      [
        ...['docs', `root docs ${blanks(8)}`, `. notes root todo ${blanks(10)}`],
        ...[`show notes ${blanks(6)}`, `move it to root ${blanks(4)}`],
        ...[`cat notes · mv todo root ${blanks(6)}`, `idle idle idle ✗ root ✗ ${blanks(6)}`],
        ...['apple · ·', 's0', 'improve'],
      ].join(' '),
    );
  });

  test('no sentence is longer than its place', () => {
    const longest = [...INTENTS.flatMap((intent) => PHRASINGS[intent]), ...SAME_PHRASINGS].map(
      (phrasing) => phrasing.split(' ').length,
    );
    expect(Math.max(...longest)).toBe(SENTENCE_WORDS);
  });
});

describe('demonstrations', () => {
  test('are well-formed whatever they continue, and fit the completion length', () => {
    fc.assert(
      fc.property(seeds, fc.constantFrom(...MODES), (seed, mode) => {
        const rng = createRng(seed);
        const instance = task.sample('train', rng);
        const earlier = playSome(instance, rng);
        const latest = attemptOf(instance, earlier, randomAttempt(instance, earlier, rng));
        const shown = task.demonstrate(instance, { earlier, latest }, mode, rng);
        expect(grade(instance, earlier, shown).valid).toBe(true);
        expect(shown.length + 1).toBeLessThanOrEqual(task.maxCompletionTokens);
      }),
    );
  });

  test('without slips they are right, and keep what is right', () => {
    const careful = createWorkspace({
      id: 'careful',
      label: 'Careful',
      summary: '',
      demonstration: {
        forgetShare: 0,
        wrongNameShare: 0,
        wrongCommandShare: 0,
        keepShare: 1,
        rewriteShare: 1,
        heedShare: 1,
        otherWayShare: 0,
      },
    });
    const rng = createRng(3);
    for (let i = 0; i < 300; i++) {
      const instance = careful.sample('train', rng);
      const tokens = careful.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const latest = attemptOf(instance, [], tokens);
      expect(latest.quality).toBe(1);
      const again = careful.demonstrate(instance, { earlier: [], latest }, 'improve', rng);
      expect(again).toEqual(tokens);
    }
  });

  test('by default a first attempt is often wrong, and an improvement changes what is marked', () => {
    const rng = createRng(5);
    let solved = 0;
    const changed = { right: [0, 0], wrong: [0, 0] };
    for (let i = 0; i < 1000; i++) {
      const instance = task.sample('train', rng);
      const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
      const latest = attemptOf(instance, [], tokens);
      solved += Number(latest.quality === 1);
      const next = task.demonstrate(instance, { earlier: [], latest }, 'improve', rng);
      for (let at = 0; at < tokens.length; at += 3) {
        const count = changed[latest.feedback[at] === '✓' ? 'right' : 'wrong'];
        const kept = tokens.slice(at, at + 3).join() === next.slice(at, at + 3).join();
        count[0]! += Number(!kept);
        count[1]! += 1;
      }
    }
    expect(solved / 1000).toBeGreaterThan(0.2);
    expect(solved / 1000).toBeLessThan(0.6);
    expect(changed.wrong[0]! / changed.wrong[1]!).toBeGreaterThan(0.7);
    expect(changed.right[0]! / changed.right[1]!).toBeLessThan(0.15);
  });
});

test('an improvement mostly goes where the feedback says that the file is', () => {
  const instance = task.parse!('at docs\nroot: todo\ndocs:\nsrc:\n\nmove todo to src');
  const latest = attemptOf(instance, [], ['mv', 'todo', 'src']);
  const share = (mode: 'solve' | 'improve'): number => {
    const rng = createRng(8);
    const history = mode === 'improve' ? { earlier: [], latest } : EMPTY_HISTORY;
    const shown = Array.from({ length: 500 }, () =>
      task.demonstrate(instance, history, mode, rng).join(' '),
    );
    return shown.filter((words) => words.startsWith('cd root ·')).length / shown.length;
  };
  expect(latest.feedback.slice(0, 3)).toEqual(['✗', 'root', '✗']);
  expect(share('improve')).toBeGreaterThan(share('solve') + 0.15);
  expect(share('improve')).toBeLessThan(0.9);
});

describe('solution keys', () => {
  const instance = task.parse!('at root\nroot: notes todo\ndocs:\n\nmove notes to docs');
  const key = (...calls: ReturnType<typeof call>[]): string =>
    task.solutionKey!(instance, attemptWords(calls));

  test('are equal for another way to the same end, and differ for another end', () => {
    const moved = key(call('mv', 'notes', 'docs'));
    expect(key(call('cp', 'notes', 'docs'), call('rm', 'notes'))).toBe(moved);
    expect(key(call('cp', 'notes', 'docs'))).not.toBe(moved);
    expect(key(call('mv', 'notes', 'docs'), call('ls', 'docs'))).not.toBe(moved);
    expect(key(call('mv', 'notes', 'docs'), call('rm', 'plan'))).not.toBe(moved);
  });

  test('of malformed attempts are their words', () => {
    expect(task.solutionKey!(instance, ['mv', 'notes'])).toBe('mv notes');
  });
});

test('the marks of errors are words of the vocabulary', () => {
  expect(ERRORS.filter((error) => !task.vocabulary.includes(error))).toEqual([]);
});
