import { useState, type SyntheticEvent } from 'react';
import { useKept, useRunLibrary, useRunLibraryActions, useSession } from '../../../app/hooks.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import {
  EXPORT_TARGETS,
  isExportTarget,
  TARGET_NAMES,
  type ExportTargetId,
} from '../../../exports/target-names.ts';
import { download } from '../../download.ts';
import { Fork } from './Fork.tsx';
import { HubUpload } from './HubUpload.tsx';
import { formatBytes } from '../../format.ts';
import { describeProgress, describeRun, formatAgo } from './labels.ts';

/** One run of the list, and what can be done with it. */
export function RunEntry({ run }: { readonly run: RunSummary }) {
  const { id, name, note, parent } = run;
  const isHere = useKept((state) => state.run?.id === id);
  const busy = useSession((state) => state.busy !== null);
  const now = useRunLibrary((state) => state.listedAt);
  const { open, remove } = useRunLibraryActions();
  return (
    <li className="run-entry" aria-label={name}>
      <div className="run-said">
        <h3>{name}</h3>
        <p>{describeRun(run)}</p>
        <p>
          {describeProgress(run)} · {formatBytes(run.bytes)} ·{' '}
          <time dateTime={new Date(run.saved).toISOString()}>{formatAgo(run.saved, now)}</time>
          {parent !== null && ` · forked at step ${parent.step}`}
        </p>
        {note !== '' && <p className="run-note">{note}</p>}
      </div>
      <div className="run-actions">
        <button
          type="button"
          disabled={isHere || busy}
          aria-label={isHere ? `${name} is open here` : `Open ${name}`}
          onClick={() => void open(id)}
        >
          {isHere ? 'Open here' : 'Open'}
        </button>
        <button
          type="button"
          className="quiet"
          disabled={isHere}
          title={
            isHere ? 'The run that is open cannot be deleted' : 'It can be brought back for a day'
          }
          aria-label={`Delete ${name}`}
          onClick={() => void remove(id, name)}
        >
          Delete
        </button>
      </div>
      <More run={run} />
    </li>
  );
}

/** What is needed now and then, made when it is unfolded. */
function More({ run }: { readonly run: RunSummary }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="run-more" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`More with ${run.name}`}>More</summary>
      {isOpen && (
        <div className="run-more-body">
          <Labels run={run} />
          <Fork run={run} />
          <Copies run={run} />
          <HubUpload run={run} />
        </div>
      )}
    </details>
  );
}

function Labels({ run: { id, name, note } }: { readonly run: RunSummary }) {
  const { rename, setNote } = useRunLibraryActions();
  const save = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const [newName, newNote] = [textOf(entered, 'name').trim(), textOf(entered, 'note').trim()];
    if (newName !== '' && newName !== name) await rename(id, newName);
    if (newNote !== note) await setNote(id, newNote);
  };
  return (
    <form className="run-labels" onSubmit={(event) => void save(event)}>
      <label>
        Name
        <input name="name" defaultValue={name} maxLength={120} required />
      </label>
      <label>
        Note
        <input name="note" defaultValue={note} maxLength={500} />
      </label>
      <button type="submit">Save name and note</button>
    </form>
  );
}

function textOf(entered: FormData, field: string): string {
  const value = entered.get(field);
  return typeof value === 'string' ? value : '';
}

/** The value of the option that is no other program's. */
const OWN_FORMAT = 'run';

function Copies({ run: { id, name } }: { readonly run: RunSummary }) {
  const { duplicate, export: exportSaved } = useRunLibraryActions();
  const [isCopied, setCopied] = useState(false);
  const copyAddress = async (): Promise<void> => {
    await navigator.clipboard.writeText(`${location.origin}${location.pathname}?run=${id}`);
    setCopied(true);
  };
  const [target, setTarget] = useState<ExportTargetId>();
  const save = async (): Promise<void> => {
    const file = await exportSaved(id, target);
    if (file) download(file.path, new Blob([file.bytes], { type: 'application/zip' }));
  };
  return (
    <div className="run-copies">
      <button
        type="button"
        aria-label={`Duplicate ${name}`}
        onClick={() => void duplicate(id, false)}
      >
        Duplicate
      </button>
      <select
        aria-label={`Format of the export of ${name}`}
        value={target ?? OWN_FORMAT}
        onChange={({ currentTarget: { value } }) => {
          setTarget(isExportTarget(value) ? value : undefined);
        }}
      >
        <option value={OWN_FORMAT}>Run, to import again</option>
        {EXPORT_TARGETS.map((one) => (
          <option key={one} value={one} title={TARGET_NAMES[one].summary}>
            {TARGET_NAMES[one].label}
          </option>
        ))}
      </select>
      <button type="button" aria-label={`Export ${name}`} onClick={() => void save()}>
        Export
      </button>
      <button
        type="button"
        aria-label={`Copy the address of ${name}`}
        onClick={() => void copyAddress()}
      >
        Copy address
      </button>
      <span aria-live="polite">{isCopied && 'Copied. It opens in this browser only.'}</span>
    </div>
  );
}
