import { MISSING_PART } from '../../../base/missing-part.ts';
import { useActions, useGuide, useGuideActions, useSession } from '../../../app/hooks.ts';
import './intro.css';

const PAPER = 'https://arxiv.org/abs/2509.04575';

/** What the page is, for someone who has never heard of it, and why it cannot train where it cannot. */
export function IntroPanel() {
  return (
    <section className="intro" aria-label="About">
      <p>
        This page trains a small transformer, in this browser tab, to improve its own attempts
        <span className="intro-how">
          : every attempt can become the starting point of the next one, and training keeps
          returning to the starting points where attempts still turn out differently
        </span>
        . A curriculum emerges that nobody wrote; the method is{' '}
        <a href={PAPER} target="_blank" rel="noreferrer">
          Exploratory Iteration<span className="visually-hidden"> (paper, opens in a new tab)</span>
        </a>
        . <TourInvitation />
      </p>
      <NoSession />
    </section>
  );
}

/** For who has not taken it yet. */
function TourInvitation() {
  const asked = useGuide(({ card, done }) => card === null && done.length === 0);
  const { openTour } = useGuideActions();
  if (!asked) return null;
  return (
    <button type="button" className="tour-invitation" onClick={openTour}>
      Take the tour: six things to do
    </button>
  );
}

function NoSession() {
  const failure = useSession((state) => (state.phase === 'failed' ? state.failure : null));
  if (failure === null) return null;
  return (
    <div className="no-session" role="alert">
      <h2>Training cannot start here</h2>
      <p>{failure}</p>
      {failure === MISSING_PART ? (
        <div className="notice-actions">
          <button type="button" className="primary" onClick={() => location.reload()}>
            Reload the page
          </button>
        </div>
      ) : (
        <OtherBackends />
      )}
    </div>
  );
}

function OtherBackends() {
  const { load, setParam } = useActions();
  const withoutAcceleration = (): void => {
    setParam('backend', 'cpu');
    void load();
  };
  return (
    <>
      <p>
        The policy runs on WebGPU, else on WebAssembly, else in plain JavaScript. An up-to-date
        desktop browser has at least the second; some privacy modes switch it off.
      </p>
      <div className="notice-actions">
        <button type="button" className="primary" onClick={() => void load()}>
          Try again
        </button>
        <button type="button" onClick={withoutAcceleration}>
          Try plain JavaScript (slow)
        </button>
      </div>
    </>
  );
}
