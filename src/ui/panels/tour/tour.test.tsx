import { renderToStaticMarkup } from 'react-dom/server';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { withProgress } from '../../../app/run.ts';
import { TOUR_STEPS } from '../../../app/tour.ts';
import { fakeRow, fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { CARDS } from './cards.tsx';
import { factsOf } from './facts.ts';
import { TourPanel } from './TourPanel.tsx';

let lab: Lab;
beforeEach(() => {
  lab = idleLab();
});

function markup(): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <TourPanel />
    </LabContext>,
  );
}

const step = fakeStep(40);

describe('facts', () => {
  it('are those of the step', () => {
    const [fresh, replayed] = step.groups as [GroupRecord, GroupRecord];
    const completion = { ...fresh.completions[0]!, quality: 0.5, solved: false };
    const record: StepRecord = {
      ...step,
      groups: [
        {
          ...fresh,
          learnability: 0.25,
          completions: [
            { ...completion, solved: true, quality: 1, baseAdvantage: 1, advantage: 1.5 },
            { ...completion, baseAdvantage: -1, advantage: -1 },
          ],
        },
        {
          ...replayed,
          learnability: 0,
          start: { ...replayed.start, mode: 'diverge', rank: 6, probability: 0.02 },
          completions: [completion, completion].map((one) => ({
            ...one,
            baseAdvantage: 0,
            advantage: 0,
          })),
        },
      ],
    };
    expect(factsOf(record)).toMatchObject({
      step: 40,
      groups: 2,
      quality: 0.625,
      solvedShare: 0.25,
      best: { size: 2, solved: 1, learnability: 0.25, advantages: [-1, 1.5] },
      flat: 1,
      replayed: 1,
      chosen: { rank: 7, probability: 0.02 },
      diverged: 1,
      bonus: { before: 1, after: 1.5 },
    });
  });

  it('are none without groups', () => {
    expect(factsOf({ ...step, groups: [] })).toBeNull();
  });
});

describe('the tour', () => {
  it('is not there until it is taken', () => {
    expect(markup()).toBe('');
    lab.guide.actions.openTour();
    expect(markup()).toContain('1 of 6');
  });

  it.each(TOUR_STEPS)('%s has something to say before the run, and numbers of it after', (card) => {
    lab.guide.actions.turnTo(card);
    const before = markup();
    expect(before).toContain(CARDS[card].title);
    expect(before).toContain('Show me where');
    lab.run.setState((run) =>
      withProgress(run, { rows: [fakeRow(40)], profiles: [], latest: step }),
    );
    expect(before).not.toContain('tep 40');
    expect(markup()).toContain('tep 40');
  });

  it('ticks off what is done while it is taken, and not before', () => {
    lab.actions.setParam('divergeProbability', 0.5);
    lab.guide.actions.openTour();
    expect(lab.guide.store.getState().done).toEqual([]);
    lab.actions.setParam('divergeProbability', 0.6);
    lab.guide.actions.turnTo('divergence');
    expect(markup()).toContain(CARDS.divergence.did);
    expect(markup()).toContain('6, Divergence and bonus, done');
    lab.focus.actions.pin(3, 1);
    lab.focus.actions.chooseGroup(2);
    expect(lab.guide.store.getState().done).toEqual([
      'divergence',
      'attempt',
      'group',
      'learnability',
    ]);
  });
});
