import type { ReactNode } from 'react';
import { configToQuery } from '../../../schema/url.ts';
import type { SessionInfo } from '../../../training/session-info.ts';
import {
  useActions,
  useConfig,
  useGuideActions,
  useLab,
  useRecording,
  useSession,
} from '../../../app/hooks.ts';
import { isOnPlay } from '../../../app/recording.ts';
import { Icon } from '../../controls/Icon.tsx';
import type { IconName } from '../../controls/Icon.tsx';
import { formatCompact, formatNumber } from '../../format.ts';
import { ThemeToggle } from '../../theme.tsx';
import { Files } from './Files.tsx';
import { Loading } from './Loading.tsx';
import { StatusLine } from './StatusLine.tsx';
import './topbar.css';

interface TopBarProps {
  /** Opens the list of runs; absent in a frame. */
  readonly runs?: ReactNode;
  /** Tells a step slowly; absent in a frame. */
  readonly slow?: ReactNode;
}

export function TopBar({ runs, slow }: TopBarProps) {
  const { embed } = useLab().view;
  return (
    <header className="topbar">
      <h1>ExIt Lab</h1>
      <Transport slow={slow} />
      <Counters />
      <StatusLine />
      <Loading />
      <div className="topbar-end">
        {embed ? (
          <WholePage />
        ) : (
          <>
            <BackendChip />
            {runs}
            <Files />
            <Help />
            <ThemeToggle />
          </>
        )}
      </div>
    </header>
  );
}

function Help() {
  const { setSheet } = useGuideActions();
  return (
    <button
      type="button"
      className="quiet opens-keys"
      title="Keys and what they do (?)"
      onClick={() => setSheet(true)}
    >
      <Icon name="keys" />
      <span className="button-text">Keyboard</span>
    </button>
  );
}

/** From a frame to the page itself, with the same parameters. */
function WholePage() {
  const query = useConfig(({ current }) => configToQuery(current));
  return (
    <a className="whole-page" href={`?${query}`} target="_blank" rel="noreferrer">
      Open the whole page<span className="visually-hidden"> in a new tab</span>
    </a>
  );
}

function Transport({ slow }: Pick<TopBarProps, 'slow'>) {
  const { step, reset, newSeed } = useActions();
  const running = useSession((state) => state.running);
  const ready = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const resettable = useSession(({ phase, busy }) => phase !== 'loading' && busy === null);
  return (
    <div className="transport" role="group" aria-label="Training">
      <PlayButton />
      <Action
        icon="step"
        name="Step"
        hint="One training step (s)"
        enabled={ready && !running}
        act={step}
      />
      {slow}
      <Action
        icon="reset"
        name="Reset"
        hint="From the start, same seed"
        enabled={resettable}
        act={reset}
      />
      <Action
        icon="dice"
        name="New seed"
        hint="From the start, another seed"
        enabled={resettable}
        act={newSeed}
      />
    </div>
  );
}

/** A step in flight is finished first, which may take seconds: until then the pause can be called off. */
function PlayButton() {
  const { play, pause } = useActions();
  // Null where Play trains.
  const replays = useRecording((state) => (isOnPlay(state) ? state.playing : null));
  const trains = useSession((state) => state.running);
  const running = replays ?? trains;
  const pausing = useSession(({ running, busy }) => running && busy === 'pause');
  const idle = useSession(({ phase, busy }) => phase === 'ready' && busy === null);
  const ready = replays !== null || idle;
  const hint = pausing
    ? 'The step in flight is finished first; press to go on training (space)'
    : running
      ? 'Pause (space)'
      : 'Play (space)';
  return (
    <button
      type="button"
      className="primary"
      disabled={!ready && !running}
      title={hint}
      onClick={() => void (running && !pausing ? pause() : play())}
    >
      <Icon name={running ? 'pause' : 'play'} />
      {pausing ? 'Pausing…' : running ? 'Pause' : 'Play'}
    </button>
  );
}

interface ActionProps {
  readonly icon: IconName;
  readonly name: string;
  readonly hint: string;
  readonly enabled: boolean;
  readonly act: () => Promise<unknown>;
}

function Action({ icon, name, hint, enabled, act }: ActionProps) {
  return (
    <button
      type="button"
      className="quiet"
      disabled={!enabled}
      title={hint}
      onClick={() => void act()}
    >
      <Icon name={icon} />
      <span className="button-text">{name}</span>
    </button>
  );
}

/** Those of the page's own run; a recording says where it stands itself. */
function Counters() {
  const recorded = useRecording(({ phase }) => phase !== 'none');
  const step = useSession((state) => state.step);
  const speed = useSession((state) => state.tokensPerSecond);
  return (
    <dl className="counters" hidden={recorded}>
      <div>
        <dt>step</dt>
        <dd data-testid="step">{formatNumber(step)}</dd>
      </div>
      <div>
        <dt>tokens/s</dt>
        <dd>{speed === null ? '–' : formatCompact(speed)}</dd>
      </div>
    </dl>
  );
}

const BACKENDS: Readonly<Record<SessionInfo['backend']['name'], string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'JavaScript',
  'tfjs-webgpu': 'TF.js WebGPU',
  'tfjs-wasm': 'TF.js wasm',
  'tfjs-cpu': 'TF.js JavaScript',
};

function BackendChip() {
  const info = useSession((state) => state.info);
  if (info === null) return null;
  return (
    <details className="backend">
      <summary title={`Backend: ${BACKENDS[info.backend.name]}`}>
        <Icon name="backend" />
        <span className="visually-hidden">Backend: {BACKENDS[info.backend.name]}</span>
      </summary>
      <div className="popover">
        <p>
          {BACKENDS[info.backend.name]}. {info.backend.reason}
        </p>
        <p>
          {formatNumber(info.parameters)} parameters, from {info.origin}.
        </p>
      </div>
    </details>
  );
}
