import { useActions, useNotices, useSession } from '../../../app/hooks.ts';
import { Icon } from '../../controls/Icon.tsx';
import './notices.css';

/** What went wrong: the reason training stopped, and refusals that can be dismissed. */
export function NoticesPanel() {
  const notices = useNotices((state) => state.notices);
  const { dismissNotice } = useActions();
  return (
    <div className="notices" aria-live="polite">
      <Stopped />
      {notices.map(({ id, title, details }) => (
        <section key={id} className="notice" aria-label={title}>
          <div>
            <p className="notice-title">{title}</p>
            <ul>
              {details.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          </div>
          <button
            type="button"
            className="quiet icon-only"
            aria-label={`Dismiss: ${title}`}
            onClick={() => dismissNotice(id)}
          >
            <Icon name="close" />
          </button>
        </section>
      ))}
    </div>
  );
}

/** Training stopped by itself, with a session that may still be exported or reset. */
function Stopped() {
  const failure = useSession((state) => (state.phase === 'ready' ? state.failure : null));
  const busy = useSession((state) => state.busy !== null);
  const { reset } = useActions();
  if (failure === null) return null;
  return (
    <section className="notice notice-failure" aria-label="Training stopped">
      <div>
        <p className="notice-title">Training stopped.</p>
        <p>{failure}</p>
        <p>What was measured is still here. Your parameters are kept in the address.</p>
      </div>
      <div className="notice-actions">
        <button type="button" disabled={busy} onClick={() => void reset()}>
          Reset
        </button>
        <button type="button" onClick={() => location.reload()}>
          Reload the page
        </button>
      </div>
    </section>
  );
}
