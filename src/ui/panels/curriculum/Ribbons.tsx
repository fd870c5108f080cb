import { memo } from 'react';
import type { MetricHistory } from '../../../app/history.ts';
import type { MetricId } from '../../../schema/metrics.ts';
import { useFocus } from '../../../app/hooks.ts';
import { stepInView } from '../../../app/focus.ts';
import { Explain } from '../../controls/Explain.tsx';
import { xOf, type Span } from './geometry.ts';
import { ribbonOf, type Ribbon } from './ribbon.ts';

interface RibbonKind {
  readonly label: string;
  readonly value: MetricId;
  /** Of the starts from the buffer; absent where a uniform draw has no such value. */
  readonly minusUniform?: MetricId;
  /** Whether fresh starts count as 0 in the value. */
  readonly withFresh?: true;
  /** In what the value counts. */
  readonly unit: string;
  readonly help: string;
  readonly format: (value: number) => string;
}

const KINDS: readonly RibbonKind[] = [
  {
    label: 'depth',
    value: 'start_depth/mean',
    minusUniform: 'selected_minus_uniform/depth',
    withFresh: true,
    unit: 'revisions',
    help: 'How many revisions already lay behind what the step started from, on average; a fresh task has none.',
    format: (value) => value.toFixed(1),
  },
  {
    label: 'recency',
    value: 'recency/mean',
    minusUniform: 'selected_minus_uniform/recency',
    unit: 'steps',
    help: 'How many steps ago the stored attempts that were started from had been made, on average.',
    format: (value) => value.toFixed(1),
  },
  {
    label: 'diversity',
    value: 'diversity/distinct',
    unit: 'differ',
    help: 'How many of the attempts at one start differ from each other: at 100% all do.',
    format: (share) => `${Math.round(100 * share)}%`,
  },
];

interface RibbonsProps {
  readonly history: MetricHistory;
  readonly span: Span;
  readonly width: number;
}

const HEIGHT = 24;

/** Depth, recency and diversity of what was trained on; shaded, how far from a uniform draw of the same buffer. */
export function Ribbons({ history, span, width }: RibbonsProps) {
  return (
    <div className="ribbons" role="group" aria-label="What was trained on, step by step">
      {KINDS.map((kind) => (
        <Row key={kind.label} {...{ kind, history, span, width }} />
      ))}
    </div>
  );
}

function Row({ kind, history, span, width }: RibbonsProps & { readonly kind: RibbonKind }) {
  const looked = useFocus(stepInView);
  const ribbon = ribbonOf(history, kind.value, kind.minusUniform, kind.withFresh === true);
  const at = looked === null ? ribbon.value.length - 1 : ribbon.steps.indexOf(looked);
  const [value, uniform] = [ribbon.value[at], ribbon.uniform?.[at]];
  const known = value !== undefined && Number.isFinite(value);
  const difference =
    known && uniform !== undefined && Number.isFinite(uniform) ? value - uniform : null;
  return (
    <div className="ribbon">
      <span className="ribbon-label">
        <Explain what={{ title: kind.label, text: `${kind.help} ${SHADED}` }} face={kind.label} />{' '}
        <strong>{known ? kind.format(value) : '–'}</strong> {kind.unit}
        {difference !== null && (
          <span className="visually-hidden">, {signed(difference)} against a random draw</span>
        )}
      </span>
      <Drawn {...{ ribbon, span, width }} />
    </div>
  );
}

const SHADED =
  'Shaded, where it has one: what a random draw from the same stored attempts would have given.';

interface DrawnProps {
  readonly ribbon: Ribbon;
  readonly span: Span;
  readonly width: number;
}

const Drawn = memo(function Drawn({ ribbon, span, width }: DrawnProps) {
  const { steps, value, uniform, top } = ribbon;
  const place = (of: ArrayLike<number>, i: number): string => {
    const y = HEIGHT - 2 - (Math.max(0, of[i]!) / top) * (HEIGHT - 4);
    return `${(xOf(steps[i]!, span) * width).toFixed(1)} ${y.toFixed(1)}`;
  };
  const there = steps.flatMap((step, i) =>
    Number.isFinite(value[i]) && step >= span.first ? [i] : [],
  );
  const line = there.map((i, n) => `${n === 0 ? 'M' : 'L'}${place(value, i)}`).join('');
  const both = uniform ? there.filter((i) => Number.isFinite(uniform[i])) : [];
  const area =
    uniform && both.length > 1
      ? `M${both.map((i) => place(value, i)).join('L')}L${both
          .toReversed()
          .map((i) => place(uniform, i))
          .join('L')}Z`
      : '';
  return (
    <svg width={width} height={HEIGHT} aria-hidden="true">
      {area !== '' && <path className="ribbon-area" d={area} />}
      <path className="ribbon-line" d={line} />
    </svg>
  );
});

function signed(value: number): string {
  const size = Math.abs(value).toFixed(1);
  return size === '0.0' ? '±0' : `${value < 0 ? '−' : '+'}${size}`;
}
