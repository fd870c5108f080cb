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

/** One quiet line on what just happened, which leads to where it happened. */
export function NarrationPanel() {
  const narrates = useGuide((state) => state.narrates);
  const { setNarrates } = useGuideActions();
  return (
    <section className="narrator" aria-label="What just happened">
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
  const { line, news } = useNarration();
  const { pin } = useFocusActions();
  const coming = useRecording(({ phase }) => phase !== 'none');
  const moving = useIsMoving();
  const waiting =
    coming || moving
      ? 'What happens is said here, in words and numbers.'
      : 'Press play: what happens is said here, in words and numbers.';
  return (
    <>
      <p className="narrator-line" data-testid="narration">
        {line ? line.words : waiting}{' '}
        {line && (
          <button
            type="button"
            className="narrator-step"
            title="Look at this step"
            onClick={() => pin(line.step, line.group)}
          >
            step {line.step}
          </button>
        )}
      </p>
      {/* The line itself would interrupt every few seconds: only news is read out. */}
      <p className="visually-hidden" aria-live="polite">
        {news?.words}
      </p>
    </>
  );
}
