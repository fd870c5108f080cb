import { MISSING_PART } from '../../../base/missing-part.ts';
import {
  useActions,
  useKept,
  useNotices,
  useRunLibraryActions,
  useSession,
} from '../../../app/hooks.ts';
import type { KeptRun } from '../../../worker/protocol.ts';
import { Icon } from '../../controls/Icon.tsx';
import { download } from '../../download.ts';
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
            {details.length > 0 && (
              <ul>
                {details.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            )}
          </div>
          {details.includes(MISSING_PART) && (
            <button type="button" onClick={() => location.reload()}>
              Reload the page
            </button>
          )}
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
  const run = useKept((state) => state.run);
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
        {run && <Saved run={run} />}
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

/** What the store has of the run, whether or not there is a worker that trains. */
function Saved({ run }: { readonly run: KeptRun }) {
  const busy = useSession((state) => state.busy !== null);
  const { recover } = useActions();
  const { export: exportSaved } = useRunLibraryActions();
  return (
    <>
      <button type="button" disabled={busy} onClick={() => void recover()}>
        Go back to step {run.step}
      </button>
      <button
        type="button"
        onClick={() =>
          void exportSaved(run.id).then(
            (file) =>
              file && download(file.path, new Blob([file.bytes], { type: 'application/zip' })),
          )
        }
      >
        Export step {run.step}
      </button>
    </>
  );
}
