import { sharesOf } from '../../../app/baselines.ts';
import { PARAMS } from '../../../schema/params.ts';
import type { Config } from '../../../schema/params.ts';
import { matchPreset, STRATEGIES } from '../../../schema/presets.ts';
import { useConfig, useRecording, useRecordingActions, useRun } from '../../../app/hooks.ts';
import { trainsRecorded } from '../../../app/recording.ts';
import type { SessionInfo } from '../../../training/session-info.ts';
import { Icon } from '../../controls/Icon.tsx';
import { useMediaQuery } from '../../useMediaQuery.ts';
import './recording.css';

/** Says that what is shown was recorded, and of what. Keeps its place while the recording is fetched. */
export function RecordingBar() {
  const phase = useRecording((state) => state.phase);
  const info = useRecording((state) => state.info);
  if (phase === 'none') return null;
  return (
    <section className="recording" aria-label="Recording">
      {info === null ? <p>Fetching a recorded run …</p> : <Shown info={info} />}
    </section>
  );
}

function Shown({ info }: { readonly info: SessionInfo }) {
  const step = useRun((run) => run.latest?.step ?? 0);
  const same = useConfig(({ current }) => trainsRecorded(info.config, current));
  const isAlone = useRecording((state) => state.isAlone);
  const { leave } = useRecordingActions();
  return (
    <>
      <p>
        <span className="recording-mark" aria-hidden="true" />
        <strong title={describe(info.config)}>Replay</strong>
        <span className="visually-hidden">
          {' '}
          of a real run: {describe(info.config)}.{' '}
          {isAlone
            ? 'Close it to train.'
            : same
              ? 'Press play to train it.'
              : 'Play trains another run.'}
        </span>
      </p>
      <p className="recording-step">
        <span className="visually-hidden">step </span>
        <span data-testid="recorded-step">{step}</span> of {info.step}
      </p>
      <Motion atEnd={step >= info.step} />
      <button
        type="button"
        className="quiet icon-only"
        aria-label="Close the recording"
        title="Close the recording"
        onClick={leave}
      >
        <Icon name="close" />
      </button>
    </>
  );
}

/** What moves by itself for longer than five seconds must be stoppable. */
function Motion({ atEnd }: { readonly atEnd: boolean }) {
  const playing = useRecording((state) => state.playing);
  const { pause, resume } = useRecordingActions();
  const reducedMotion = useMediaQuery('(prefers-reduced-motion: reduce)');
  if (reducedMotion) return null;
  const name = playing ? 'Hold' : atEnd ? 'Watch again' : 'Go on';
  return (
    <button
      type="button"
      className="quiet recording-motion"
      aria-label={`${name}: recording`}
      onClick={playing ? pause : resume}
    >
      {name}
    </button>
  );
}

/** `Locks, small (4 dials × 3), 75% unsolvable, ExIt, seed 1` */
export function describe(config: Config): string {
  const task = PARAMS.task.options[config.task];
  const strategy = matchPreset(STRATEGIES, config);
  const name = strategy ? STRATEGIES[strategy].label : 'a strategy of its own';
  return [task, ...sharesOf(config), name, `seed ${config.seed}`].join(', ');
}
