import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { CompletionRecord, GroupRecord, StartRecord } from '../../../schema/records.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { InspectorPanel } from './InspectorPanel.tsx';
import {
  bonusFactor,
  isFlat,
  mostInformative,
  orderGroups,
  signed,
  whyChosen,
} from '../../attempts/groups.ts';
import { binOf, rewardBins } from './rewards.ts';
import { describeToken, markOf, tokenNumbers, type ClipOptions } from './tokens.ts';

const step = fakeStep(40);
const [first] = step.groups;

function withLearnability(...scores: readonly number[]): GroupRecord[] {
  return scores.map((learnability) => ({ ...first!, learnability }));
}

describe('groups', () => {
  it('are ordered by learnability, and the first of them is the most informative', () => {
    const groups = withLearnability(0.1, 0.2, 0, 0.2);
    expect(orderGroups(groups, 'learnability')).toEqual([1, 3, 0, 2]);
    expect(orderGroups(groups, 'step')).toEqual([0, 1, 2, 3]);
    expect(mostInformative(groups)).toBe(1);
  });

  it('are flat where all rewards are equal', () => {
    const rewards = (...values: readonly number[]): GroupRecord => ({
      ...first!,
      completions: values.map((reward) => ({ ...first!.completions[0]!, reward })),
    });
    expect([rewards(0.5, 0.5, 0.5), rewards(0.5, 0.25)].map(isFlat)).toEqual([true, false]);
  });

  it('say why their start was chosen', () => {
    const fresh: StartRecord = { ...first!.start, source: 'fresh', turn: 0 };
    expect(whyChosen(fresh, 100)).toBe('A fresh base task, drawn without looking at the buffer.');
    expect(whyChosen({ ...fresh, turn: 1 }, 100)).toContain('Turn 2 of a conversation');
    const drawn: StartRecord = {
      ...fresh,
      ...{ source: 'buffer', score: 0.1875, rank: 2, probability: 0.02, recency: 4 },
    };
    expect(whyChosen(drawn, 200)).toBe(
      'Drawn from the buffer: S was 0.188 when last measured, rank 3 of 200, so each draw took it with probability 2%, 4 times that of a uniform draw.',
    );
  });

  it('know what the bonus multiplied by', () => {
    expect([bonusFactor(0.5, 0.25), bonusFactor(0, 0)]).toEqual([0.5, 1]);
    expect([0.5, -0.5, 0, -0.001].map(signed)).toEqual(['+0.50', '−0.50', '0.00', '0.00']);
  });
});

describe('rewards', () => {
  it('are counted in bins, the last with its upper end', () => {
    const rewards = [0, 0.1, 0.125, 1, 1];
    expect(rewardBins(rewards).map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 0, 0, 2]);
    expect(rewards.map((reward) => binOf(reward, rewards))).toEqual([0, 0, 1, 7, 7]);
  });

  it('reach below zero where they do', () => {
    const bins = rewardBins([-0.4, 1]);
    expect([bins[0]!.from, bins.at(-1)!.to]).toEqual([-1, 1]);
    expect(bins.map(({ count }) => count)).toEqual([0, 0, 1, 0, 0, 0, 0, 1]);
  });
});

describe('tokens', () => {
  const completion: CompletionRecord = {
    ...first!.completions[0]!,
    ...{ tokens: ['a', 'b'], logprobs: [-1, -1, -1], truncated: false, advantage: 0.5 },
  };
  const stats = { logprobs: [-0.5, -1, -1.5], entropies: [1, 0.5, 2] };
  const clip: ClipOptions = { clipLow: 0.2, clipHigh: 0.28, importanceSampling: 'token' };

  it('have the ratio of now to then, and where it lies outside the clip range', () => {
    const tokens = tokenNumbers(completion, stats, clip);
    expect(tokens.map(({ word }) => word)).toEqual(['a', 'b', '⏎']);
    expect(tokens.map(({ now }) => now?.ratio.toFixed(3))).toEqual(['1.649', '1.000', '0.607']);
    expect(tokens.map(({ now }) => now?.outside)).toEqual(['above', null, 'below']);
    expect(tokens.map(({ now }) => now?.stopped)).toEqual([true, false, false]);
  });

  it('share one ratio where sequences are what is weighed', () => {
    const tokens = tokenNumbers(completion, stats, { ...clip, importanceSampling: 'sequence' });
    expect(tokens.map(({ now }) => now?.ratio)).toEqual([1, 1, 1]);
  });

  it('are marked by what is asked for', () => {
    const [up, , down] = tokenNumbers(completion, stats, clip);
    expect(markOf(up!, 'logprob')).toEqual({ tone: 'surprise', strength: 0.25 });
    expect(markOf(up!, 'ratio').tone).toBe('above');
    expect(markOf(down!, 'clipping')).toEqual({ tone: 'below', strength: 1 });
    expect(markOf(down!, 'entropy').strength).toBe(1);
    const [unasked] = tokenNumbers(completion, null, clip);
    expect(markOf(unasked!, 'ratio').strength).toBe(0);
    expect(describeToken(unasked!)).toBe('log π −1.00 (37%) when sampled');
    expect(describeToken(up!)).toContain('ratio 1.65, above the clip range: no gradient');
  });
});

describe('the inspector', () => {
  function markup(lab: Lab): string {
    return renderToStaticMarkup(
      <LabContext value={lab}>
        <InspectorPanel />
      </LabContext>,
    );
  }

  function labAt(number: number): Lab {
    const lab = idleLab();
    lab.run.setState({ latest: fakeStep(number) });
    return lab;
  }

  it('waits for a first step', () => {
    expect(markup(idleLab())).toContain('Press play');
  });

  it('shows the most informative group of the newest step', () => {
    const text = markup(labAt(40));
    const best = mostInformative(step.groups);
    expect(text).toContain('Groups of step 40');
    expect(text).toContain(`<h3>Group ${best + 1}</h3>`);
    expect(text.match(/<article/g)).toHaveLength(step.groups[best]!.completions.length);
  });

  it('shows the group and completion that a person chose', () => {
    const lab = labAt(40);
    lab.focus.actions.pin(40, 4, 2);
    const text = markup(lab);
    expect(text).toContain('<h3>Group 5</h3>');
    expect(text).toContain('Flat: all rewards are equal');
    expect(text).toMatch(/aria-label="Completion 3" aria-current="true"/);
  });
});
