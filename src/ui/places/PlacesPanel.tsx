import { createElement, lazy, Suspense, useEffect, useRef, type ComponentType } from 'react';
import { usePlaces } from '../../app/hooks.ts';
import { PLACE_IDS, PLACES, type PlaceId } from '../../app/places.ts';
import { ErrorBoundary } from '../controls/ErrorBoundary.tsx';
import { CompareSection } from '../panels/compare/CompareSection.tsx';
import { ExplainPlace } from './ExplainPlace.tsx';
import './places.css';

/** The first is there at once; the others are fetched when they are opened. */
const VIEWS: Readonly<Record<PlaceId, ComponentType>> = {
  explain: ExplainPlace,
  inside: lazy(async () => ({ default: (await import('./InsidePlace.tsx')).InsidePlace })),
  compare: CompareSection,
  data: lazy(async () => ({ default: (await import('./DataPlace.tsx')).DataPlace })),
};

/** Below the first screen: a row of tabs that stays in sight, and the one place that is open. */
export function PlacesPanel() {
  const place = usePlaces((state) => state.place);
  const asked = usePlaces((state) => state.asked);
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (asked > 0) frame.current?.scrollIntoView({ block: 'start' });
  }, [asked]);
  return (
    <>
      <nav className="place-tabs" aria-label="Places">
        {PLACE_IDS.map((id) => (
          <a key={id} href={`#${id}`} aria-current={id === place ? 'page' : undefined}>
            {PLACES[id]}
          </a>
        ))}
      </nav>
      <div className="place stage" ref={frame}>
        <ErrorBoundary key={place} name={PLACES[place]}>
          <Suspense fallback={<p className="place-fetching">Fetching …</p>}>
            {createElement(VIEWS[place])}
          </Suspense>
        </ErrorBoundary>
      </div>
    </>
  );
}
