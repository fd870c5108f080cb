import {
  useFocusActions,
  useGuide,
  useGuideActions,
  useIsMoving,
  useRecording,
} from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import { useNarration } from './useNarration.ts';
import './narration.css';

/** One line on the newest event, which leads to its step. */
export function NarrationPanel() {
  const narrates = useGuide((state) => state.narrates);
  const { setNarrates } = useGuideActions();
  return (
    <section className="narration" aria-label="Events">
      {narrates && <Line />}
      <button
        type="button"
        className="quiet"
        aria-pressed={narrates}
        title={
          narrates ? 'Stop saying what happens' : 'Say what happens, at most every five seconds'
        }
        onClick={() => setNarrates(!narrates)}
      >
        <Icon name="speech" />
        <span className={narrates ? 'visually-hidden' : ''}>Narration</span>
      </button>
    </section>
  );
}

function Line() {
  const { line, announcement } = useNarration();
  const { pin } = useFocusActions();
  const coming = useRecording(({ phase }) => phase !== 'none');
  const moving = useIsMoving();
  const waiting =
    coming || moving
      ? 'What happens is said here, in words and numbers.'
      : 'Press play: what happens is said here, in words and numbers.';
  return (
    <>
      <p className="narration-line" data-testid="narration">
        {line ? line.words : waiting}{' '}
        {line && (
          <button
            type="button"
            className="narration-step"
            title="Look at this step"
            onClick={() => pin(line.step, line.group)}
          >
            step {line.step}
          </button>
        )}
      </p>
      {/* The line itself would interrupt every few seconds: only what is announced is read out. */}
      <p className="visually-hidden" aria-live="polite">
        {announcement?.words}
      </p>
    </>
  );
}
