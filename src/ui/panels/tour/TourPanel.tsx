import { useEffect, useMemo, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { flushSync } from 'react-dom';
import type { StepRecord } from '../../../schema/records.ts';
import {
  useConfig,
  useGuide,
  useGuideActions,
  useLab,
  useParameterDrawerActions,
  useRunInfo,
} from '../../../app/hooks.ts';
import { throttle } from '../../../app/throttle.ts';
import { TOUR_STEPS } from '../../../app/tour.ts';
import type { TourStep } from '../../../app/tour.ts';
import type { DomainInfo } from '../../../training/session-info.ts';
import { Explain } from '../../controls/Explain.tsx';
import { Icon } from '../../controls/Icon.tsx';
import { CARDS } from './cards.tsx';
import type { CardContext } from './cards.tsx';
import { factsOf } from './facts.ts';
import { showPlace } from './place.ts';
import './tour.css';

/** Six cards below the page, one at a time; the page ends above them, so that they cover nothing. */
export function TourPanel() {
  const card = useGuide((state) => state.card);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusOnOpening(card, heading);
  return card === null ? null : <Dock card={card} heading={heading} />;
}

/** Not when the page opens with a tour that was left open. */
function useFocusOnOpening(card: TourStep | null, heading: RefObject<HTMLElement | null>): void {
  const before = useRef(card);
  useEffect(() => {
    if (before.current === null && card !== null) heading.current?.focus();
    if (before.current !== null && card === null) {
      document.querySelector<HTMLElement>('[data-opens-tour]')?.focus();
    }
    before.current = card;
  }, [card, heading]);
}

interface DockProps {
  readonly card: TourStep;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

function Dock({ card, heading }: DockProps) {
  const dock = useRef<HTMLElement>(null);
  useDockSpace(dock);
  const done = useGuide((state) => state.done);
  const { title, what, says, todo, did, places } = CARDS[card];
  const context = useContext();
  const isDone = done.includes(card);
  const isLast = done.length === TOUR_STEPS.length;
  const { show } = useParameterDrawerActions();
  const showWhere = (): void => {
    // Rows of parameters are there while their drawer is open.
    if (places.some((place) => place.startsWith('[data-param='))) flushSync(() => show(true));
    showPlace(places);
  };
  return (
    <section className="tour" aria-label="Tour" ref={dock}>
      <div className="tour-main">
        <h2 ref={heading} tabIndex={-1}>
          <span className="tour-count">
            {TOUR_STEPS.indexOf(card) + 1} of {TOUR_STEPS.length}
          </span>{' '}
          {title}
        </h2>
        <Explain what={what} />
        <p className="tour-says">{says(context)}</p>
        <div className={isDone ? 'tour-todo is-done' : 'tour-todo'}>
          <span className="tour-box" aria-hidden="true">
            {isDone && <Icon name="check" />}
          </span>
          {!isDone && (
            <p>
              {todo}{' '}
              <button type="button" className="tour-show" onClick={showWhere}>
                Show me where
              </button>
            </p>
          )}
          <p role="status">{isDone && (isLast ? `${did} That was all of it.` : did)}</p>
        </div>
      </div>
      <Steps card={card} done={done} />
    </section>
  );
}

/** In ms, for numbers that are read inside a sentence. */
const READABLE = 2500;

function useContext(): CardContext {
  const latest = useLatestStep();
  const config = useConfig(({ current }) => current);
  const domain = describeDomains(useRunInfo()?.domains ?? []);
  const facts = useMemo(() => latest && factsOf(latest), [latest]);
  return { domain, config, facts };
}

function useLatestStep(): StepRecord | null {
  const { run } = useLab();
  const [latest, setLatest] = useState(() => run.getState().latest);
  useEffect(() => {
    const renew = throttle(() => setLatest(run.getState().latest), READABLE);
    const stop = run.subscribe(renew);
    return () => {
      stop();
      renew.cancel();
    };
  }, [run]);
  return latest;
}

function describeDomains(domains: readonly DomainInfo[]): string {
  if (domains.length > 1) return `It comes from one of ${domains.length} domains.`;
  return domains[0]?.summary ?? '';
}

interface StepsProps {
  readonly card: TourStep;
  readonly done: readonly TourStep[];
}

function Steps({ card, done }: StepsProps) {
  const { turnTo, closeTour, restartTour } = useGuideActions();
  const at = TOUR_STEPS.indexOf(card);
  const next = TOUR_STEPS[at + 1];
  return (
    <div className="tour-steps">
      <ol>
        {TOUR_STEPS.map((step, i) => (
          <li key={step}>
            <button
              type="button"
              aria-label={`${i + 1}, ${CARDS[step].title}${done.includes(step) ? ', done' : ''}`}
              aria-current={step === card ? 'step' : undefined}
              title={CARDS[step].title}
              onClick={() => turnTo(step)}
            >
              {done.includes(step) ? <Icon name="check" /> : i + 1}
            </button>
          </li>
        ))}
      </ol>
      <div className="tour-turn">
        <button type="button" className="quiet" onClick={restartTour}>
          Restart
        </button>
        {next ? (
          <button
            type="button"
            className={done.includes(card) ? 'primary' : ''}
            onClick={() => turnTo(next)}
          >
            Next
          </button>
        ) : (
          <button
            type="button"
            className={done.includes(card) ? 'primary' : ''}
            onClick={closeTour}
          >
            Finish
          </button>
        )}
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close the tour"
          title="Close the tour; it goes on from here"
          onClick={closeTour}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  );
}

/** The page keeps as much room below itself as the dock is high, and scrolls things clear of it. */
function useDockSpace(dock: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = document.documentElement;
    const observer = new ResizeObserver(() => {
      root.style.setProperty('--dock', `${dock.current?.offsetHeight ?? 0}px`);
    });
    if (dock.current) observer.observe(dock.current);
    return () => {
      observer.disconnect();
      root.style.removeProperty('--dock');
    };
  }, [dock]);
}
