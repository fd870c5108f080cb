import { useEffect, useId, useRef, useState, type DragEvent } from 'react';
import {
  useHubModels,
  useHubModelsActions,
  useModels,
  useModelsActions,
  useSession,
  useShownModel,
} from '../../../app/hooks.ts';
import type { ModelForm } from '../../../app/models.ts';
import type { ModelOffer } from '../../../training/model-offer.ts';
import { droppedFiles } from './dropped.ts';
import { formatBytes } from '../../format.ts';
import { offerWords } from './offer.ts';
import './model-picker.css';

/** A pretrained model of one's own: said what it is and takes before anything of it is loaded. */
export function ModelPicker() {
  const titleId = useId();
  const trained = useShownModel();
  return (
    <section className="model-picker" aria-labelledby={titleId}>
      <h3 id={titleId}>Your own model</h3>
      {trained && <Trained name={trained.name} />}
      <Pick />
      <Picked />
      <Kept />
    </section>
  );
}

function Trained({ name }: { readonly name: string }) {
  const { leave } = useModelsActions();
  const isBusy = useSession(({ busy }) => busy !== null);
  return (
    <p>
      This run trains <strong>{name}</strong>.{' '}
      <button type="button" disabled={isBusy} onClick={() => void leave()}>
        Back to a small policy
      </button>
    </p>
  );
}

function Pick() {
  const { pick } = useModelsActions();
  const [isOver, setIsOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setIsOver(false);
    void droppedFiles(event.dataTransfer).then((files) =>
      files.length > 0 ? pick(files) : undefined,
    );
  };
  const over = (event: DragEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    setIsOver(true);
  };
  return (
    <div
      className={isOver ? 'model-drop is-over' : 'model-drop'}
      onDragOver={over}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <p>
        A folder as Hugging Face has them (Llama, Qwen 2 or Qwen 3, safetensors), a zip of one, or
        its files. Drop it here, or pick:
      </p>
      <div className="model-buttons">
        <FilePicker label="Folder" name="Folder of a model" isFolder pick={pick} />
        <FilePicker label="Files or zip" name="Files of a model" isFolder={false} pick={pick} />
      </div>
    </div>
  );
}

interface FilePickerProps {
  readonly label: string;
  readonly name: string;
  readonly isFolder: boolean;
  readonly pick: (files: readonly File[]) => Promise<void>;
}

function FilePicker({ label, name, isFolder, pick }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {label} …
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={name}
        {...(isFolder && { webkitdirectory: '' })}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          if (files.length > 0) void pick(files);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

function Picked() {
  const { picked, offer, problem, isLooking } = useModels((state) => state);
  const { start, forget } = useModelsActions();
  const isBusy = useSession(({ busy }) => busy !== null);
  if (!picked) return null;
  const isRefused = problem !== null;
  return (
    <div className="model-picked">
      <p role="status">
        {isLooking
          ? `Looking at ${picked.name} …`
          : (problem ?? `${picked.name} can be trained here.`)}
      </p>
      {offer && <Offer offer={offer} />}
      <Form />
      <div className="model-buttons">
        <button
          type="button"
          className="primary"
          disabled={isLooking || isRefused || isBusy || offer === null}
          onClick={() => void start()}
        >
          Load {picked.name}
        </button>
        <button type="button" onClick={forget}>
          Not this one
        </button>
      </div>
    </div>
  );
}

function Offer({ offer }: { readonly offer: ModelOffer }) {
  return (
    <dl className="model-offer" data-testid="model-offer">
      {offerWords(offer).map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const FIELDS: readonly { id: keyof ModelForm; label: string; most: number; least: number }[] = [
  { id: 'batchGroups', label: 'Starts a step', least: 1, most: 512 },
  { id: 'groupSize', label: 'Completions of each', least: 2, most: 256 },
  { id: 'maxTokens', label: 'Tokens of an answer', least: 4, most: 1024 },
  { id: 'rank', label: 'Rank of the adapters', least: 1, most: 256 },
  { id: 'warmStartSteps', label: 'Warm-start steps', least: 0, most: 1000 },
];

function Form() {
  const form = useModels((state) => state.form);
  const { set } = useModelsActions();
  return (
    <div className="model-form">
      {FIELDS.map(({ id, label, least, most }) => (
        <label key={id}>
          {label}
          <input
            type="number"
            className="number-field"
            min={least}
            max={most}
            defaultValue={form[id]}
            onBlur={({ currentTarget }) => {
              const value = Math.round(Number(currentTarget.value));
              const isValue = value >= least && value <= most && currentTarget.value !== '';
              if (!isValue) currentTarget.value = String(form[id]);
              else if (value !== form[id]) void set({ [id]: value });
            }}
          />
        </label>
      ))}
    </div>
  );
}

/** Those that came with a run, and those of the hub. */
function Kept() {
  const own = useModels((state) => state.kept) ?? [];
  const fromHub = (useHubModels((state) => state.models) ?? []).filter(({ isWhole }) => isWhole);
  const { list, pickFiles, pickKept, remove } = useModelsActions();
  const hub = useHubModelsActions();
  const trained = useShownModel();
  useEffect(() => void list(), [list, trained]);
  useEffect(() => void hub.list(), [hub]);
  if (own.length + fromHub.length === 0) return null;
  const takeFromHub = async (id: string, name: string): Promise<void> => {
    const files = await hub.files(name);
    if (files) await pickFiles(id, files);
  };
  return (
    <>
      <h4>Kept in this browser</h4>
      <ul className="model-kept">
        {own.map((model) => (
          <li key={model.id}>
            <span>
              {model.name}, {formatBytes(model.bytes)}
            </span>
            <Use name={model.name} use={() => pickKept(model)} />
            <button
              type="button"
              title="Runs of it can go on again once it is given again"
              onClick={() => void remove(model.id)}
            >
              Remove<span className="visually-hidden"> {model.name}</span>
            </button>
          </li>
        ))}
        {fromHub.map(({ id, name, size }) => (
          <li key={name}>
            <span>
              {id} of the hub, {formatBytes(size)}
            </span>
            <Use name={id} use={() => takeFromHub(id, name)} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Use({ name, use }: { readonly name: string; readonly use: () => Promise<void> }) {
  return (
    <button type="button" onClick={() => void use()}>
      Use<span className="visually-hidden"> {name}</span>
    </button>
  );
}
