import {
  useActions,
  useKept,
  useLab,
  useRunLibraryActions,
  useSession,
} from '../../../app/hooks.ts';
import type { LastRun } from '../../../app/kept.ts';
import type { KeptRun } from '../../../worker/protocol.ts';
import { Icon } from '../../controls/Icon.tsx';
import { formatNumber } from '../../format.ts';
import './runs.css';

/** The way back to what was trained on an earlier visit; or why this run cannot be trained here. */
export function KeptBar() {
  const run = useKept((state) => state.run);
  const last = useKept((state) => state.last);
  const step = useSession((state) => state.step);
  if (run?.isReadOnly) return <ReadOnly run={run} />;
  return last !== null && run === null && step === 0 ? <Continue last={last} /> : null;
}

function Continue({ last }: { readonly last: LastRun }) {
  const ready = useSession(({ phase, busy }) => phase !== 'loading' && busy === null);
  const { openRun } = useActions();
  const { kept } = useLab();
  return (
    <section className="kept-bar" aria-label="Your last run">
      <p>
        Your last run: <strong>{last.name}</strong>, step {formatNumber(last.step)}.
      </p>
      <button type="button" disabled={!ready} onClick={() => void openRun(last.id)}>
        Continue it
      </button>
      <button
        type="button"
        className="quiet icon-only"
        aria-label="Leave the last run where it is"
        title="It stays under Runs"
        onClick={kept.dismissLast}
      >
        <Icon name="close" />
      </button>
    </section>
  );
}

function ReadOnly({ run }: { readonly run: KeptRun }) {
  const ready = useSession(({ busy }) => busy === null);
  const { openRun } = useActions();
  const { duplicate } = useRunLibraryActions();
  return (
    <section className="kept-bar" aria-label="A run of another window">
      <p>
        <strong>{run.name}</strong> is being trained in another window. Here it can be looked at, as
        it was at step {formatNumber(run.step)}.
      </p>
      <button type="button" disabled={!ready} onClick={() => void duplicate(run.id, true)}>
        Go on with a copy
      </button>
      <button type="button" disabled={!ready} onClick={() => void openRun(run.id)}>
        Look again
      </button>
    </section>
  );
}
