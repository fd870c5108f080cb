import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { LabContext } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import { withProgress } from '../../../app/run.ts';
import { fakeRow, fakeStep } from '../../testing/fakeRecords.ts';
import { idleLab } from '../../testing/idleLab.ts';
import { CurriculumNumbers } from './CurriculumNumbers.tsx';
import { CurriculumPanel } from './CurriculumPanel.tsx';

const REST = { quality: [0.5, 0, 1], recency: [0, 0, 3] };

function labWith(steps: number): Lab {
  const lab = idleLab();
  for (let step = 1; step <= steps; step++) {
    const profile = {
      count: [4, 0, 4],
      learnability: [0.1, 0, 0.2],
      distinct: [1, 0, 0.5],
      ...REST,
    };
    lab.run.setState((run) =>
      withProgress(run, {
        rows: [
          { ...fakeRow(step), 'share/fresh': 0.5, 'share/improve': 0.4, 'share/diverge': 0.1 },
        ],
        profiles: [{ step, ...profile, uniformDepth: 3 }],
        latest: fakeStep(step),
      }),
    );
  }
  return lab;
}

function markup(lab: Lab): string {
  return renderToStaticMarkup(
    <LabContext value={lab}>
      <CurriculumPanel />
      <CurriculumNumbers />
    </LabContext>,
  );
}

describe('CurriculumPanel', () => {
  it('says what it will show before the first step', () => {
    const html = markup(idleLab());
    expect(html).toContain('Press play');
    expect(html).toContain('no step yet');
  });

  it('shows the newest step, and the one that is pinned instead', () => {
    const lab = labWith(20);
    expect(markup(lab)).toContain('<dt>Step</dt><dd>20</dd>');
    expect(markup(lab)).toContain('aria-valuetext="step 20, live"');
    lab.focus.actions.pin(12);
    const html = markup(lab);
    expect(html).toContain('<dt>Step</dt><dd>12</dd>');
    expect(html).toContain('aria-valuetext="step 12 of 20"');
    // Half of the starts are fresh, and the buffer lies at depth 3.
    expect(html).toContain('<dt>Uniform draw</dt><dd>1.5</dd>');
    expect(html).toContain('50% / 40% / 10%');
  });
});
