import { PARAMS } from '../../../schema/params.ts';
import type { ParamId } from '../../../schema/params.ts';
import { pendingParams } from '../../../app/config.ts';
import { useActions, useConfig, useLab, useSession } from '../../../app/hooks.ts';

/** What is changed and takes a fresh run stays in sight until it is applied, or taken back. */
export function PendingBar() {
  // As text, so that a change of another parameter is none here.
  const waiting = useConfig((state) => pendingParams(state).join(' '));
  return (
    <div className="pending-region" role="status">
      {waiting !== '' && <Bar ids={waiting.split(' ') as ParamId[]} />}
    </div>
  );
}

function Bar({ ids }: { readonly ids: readonly ParamId[] }) {
  const { config } = useLab();
  const busy = useSession((state) => state.busy !== null);
  const { reset, setParams } = useActions();
  const takeBack = (): void => {
    const { applied } = config.getState();
    if (applied) setParams(Object.fromEntries(ids.map((id) => [id, applied[id]])));
  };
  return (
    <div className="pending-bar">
      <p>
        <strong>{ids.length === 1 ? '1 change waits' : `${ids.length} changes wait`}</strong>{' '}
        <span className="pending-names">{ids.map((id) => PARAMS[id].label).join(', ')}</span>
      </p>
      <button type="button" className="primary" disabled={busy} onClick={() => void reset()}>
        Apply and start anew
      </button>
      <button type="button" onClick={takeBack}>
        Take back
      </button>
    </div>
  );
}
