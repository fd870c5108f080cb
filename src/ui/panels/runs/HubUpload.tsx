import { useEffect, useRef, useState, type SyntheticEvent } from 'react';
import { useRunLibraryActions } from '../../../app/hooks.ts';
import type { RunSummary } from '../../../runs/store/run-store.ts';
import './hub.css';

/** Where an upload stands. */
type Stage = 'asked' | 'sending' | { readonly address: string } | { readonly problem: string };

/** Puts a run on the Hugging Face Hub: its card is shown first, and the token is kept nowhere. */
export function HubUpload({ run }: { readonly run: RunSummary }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="hub-upload" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary aria-label={`Upload ${run.name} to the Hugging Face Hub`}>
        Upload to the Hugging Face Hub
      </summary>
      {isOpen && <UploadForm run={run} />}
    </details>
  );
}

function UploadForm({ run: { id } }: { readonly run: RunSummary }) {
  const { upload } = useRunLibraryActions();
  const [stage, setStage] = useState<Stage>('asked');
  const token = useRef<HTMLInputElement>(null);
  const send = async (event: SyntheticEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const request = {
      to: textOf(entered, 'to').trim(),
      isPrivate: entered.has('private'),
      token: textOf(entered, 'token').trim(),
    };
    setStage('sending');
    // It is in the request alone from here on.
    if (token.current) token.current.value = '';
    try {
      setStage({ address: await upload(id, request) });
    } catch (error) {
      setStage({ problem: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <form className="hub-upload-form" autoComplete="off" onSubmit={(event) => void send(event)}>
      <Card id={id} />
      <label>
        Repository
        <input name="to" required spellCheck={false} placeholder="owner/name" />
      </label>
      <label>
        Token that may write
        <input ref={token} name="token" type="password" required autoComplete="off" />
      </label>
      <label className="hub-private">
        <input name="private" type="checkbox" defaultChecked />
        Private, if the repository is new
      </label>
      <p className="runs-usage">
        The token is sent to huggingface.co with this upload, and kept nowhere.
      </p>
      <button type="submit" disabled={stage === 'sending'}>
        Upload the run
      </button>
      <div aria-live="polite">
        <Outcome stage={stage} />
      </div>
    </form>
  );
}

function Outcome({ stage }: { readonly stage: Stage }) {
  if (stage === 'asked') return null;
  if (stage === 'sending') return <p>Uploading …</p>;
  if ('problem' in stage) return <p className="runs-problem">{stage.problem}</p>;
  return (
    <p>
      Uploaded:{' '}
      <a href={stage.address} target="_blank" rel="noreferrer">
        {stage.address}
      </a>
    </p>
  );
}

/** What people will read of it there. */
function Card({ id }: { readonly id: string }) {
  const { card } = useRunLibraryActions();
  const [text, setText] = useState('Reading …');
  useEffect(() => {
    let isGone = false;
    const show = (said: string): void => {
      if (!isGone) setText(said);
    };
    card(id).then(show, (error: unknown) => show(String(error)));
    return () => {
      isGone = true;
    };
  }, [card, id]);
  return (
    // It scrolls, so that keys must reach it.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <pre className="hub-card" role="region" aria-label="Card of the run on the hub" tabIndex={0}>
      {text}
    </pre>
  );
}

function textOf(entered: FormData, field: string): string {
  const value = entered.get(field);
  return typeof value === 'string' ? value : '';
}
