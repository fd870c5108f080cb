import { ColorBar } from '../../charts/ColorBar.tsx';
import type { ColorScale } from './heatMapRenderer.ts';
import { NEIGHBOURS } from './lines.ts';
import { shareOfScale } from './quantities.ts';

/** The scale of colours with its values, and what the lines are. */
export function HeatLegend({ colorScale }: { readonly colorScale: ColorScale }) {
  return (
    <div className="curriculum-legend">
      <Scale colorScale={colorScale} />
      <ul className="legend">
        <LineKey
          kind="mean"
          label="chosen"
          title={`Mean depth of the starts of a step, ${SMOOTHED}.`}
        />
        <LineKey kind="control" label="random" title={CONTROL} />
      </ul>
    </div>
  );
}

const SMOOTHED = `averaged with ${NEIGHBOURS} columns on each side`;

const CONTROL =
  'Where the same step would have started on average, had its replayed histories been drawn uniformly: mean depth of the buffer before the step, times the share of replayed starts. Fresh tasks count as depth 0 in both lines. Averaged as the line above.';

interface LineKeyProps {
  readonly kind: string;
  readonly label: string;
  readonly title: string;
}

function LineKey({ kind, label, title }: LineKeyProps) {
  return (
    <li title={title}>
      <svg className={`swatch heat-line ${kind}`} width="26" height="8" aria-hidden="true">
        <path d="M0 4H26" />
      </svg>
      <span className="legend-label">{label}</span>
    </li>
  );
}

/** The scale of the map; its ticks say where values stand. */
export function Scale({ colorScale }: { readonly colorScale: ColorScale }) {
  const { quantity, top } = colorScale;
  const values = quantity.scales.find((ticks) => ticks.at(-1) === top) ?? [0, top];
  const beyond = top < quantity.scales.at(-1)!.at(-1)!;
  const ticks = values.map((value) => ({
    place: shareOfScale(value, top, quantity.spread),
    text: `${quantity.format(value)}${value === top && beyond ? '+' : ''}`,
  }));
  return <ColorBar ticks={ticks} ends={quantity.ends} label={describe(colorScale)} />;
}

function describe({ quantity: { label, unit, format, spread, ends }, top }: ColorScale): string {
  const scale = spread ? ', on a square-root scale' : '';
  const [least, most] = [`${format(0)} (${ends[0]})`, `${format(top)} (${ends[1]})`];
  return `Colours: ${label}, ${unit}, from ${least} to ${most}${scale}`;
}
