import { useId, useRef } from 'react';
import type { SubmitEvent } from 'react';
import { usePlayground, usePlaygroundActions, useSession } from '../../../app/hooks.ts';
import { currentText, replacedText } from '../../../app/playground.ts';
import type { DomainInfo } from '../../../training/session-info.ts';
import type { InstanceFile } from '../../../tasks/manifest.ts';
import { manifestOf } from '../../../tasks/manifests.ts';
import { Segmented } from '../../controls/Segmented.tsx';
import { TableReading } from './TableReading.tsx';

const NO_DOMAINS: readonly DomainInfo[] = [];

export function PlaygroundForm({ domain }: { readonly domain: string }) {
  const { improve } = usePlaygroundActions();
  const domains = useSession(({ info }) => info?.domains ?? NO_DOMAINS);
  const info = domains.find(({ id }) => id === domain);
  const file = manifestOf(domain)?.file;
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void improve();
  };
  return (
    <form className="playground-form" onSubmit={onSubmit}>
      <DomainChoice domain={domain} domains={domains} />
      <InstanceField domain={domain} summary={info?.summary ?? ''} hint={file?.hint} />
      <TableReading />
      <div className="playground-actions">
        <ImproveButtons />
        <Examples />
        {file && <FileChoice file={file} />}
        <WordChoice />
      </div>
    </form>
  );
}

interface DomainChoiceProps {
  readonly domain: string;
  readonly domains: readonly DomainInfo[];
}

function DomainChoice({ domain, domains }: DomainChoiceProps) {
  const { choose } = usePlaygroundActions();
  const typeable = domains.filter(({ typed }) => typed);
  if (typeable.length <= 1) return null;
  return (
    <Segmented
      label="Domain of your task"
      options={typeable.map(({ id, label }) => ({ value: id, label }))}
      value={domain}
      choose={choose}
    />
  );
}

const FEWEST_LINES = 2;
const MOST_LINES = 14;

interface InstanceFieldProps {
  readonly domain: string;
  readonly summary: string;
  /** How else than in its words an instance may be given. */
  readonly hint: string | undefined;
}

function InstanceField({ domain, summary, hint }: InstanceFieldProps) {
  const id = useId();
  const text = usePlayground(currentText);
  const problem = usePlayground((state) => state.problem);
  const { type } = usePlaygroundActions();
  const lines = Math.min(MOST_LINES, Math.max(FEWEST_LINES, text.split('\n').length));
  return (
    <div className="playground-field">
      <label htmlFor={id}>Your task</label>
      <p className="playground-about" id={`${id}-hint`}>
        {summary} Write it like the held-out example that stands here at first
        {hint !== undefined && `, or ${hint}`}.
      </p>
      <textarea
        id={id}
        name={domain}
        rows={lines}
        value={text}
        spellCheck={false}
        autoCapitalize="off"
        aria-invalid={problem !== null}
        aria-describedby={problem === null ? `${id}-hint` : `${id}-problem ${id}-hint`}
        onChange={(event) => type(event.currentTarget.value)}
      />
      {problem !== null && (
        <p className="playground-issue" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** Both stay where they are while attempts come and go, so that no focus is lost. */
function ImproveButtons() {
  const working = usePlayground((state) => state.working);
  const ready = useSession(({ phase }) => phase === 'ready');
  const { stop } = usePlaygroundActions();
  return (
    <>
      <button type="submit" className="primary" disabled={!ready}>
        Improve
      </button>
      <button type="button" disabled={!working} onClick={stop}>
        Stop
      </button>
    </>
  );
}

function Examples() {
  const replaced = usePlayground((state) => replacedText(state) !== undefined);
  const { showExample, restoreTyped: bringBack } = usePlaygroundActions();
  return (
    <>
      <button type="button" onClick={() => void showExample()}>
        Another example
      </button>
      {replaced && (
        <button type="button" onClick={bringBack}>
          Back to mine
        </button>
      )}
    </>
  );
}

function FileChoice({ file: { name, accept } }: { readonly file: InstanceFile }) {
  const picker = useRef<HTMLInputElement>(null);
  const { loadFile: takeFile } = usePlaygroundActions();
  return (
    <>
      <button type="button" onClick={() => picker.current?.click()}>
        Choose a {name}
      </button>
      <input
        ref={picker}
        type="file"
        accept={accept}
        aria-label={`${name} of your task`}
        hidden
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) void takeFile(file);
          event.currentTarget.value = '';
        }}
      />
    </>
  );
}

const WORD_CHOICES = [
  { value: 'sampled', label: 'sampled' },
  { value: 'greedy', label: 'greedy' },
] as const;

function WordChoice() {
  const greedy = usePlayground((state) => state.greedy);
  const { setGreedy } = usePlaygroundActions();
  return (
    <div className="playground-words">
      <span title="Sampled at the temperature of training, or always the likeliest">Words</span>
      <Segmented
        label="How words are chosen"
        options={WORD_CHOICES}
        value={greedy ? 'greedy' : 'sampled'}
        choose={(value) => setGreedy(value === 'greedy')}
      />
    </div>
  );
}
