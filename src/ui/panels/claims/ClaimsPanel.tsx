import { Fragment } from 'react';
import claims from './claims.json';
import { partsOf, rangeOf, type Estimated } from './intervals.ts';
import './claims.css';

/** What the paper says, and what was measured here: as docs/results.md has it, from the runs kept there. */
export function ClaimsPanel() {
  return (
    <section className="claims" aria-labelledby="claims-title">
      <h2 id="claims-title">What the paper says, and what was measured here</h2>
      <p>
        On Locks, over seeds that no setting was chosen on, with 95% intervals; <em>d</em> is the
        share of training locks that never open, the control is ExIt with uniform priority.
      </p>
      <ol>
        {claims.map((claim) => (
          <li key={claim.paper}>
            <h3>{claim.paper}</h3>
            <Here sentence={claim.here} />
            <p className="claims-follows">{claim.follows}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A whisker stays with its number; the interval behind it may go to the next line. */
const NO_BREAK = '\u00a0';

function Here({ sentence }: { readonly sentence: string }) {
  const parts = partsOf(sentence);
  const range = rangeOf(parts.flatMap((part) => ('estimated' in part ? [part.estimated] : [])));
  return (
    <p>
      {parts.map((part, i) =>
        'estimated' in part ? (
          <Fragment key={i}>
            <Whisker {...part.estimated} range={range} />
            {`${NO_BREAK}${part.text.replaceAll('-', '−')}`}
          </Fragment>
        ) : (
          part.text
        ),
      )}
    </p>
  );
}

const WIDTH = 96;
const EDGE = 5;

/** The estimate on its interval, and where 0 is. */
function Whisker({
  mean,
  low,
  high,
  range: [from, to],
}: Estimated & { readonly range: readonly [number, number] }) {
  const x = (value: number): number => EDGE + ((value - from) / (to - from)) * (WIDTH - 2 * EDGE);
  return (
    <svg width={WIDTH} height="16" aria-hidden="true">
      <line className="track" x1="0" x2={WIDTH} y1="8" y2="8" />
      <line className="zero" x1={x(0)} x2={x(0)} y1="0" y2="16" />
      <line x1={x(low)} x2={x(high)} y1="8" y2="8" />
      <circle cx={x(mean)} cy="8" r="4" />
    </svg>
  );
}
