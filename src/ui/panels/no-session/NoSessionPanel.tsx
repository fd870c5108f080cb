import { MISSING_PART } from '../../../base/missing-part.ts';
import { useActions, useSession } from '../../../app/hooks.ts';
import './no-session.css';

/** Why the page cannot train where it cannot, and what may help. */
export function NoSessionPanel() {
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
