import { memo, type PointerEvent } from 'react';
import { useFocusActions } from '../../../app/hooks.ts';
import { tightAxis } from '../../charts/axis.ts';
import { formatMeasure, type LearningPoint, type Measure } from './learning.ts';

export interface GhostCurve {
  readonly label: string;
  readonly kind: 'uniform' | 'grpo' | 'kept';
  readonly slot: number;
  readonly points: readonly LearningPoint[];
}

export interface LearningCurveProps {
  readonly points: readonly LearningPoint[];
  readonly ghosts: readonly GhostCurve[];
  readonly width: number;
  readonly height: number;
  /** The newest step of the run. */
  readonly last: number;
  /** Revisions per chain. */
  readonly depth: number;
  /** What revising is compared with. */
  readonly fresh: string;
  readonly measure: Measure;
  /** The evaluation in view; null follows the run. */
  readonly at: number | null;
}

const LEFT = 44;
const RIGHT = 8;
const TOP = 6;
const BOTTOM = 24;
/** The run fills the width from here on. */
const LEAST_STEPS = 60;

/** Held-out shares over training steps, from 0 to 1. */
export function LearningCurve(props: LearningCurveProps) {
  const { points, width, height, last, at } = props;
  const { pin, hover } = useFocusActions();
  const most = Math.max(LEAST_STEPS, last, ...points.map(({ step }) => step));
  const nearest = (event: PointerEvent): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    const step = ((event.clientX - box.left - LEFT) / Math.max(1, width - LEFT - RIGHT)) * most;
    const within = points.filter((one) => one.step > 0);
    const by = (one: LearningPoint): number => Math.abs(one.step - step);
    return (
      within.reduce<LearningPoint | null>(
        (best, one) => (best === null || by(one) < by(best) ? one : best),
        null,
      )?.step ?? null
    );
  };
  return (
    <div
      className="learning-plot"
      style={{ height }}
      onPointerMove={(event) => hover(nearest(event))}
      onPointerLeave={() => hover(null)}
      onPointerUp={(event) => {
        const step = nearest(event);
        if (step !== null) pin(step);
      }}
    >
      <svg width={width} height={height} role="img" aria-label={summaryOf(props)}>
        {width > 0 && <Drawn {...props} most={most} />}
        {at !== null && (
          <line
            className="learning-playhead"
            x1={LEFT + (at / most) * (width - LEFT - RIGHT)}
            x2={LEFT + (at / most) * (width - LEFT - RIGHT)}
            y1={TOP}
            y2={height - BOTTOM}
          />
        )}
      </svg>
      <Numbers {...props} />
    </div>
  );
}

interface Scales {
  readonly x: (step: number) => number;
  readonly y: (share: number) => number;
}

const Drawn = memo(function Drawn({
  points,
  ghosts,
  width,
  height,
  most,
  measure,
}: LearningCurveProps & { readonly most: number }) {
  const scales: Scales = {
    x: (step) => LEFT + (step / most) * (width - LEFT - RIGHT),
    y: (share) => TOP + (1 - Math.min(1, Math.max(0, share))) * (height - TOP - BOTTOM),
  };
  return (
    <>
      <Axes {...{ scales, width, height, most, measure }} />
      <Band {...{ scales, points }} />
      {ghosts.map(({ label, kind, slot, points: of }) => (
        <path
          key={label}
          className={`learning-line ${kind} slot-${slot}`}
          d={lineOf(of, scales, 'revised')}
        >
          <title>{label}</title>
        </path>
      ))}
      <path className="learning-line resampled" d={lineOf(points, scales, 'resampled')} />
      <path className="learning-line revised" d={lineOf(points, scales, 'revised')} />
      {points.map(({ step, revised }) => (
        <circle
          key={step}
          className="learning-dot"
          cx={scales.x(step)}
          cy={scales.y(revised.mean)}
          r={3}
        />
      ))}
    </>
  );
});

function lineOf(
  points: readonly LearningPoint[],
  { x, y }: Scales,
  of: 'revised' | 'resampled',
): string {
  return points.map((one, i) => `${i === 0 ? 'M' : 'L'}${x(one.step)} ${y(one[of].mean)}`).join('');
}

function Axes({
  scales: { x, y },
  width,
  height,
  most,
  measure,
}: Pick<LearningCurveProps, 'width' | 'height' | 'measure'> & {
  readonly scales: Scales;
  readonly most: number;
}) {
  return (
    <>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line
            className="learning-grid"
            x1={LEFT}
            x2={width - RIGHT}
            y1={y(share)}
            y2={y(share)}
          />
          <text x={LEFT - 6} y={y(share)} dy="0.32em" textAnchor="end">
            {measure === 'solved' ? `${100 * share}%` : share}
          </text>
        </g>
      ))}
      {tightAxis(0, most, width < 500 ? 3 : 6).ticks.map((tick) => (
        <text key={tick} x={x(tick)} y={height - 6} textAnchor={tick === 0 ? 'start' : 'middle'}>
          {tick === 0 ? 'step 0' : tick}
        </text>
      ))}
    </>
  );
}

/** The 95% interval of what is revised. */
function Band({
  scales: { x, y },
  points,
}: Pick<LearningCurveProps, 'points'> & { readonly scales: Scales }) {
  if (points.length < 2) return null;
  const upper = points.map(({ step, revised }) => `${x(step)} ${y(revised.mean + revised.ci95)}`);
  const lower = points.map(({ step, revised }) => `${x(step)} ${y(revised.mean - revised.ci95)}`);
  return (
    <path className="learning-band" d={`M${upper.join('L')}L${lower.toReversed().join('L')}Z`} />
  );
}

/** The picture as numbers, for who does not see it. */
function Numbers({ points, ghosts, depth, fresh, measure }: LearningCurveProps) {
  const share = (value: number): string => formatMeasure(value, measure);
  return (
    <div className="visually-hidden">
      <table>
        <caption>
          {measure === 'solved' ? 'Share solved' : 'Mean quality'} on held-out tasks by training
          step
        </caption>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">after {depth} revisions, ± 95%</th>
            <th scope="col">{fresh}</th>
            {ghosts.map(({ label }) => (
              <th scope="col" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {points.map(({ step, revised, resampled }) => (
            <tr key={step} data-step={step}>
              <th scope="row">{step}</th>
              <td>
                {share(revised.mean)} ± {share(revised.ci95)}
              </td>
              <td>{share(resampled.mean)}</td>
              {ghosts.map(({ label, points: of }) => {
                const own = of.find((one) => one.step === step);
                return <td key={label}>{own ? share(own.revised.mean) : ''}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function summaryOf({ points, depth, fresh, measure }: LearningCurveProps): string {
  const [first, last] = [points[0], points.at(-1)];
  const what = measure === 'solved' ? 'Share solved' : 'Mean quality';
  if (!first || !last) return `${what} on held-out tasks: not evaluated yet`;
  return (
    `${what} on held-out tasks after ${depth} revisions: ${first.revised.mean.toFixed(2)} at step ` +
    `${first.step}, ${last.revised.mean.toFixed(2)} at step ${last.step}; ${fresh} ` +
    last.resampled.mean.toFixed(2)
  );
}
