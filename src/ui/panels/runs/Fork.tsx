import { useEffect, useState } from 'react';
import { useRunLibraryActions, useSession } from '../../../app/hooks.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';

/** A new run from an earlier state of this one. */
export function Fork({ run: { id, name, step } }: { readonly run: RunSummary }) {
  const { checkpoints, fork } = useRunLibraryActions();
  const busy = useSession((state) => state.busy !== null);
  const [steps, setSteps] = useState<readonly number[]>([step]);
  const [chosen, setChosen] = useState(step);
  const [changed, setChanged] = useState(false);
  useEffect(() => {
    let isStale = false;
    void checkpoints(id).then((found) => {
      if (found && !isStale) setSteps(found);
    });
    return () => {
      isStale = true;
    };
  }, [checkpoints, id, step]);
  // The newest is another one after each save.
  const from = steps.includes(chosen) ? chosen : (steps.at(-1) ?? step);
  return (
    <div className="run-fork">
      <label>
        From step
        <select value={from} onChange={(event) => setChosen(Number(event.currentTarget.value))}>
          {[...steps].reverse().map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </select>
      </label>
      <label className="run-fork-changed">
        <input
          type="checkbox"
          checked={changed}
          onChange={(event) => setChanged(event.currentTarget.checked)}
        />
        With the parameters now set on the page, as far as they can change within a run
      </label>
      <button
        type="button"
        disabled={busy}
        aria-label={`Fork ${name} at step ${from}`}
        onClick={() => void fork(id, from, changed)}
      >
        Fork
      </button>
    </div>
  );
}
