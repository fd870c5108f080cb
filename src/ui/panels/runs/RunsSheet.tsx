import { useEffect, useRef, useState } from 'react';
import { useRunLibrary, useRunLibraryActions } from '../../../app/hooks.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import { Icon } from '../../controls/Icon.tsx';
import { HubModels } from './HubModels.tsx';
import { formatBytes } from '../../format.ts';
import { RunEntry } from './RunEntry.tsx';
import './runs.css';

/** As many are drawn at once; a person who looks for an older one types a word of it. */
const PAGE = 40;

/** Every run that this browser keeps, over the page until it is closed. */
export default function RunsSheet() {
  const { show } = useRunLibraryActions();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={ref} className="runs" aria-labelledby="runs-title" onClose={() => show(false)}>
      <div className="runs-head">
        <h2 id="runs-title">Runs</h2>
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close the list of runs"
          onClick={() => show(false)}
        >
          <Icon name="close" />
        </button>
      </div>
      <p className="runs-lead">
        Every run is kept in this browser as it is trained, and nowhere else. Clearing the
        browser&rsquo;s data for this page deletes them: export what you want to be sure of.
      </p>
      <Said />
      <List />
      <Deleted />
      <HubModels />
      <Usage />
    </dialog>
  );
}

/** What did not work, and the way back from a deletion. */
function Said() {
  const problem = useRunLibrary((state) => state.problem);
  const removed = useRunLibrary((state) => state.removed);
  const { restore } = useRunLibraryActions();
  return (
    <div aria-live="polite">
      {problem !== null && <p className="runs-problem">{problem}</p>}
      {removed !== null && (
        <p className="runs-removed">
          Deleted: {removed.name}.{' '}
          <button type="button" onClick={() => void restore(removed.id)}>
            Undo
          </button>
        </p>
      )}
    </div>
  );
}

function List() {
  const listing = useRunLibrary((state) => state.listing);
  const problem = useRunLibrary((state) => state.problem);
  const [text, setText] = useState('');
  const [most, setMost] = useState(PAGE);
  if (listing === null) return problem === null ? <p>Reading …</p> : null;
  if (listing.runs.length === 0) {
    return <p>No runs yet. The first training step of a run brings it here.</p>;
  }
  const found = listing.runs.filter((run) => speaksOf(run, text));
  return (
    <>
      {listing.runs.length > SEARCHED_FROM && (
        <label className="runs-search">
          Find
          <input
            type="search"
            value={text}
            placeholder="a word of the name, note or domain"
            onChange={(event) => {
              setText(event.currentTarget.value);
              setMost(PAGE);
            }}
          />
        </label>
      )}
      <ul className="runs-list" aria-label={`${found.length} runs`}>
        {found.slice(0, most).map((run) => (
          <RunEntry key={run.id} run={run} />
        ))}
      </ul>
      {found.length === 0 && <p>None of the {listing.runs.length} runs has that in it.</p>}
      {found.length > most && (
        <button type="button" onClick={() => setMost(most + PAGE)}>
          Show more of {found.length}
        </button>
      )}
    </>
  );
}

const SEARCHED_FROM = 8;

function speaksOf({ name, note, task, strategy }: RunSummary, text: string): boolean {
  return [name, note, task, strategy].join(' ').toLowerCase().includes(text.trim().toLowerCase());
}

/** Out of the list, and not gone yet. */
function Deleted() {
  const deleted = useRunLibrary((state) => state.listing?.deleted ?? NONE);
  const { restore, purge } = useRunLibraryActions();
  if (deleted.length === 0) return null;
  return (
    <details className="runs-deleted">
      <summary>Deleted ({deleted.length}): kept for a day more</summary>
      <ul>
        {deleted.slice(0, PAGE).map(({ id, name, bytes }) => (
          <li key={id}>
            <span>
              {name}, {formatBytes(bytes)}
            </span>
            <button
              type="button"
              aria-label={`Bring back ${name}`}
              onClick={() => void restore(id)}
            >
              Bring back
            </button>
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => void purge()}>
        Delete them for good now
      </button>
    </details>
  );
}

const NONE: readonly RunSummary[] = [];

function Usage() {
  const usage = useRunLibrary((state) => state.usage);
  const isPersistent = useRunLibrary((state) => state.isPersistent);
  return (
    <p className="runs-usage">
      {usage && `${formatBytes(usage.used)} of ${formatBytes(usage.quota)} used. `}
      {isPersistent === true && 'The browser keeps it until you clear it. '}
      {isPersistent === false && 'The browser may clear it when the disk runs short. '}
      Of each run the newest state is kept, and earlier ones the sparser the older they are.
    </p>
  );
}
