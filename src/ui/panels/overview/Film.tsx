import { Suspense, createElement, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import type { ExampleChain } from '../../../schema/records.ts';
import { useShownModel } from '../../../app/hooks.ts';
import { TextAttempt } from '../../attempts/TextAttempt.tsx';
import { viewNamed } from '../../../tasks/views.ts';
import { filmOf, filmWords } from './film.ts';

/** Frames of a strip that there is room for. */
const MOST_FRAMES = 4;

interface FilmProps extends Omit<StripProps, 'chain'> {
  /** Absent where there is none to show. */
  readonly chain: ExampleChain | undefined;
}

/** The chain of attempts at a held-out task, as an evaluation made it. */
export function Film({ chain, step, words }: FilmProps) {
  if (!chain) return null;
  return (
    // As a whole: how wide frames are is known once the view of their domain is there.
    <Suspense fallback={<Fetching words={words} />}>
      <Strip {...{ chain, words, step }} />
    </Suspense>
  );
}

function Fetching({ words }: Pick<FilmProps, 'words'>) {
  return (
    <div className="film is-fetching">
      <p className="film-words">
        <strong>{words}</strong>: …
      </p>
    </div>
  );
}

interface StripProps {
  readonly chain: ExampleChain;
  readonly step: number;
  readonly words: string;
}

function Strip({ chain, step, words }: StripProps) {
  const strip = useRef<HTMLDivElement>(null);
  const { frames, wraps } = useFittingFrames(strip, chain);
  const film = filmOf(chain, frames);
  const last = film.frames.length - 1;
  return (
    <div className="film" data-testid="film" data-step={step}>
      <p className="film-words">
        <strong>{words}</strong>: {filmWords(film, chain.attempts)}
      </p>
      <div
        ref={strip}
        className={wraps ? 'film-strip wraps' : 'film-strip'}
        role="region"
        aria-label={`Attempts, ${words.toLowerCase()}`}
        // A scrolling region must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
      >
        <ol>
          {film.frames.map(({ k, attempt, before }, i) => (
            <li key={k} className={attempt.solved ? 'film-frame is-solved' : 'film-frame'}>
              {i === last && film.skipped > 0 && (
                <span className="film-skipped">{film.skipped} more …</span>
              )}
              <span className="visually-hidden">
                Try {k + 1}
                {attempt.solved ? ', solved' : ''}:
              </span>
              <ExampleView chain={chain} attempt={attempt} before={before} />
            </li>
          ))}
        </ol>
      </div>
    </div>
  );
}

const ALL = { frames: MOST_FRAMES, wraps: false };

/**
 * As many frames as the strip has room for without scrolling, at least the first and the last, which stand
 * under each other where they must. Attempts are as wide as their domain draws them: it is tried, before
 * anything is painted.
 */
function useFittingFrames(strip: RefObject<HTMLDivElement | null>, chain: ExampleChain) {
  const [tried, setTried] = useState({ chain, width: 0, ...ALL });
  if (tried.chain !== chain) setTried({ ...tried, chain, ...ALL });
  useLayoutEffect(() => {
    const element = strip.current;
    if (!element) return;
    const look = (): void => {
      const { clientWidth: width, scrollWidth } = element;
      setTried((state) => {
        if (state.width !== width) return { ...state, width, ...ALL };
        if (scrollWidth <= width || state.wraps) return state;
        return state.frames > 2
          ? { ...state, frames: state.frames - 1 }
          : { ...state, wraps: true };
      });
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [strip, tried]);
  return tried;
}

interface ExampleViewProps {
  readonly chain: ExampleChain;
  /** Null shows the task alone. */
  readonly attempt: ExampleChain['attempts'][number] | null;
  readonly before: ExampleChain['attempts'][number] | null;
}

export function ExampleView({ chain: { domain, instance }, attempt, before }: ExampleViewProps) {
  const view = viewNamed(domain);
  const model = useShownModel();
  if (view && model) {
    const shown = { instance, attempt, compareTo: before };
    return <TextAttempt {...{ domain, view, model, shown }} />;
  }
  if (!view) return <span>{attempt?.tokens.join(' ')}</span>;
  return createElement(view, { instance, attempt, compareTo: before });
}
