import {
  createElement,
  lazy,
  Suspense,
  useEffect,
  useLayoutEffect,
  useRef,
  type ComponentType,
  type RefObject,
} from 'react';
import { useLab, usePlaces } from '../../app/hooks.ts';
import { PLACE_IDS, PLACES, type PlaceId, type Scroll } from '../../app/places.ts';
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
  const frame = useRef<HTMLDivElement>(null);
  useScroll(frame, place);
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

/** A place that is asked for comes into view, where it was when it was left. */
function useScroll(frame: RefObject<HTMLDivElement | null>, place: PlaceId): void {
  const asked = usePlaces((state) => state.asked);
  const { places } = useLab();
  useLayoutEffect(() => {
    const element = frame.current;
    if (asked === 0 || !element) return;
    element.scrollIntoView({ block: 'start' });
    const left = places.scrolled(place);
    if (left === null) return;
    const goBack = (): void => {
      const section = element.querySelectorAll(SECTIONS).item(left.section);
      // Typed as if it were always there.
      if (!(section instanceof HTMLElement)) return;
      scrollBy(0, section.getBoundingClientRect().top - topOf(element) + left.pixels);
    };
    goBack();
    return whileSettling(element, goBack);
  }, [asked, frame, place, places]);
  useEffect(() => {
    const note = (): void => {
      if (frame.current) places.scroll(scrollOf(frame.current));
    };
    addEventListener('scroll', note, { passive: true });
    // What stands above may grow without a word.
    const observer = new ResizeObserver(note);
    if (frame.current) observer.observe(frame.current);
    return () => {
      removeEventListener('scroll', note);
      observer.disconnect();
    };
  }, [frame, places]);
}

const SECTIONS = ':scope > section';

/** How long a place takes to find its heights: sections that are not in sight are not drawn before. */
const SETTLES_WITHIN_MS = 1000;
/** What a person does to go elsewhere. */
const MOVES = ['wheel', 'touchmove', 'pointerdown', 'keydown'];

/**
 * Calls in the next frame, after the browser has gone back by itself, and with each section that is built or
 * takes its height, until a person moves. Returns what ends it.
 */
function whileSettling(frame: HTMLElement, call: () => void): () => void {
  const observer = new ResizeObserver(call);
  const observe = (): void => {
    for (const section of frame.querySelectorAll(SECTIONS)) observer.observe(section);
  };
  observe();
  const building = new MutationObserver(observe);
  building.observe(frame, { childList: true });
  const ended = new AbortController();
  const end = (): void => {
    observer.disconnect();
    building.disconnect();
    ended.abort();
    clearTimeout(timer);
  };
  const timer = setTimeout(end, SETTLES_WITHIN_MS);
  for (const move of MOVES) {
    addEventListener(move, end, { passive: true, capture: true, signal: ended.signal });
  }
  return end;
}

/** Where a place begins in the window when it is asked for: below the bars. */
function topOf(frame: HTMLElement): number {
  return parseFloat(getComputedStyle(frame).scrollMarginTop) || 0;
}

/** By the section that is in the middle of the window; null while the top of the place is in sight. */
function scrollOf(frame: HTMLElement): Scroll | null {
  const top = topOf(frame);
  if (frame.getBoundingClientRect().top >= top) return null;
  const tops = [...frame.querySelectorAll(SECTIONS)].map((one) => one.getBoundingClientRect().top);
  const section = tops.findLastIndex((one) => one < innerHeight / 2);
  return section < 0 ? null : { section, pixels: top - tops[section]! };
}
