import { useEffect, useState, type SyntheticEvent } from 'react';
import {
  useHubModels,
  useHubModelsActions,
  useModelsActions,
  useParameterDrawerActions,
  useRunLibraryActions,
} from '../../../app/hooks.ts';
import type { HubModel } from '../../../runs/hub/hub-model.ts';
import type { KeptModel } from '../../../runs/hub/kept-models.ts';
import { formatBytes } from '../../format.ts';
import './hub.css';

/** Pretrained models that this browser keeps, and the way to one more. */
export function HubModels() {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="hub" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Pretrained models</summary>
      {isOpen && <Body />}
    </details>
  );
}

function Body() {
  const busy = useHubModels((state) => state.busy);
  const found = useHubModels((state) => state.found);
  const { list, drop } = useHubModelsActions();
  useEffect(() => {
    void list();
    return drop;
  }, [list, drop]);
  return (
    <div className="hub-body">
      <Find isBusy={busy !== null} />
      <div aria-live="polite">
        {busy === 'asking' && <p>Asking huggingface.co …</p>}
        <Problem />
        {found && <Found model={found} />}
      </div>
      {busy === 'downloading' && <Downloading />}
      <Kept />
    </div>
  );
}

/** Nothing is sent before the button is pressed. */
function Find({ isBusy }: { readonly isBusy: boolean }) {
  const { find } = useHubModelsActions();
  const ask = (event: SyntheticEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const name = new FormData(event.currentTarget).get('model');
    if (typeof name === 'string') void find(name);
  };
  return (
    <form className="hub-find" onSubmit={ask}>
      <label>
        Model on the Hugging Face Hub
        <input
          name="model"
          required
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="HuggingFaceTB/SmolLM2-135M-Instruct"
        />
      </label>
      <button type="submit" disabled={isBusy}>
        Look it up
      </button>
    </form>
  );
}

function Problem() {
  const problem = useHubModels((state) => state.problem);
  return problem !== null && <p className="runs-problem">{problem}</p>;
}

function Found({ model }: { readonly model: HubModel }) {
  const { download, drop } = useHubModelsActions();
  return (
    <section className="hub-found" aria-label={model.id}>
      <h3>{model.id}</h3>
      <p>
        {formatBytes(model.size)} in {model.files.length} files · {licenceOf(model)}
      </p>
      <div className="run-actions">
        <button type="button" onClick={() => void download(model)}>
          Download {formatBytes(model.size)}
        </button>
        <button type="button" className="quiet" onClick={drop}>
          Cancel
        </button>
      </div>
    </section>
  );
}

function licenceOf({ licence }: HubModel): string {
  return licence === null ? 'licence not stated' : `licence: ${licence}`;
}

function Downloading() {
  const progress = useHubModels((state) => state.progress);
  const { stop } = useHubModelsActions();
  const { path, received, total } = progress ?? { path: '', received: 0, total: 1 };
  return (
    <div className="hub-progress">
      <progress aria-label="Download" value={received} max={total} />
      <span>
        {progress ? `${formatBytes(received)} of ${formatBytes(total)}, ${path}` : 'Starting …'}
      </span>
      <button type="button" onClick={() => void stop()}>
        Stop the download
      </button>
    </div>
  );
}

function Kept() {
  const models = useHubModels((state) => state.models);
  if (models === null) return <p>Reading …</p>;
  if (models.length === 0) return <p className="runs-usage">No model is kept in this browser.</p>;
  return (
    <ul className="runs-list" aria-label="Kept models">
      {models.map((model) => (
        <KeptEntry key={model.name} model={model} />
      ))}
    </ul>
  );
}

function KeptEntry({ model }: { readonly model: KeptModel }) {
  const isBusy = useHubModels((state) => state.busy !== null);
  const { download, remove, files } = useHubModelsActions();
  const { pickFiles } = useModelsActions();
  const { show: showDrawer } = useParameterDrawerActions();
  const { show: showRuns } = useRunLibraryActions();
  /** Into the picker, which says what it takes before it is loaded. */
  const pick = async (): Promise<void> => {
    const blobs = await files(name);
    if (!blobs) return;
    showRuns(false);
    showDrawer(true);
    await pickFiles(id, blobs);
  };
  const { id, name, commit, size, isWhole } = model;
  return (
    <li className="run-entry" aria-label={id}>
      <div className="run-said">
        <h3>{id}</h3>
        <p>
          {formatBytes(size)} · {licenceOf(model)} · commit {commit.slice(0, 8)}
          {!isWhole && ' · not all of it is here'}
        </p>
      </div>
      <div className="run-actions">
        {isWhole && (
          <button type="button" aria-label={`Train ${id}`} onClick={() => void pick()}>
            Train
          </button>
        )}
        {!isWhole && (
          <button
            type="button"
            disabled={isBusy}
            aria-label={`Go on downloading ${id}`}
            onClick={() => void download(model)}
          >
            Go on
          </button>
        )}
        <button
          type="button"
          className="quiet"
          disabled={isBusy}
          aria-label={`Remove ${id}`}
          onClick={() => void remove(name)}
        >
          Remove
        </button>
      </div>
    </li>
  );
}
