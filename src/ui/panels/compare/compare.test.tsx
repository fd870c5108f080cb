import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import {
  createComparison,
  type Comparison,
  type ComparisonState,
} from '../../../app/comparison.ts';
import type { JobState } from '../../../app/comparison-time.ts';
import { OpenComparison } from '../../../app/comparison-hooks.ts';
import { LabContext } from '../../../app/hooks.ts';
import { memoryStorage } from '../../../app/text-storage.ts';
import { analyse } from '../../../experiments/analysis.ts';
import { resultOf } from '../../../experiments/experiment.testing.ts';
import { readExperiment } from '../../../experiments/experiment.ts';
import { planExperiment, type Plan } from '../../../experiments/plan.ts';
import { verdict } from '../../../experiments/verdict.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { ComparePanel } from './ComparePanel.tsx';
import { CompareSection } from './CompareSection.tsx';
import { cellText, fixed, parametersText, signed, timeToGo } from './labels.ts';

const QUALITY: Readonly<Record<string, readonly number[]>> = {
  GRPO: [0.5, 0.54],
  ExIt: [0.9, 0.88],
  'ExIt, uniform priority': [0.8, 0.78],
};

function planOf(seeds: number, targets: readonly number[] = []): Plan {
  return planExperiment(
    readExperiment({
      name: 'Strategies on Locks, small',
      arms: [
        { name: 'GRPO', strategy: 'grpo' },
        { name: 'ExIt', strategy: 'exit' },
        { name: 'ExIt, uniform priority', strategy: 'exit-uniform' },
      ],
      control: 'ExIt, uniform priority',
      seeds: { from: 1, count: seeds },
      budgets: { unit: 'sampledTokens', at: [40000] },
      evaluation: { tasks: 200, samples: 1, depth: 16 },
      targets,
    }),
  );
}

/** The panel with this state, as text: cells and lines parted by bars. */
function rendered(state: Partial<ComparisonState>): string {
  const lab = idleLab();
  const comparison = createComparison({
    openWorker: () => {
      throw new Error('not in this test');
    },
    slots: 2,
    storage: memoryStorage(),
    hold: async () => () => undefined,
    config: lab.config,
    pauseRun: async () => undefined,
    clock: () => 0,
  });
  comparison.store.setState({ phase: 'resting', ...state });
  const markup = renderToStaticMarkup(
    <LabContext value={lab}>
      <ComparePanel comparison={comparison} />
    </LabContext>,
  );
  return markup
    .replace(/<\/(p|t[hdr]|button|legend|label|li)>/g, '|')
    .replace(/<[^>]+>/g, '')
    .replace(/\|+/g, '|');
}

function shownOf(plan: Plan, finished: number): ComparisonState['shown'] {
  const results = plan.runs.slice(0, finished).map(({ arm, seed, job }) =>
    resultOf(
      plan.jobs.find(({ id }) => id === job)!,
      [[QUALITY[arm]![seed - 1]!]],
    ),
  );
  const analysis = analyse(plan, results);
  const states = plan.jobs.map(({ id }, i): [string, JobState] => [
    id,
    i < finished ? { kind: 'finished', quality: 0.7 } : { kind: 'waiting' },
  ]);
  const report = { analysis, verdict: verdict(analysis.comparisons), runsCsv: '' };
  const curves = new Map(results.map(({ id, curve }) => [id, curve]));
  return { text: '{}', plan, jobs: new Map(states), curves, report };
}

describe('the panel', () => {
  it('says before anything was run what Run would do', () => {
    const text = rendered({});
    expect(text).toContain('15 runs of 40,000 tokens each, with the parameters of this page');
    expect(text).toContain('The run above is paused when they begin');
    expect(text).not.toContain('runs finished');
  });

  it('shows quality with intervals, differences to the control and chances', () => {
    const text = rendered({ shown: shownOf(planOf(2), 6) });
    expect(text).toContain('6 of 6 runs finished');
    expect(text).toContain('no difference to the control can be told for GRPO');
    expect(text).toContain('ExIt is above the control by 0.100 [0.100, 0.100] on 2 seeds');
    expect(text).toContain('|strategy|seeds|first attempt|last of 17|best of 17|');
    expect(text).toContain(
      '|ExIt|2|0.445[0.440, 0.450]|0.890[0.880, 0.900]|0.890[0.880, 0.900]|+0.100',
    );
    expect(text).toContain('|ExIt, uniform priority control|2|');
    expect(text).not.toContain('tokens to reach');
  });

  it('has no interval of one seed, and says that it tells nothing', () => {
    const text = rendered({ shown: shownOf(planOf(1), 3) });
    expect(text).toContain('one seed tells nothing of others for GRPO and ExIt');
    expect(text).toContain('|ExIt|1|0.450—|0.900—|0.900—|+0.100—|1.000—|');
  });

  it('tells what a quality takes, where that was asked for', () => {
    const text = rendered({ shown: shownOf(planOf(2, [0.8]), 6) });
    expect(text).toContain('tokens to reach 0.8');
    expect(text).toContain('not reachedby 0 of 2 seeds');
    // At the first judgement: it may have been there long before.
    expect(text).toContain('at most 1,000by 2 of 2 seeds');
  });

  it('follows every run while they go on', () => {
    const shown = shownOf(planOf(2), 1)!;
    const ids = shown.plan.jobs.map(({ id }) => id);
    const jobs = new Map(shown.jobs)
      .set(ids[1]!, { kind: 'running', done: 0.437 })
      .set(ids[2]!, { kind: 'running', done: 1 })
      .set(ids[3]!, { kind: 'failed', message: 'no memory left' });
    const text = rendered({ phase: 'running', secondsToGo: 42, shown: { ...shown, jobs } });
    expect(text).toContain('1 of 6 runs finished, about 40 s to go');
    expect(text).toContain('|GRPO|0.700|failed|');
    expect(text).toContain('|ExIt|43%|waits|');
    expect(text).toContain('|ExIt, uniform priority|judged|waits|');
    expect(text).toContain('GRPO, seed 2 failed: no memory left');
    expect(text).toContain('So far: ');
  });

  it('says what is shown was run with, whatever the page has now', () => {
    const plan = planExperiment({
      ...planOf(1).experiment,
      base: { task: 'locks', unsolvableShare: 0.75 },
    });
    expect(rendered({ shown: shownOf(plan, 0) })).toContain(
      'What is shown here was begun with: Task Locks, small (4 dials × 3); Unsolvable share 0.75.',
    );
  });

  it('has nothing to compare the control alone with', () => {
    const plan = planOf(1);
    const alone = planExperiment({
      ...plan.experiment,
      arms: plan.experiment.arms.filter(({ name }) => name === plan.control),
    });
    const text = rendered({ shown: shownOf(alone, 1) });
    expect(text).toContain('The control alone has nothing to be compared with.|');
    expect(text).not.toContain('Nothing to compare yet');
  });

  it('says what went wrong, and what is not kept', () => {
    const text = rendered({ failure: 'seeds: got 0, expected 1', outlasts: false });
    expect(text).toContain('seeds: got 0, expected 1|');
    expect(text).toContain('This browser keeps nothing');
  });
});

it('is being fetched at first, and says so where there is nothing to run it', () => {
  const lab = idleLab();
  const section = (open: (() => Promise<Comparison>) | null): string =>
    renderToStaticMarkup(
      <LabContext value={lab}>
        <OpenComparison value={open}>
          <CompareSection />
        </OpenComparison>
      </LabContext>,
    );
  expect(section(null)).toContain('nothing here to run');
  const opener = () => Promise.reject(new Error('nobody opened it'));
  expect(section(opener)).toMatch(/Compare.*Fetching the panel/);
});

describe('labels', () => {
  it('write numbers with the sign that they have', () => {
    expect([0.12345, -0.5, -0.0001].map(fixed)).toEqual(['0.123', '−0.500', '0.000']);
    expect([0.12345, -0.5, 0.0001].map(signed)).toEqual(['+0.123', '−0.500', '0.000']);
  });

  it('tell what a run is at', () => {
    expect(cellText({ kind: 'running', done: 0.999 })).toBe('99%');
    expect(cellText({ kind: 'finished', quality: 1 })).toBe('1.000');
  });

  it('tell a time no more exactly than it is known', () => {
    expect([1, 42, 88, 100, 5400, 9000].map(timeToGo)).toEqual([
      'about 5 s',
      'about 40 s',
      'about 90 s',
      'about 2 min',
      'about 1.5 h',
      'about 2.5 h',
    ]);
  });

  it('name the parameters that are not default', () => {
    expect(parametersText({ task: 'locks', backend: 'wasm', replicas: 1 })).toMatch(
      /^Task Locks.*, the rest default$/,
    );
    expect(parametersText({ task: 'locks', learningRate: 0.0004 })).toMatch(
      /^Task Locks.*; Learning rate 0.0004$/,
    );
  });
});
