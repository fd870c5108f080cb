/**
 * A recorded run behind the same commands as a session: it plays at a pace that can be watched and answers
 * for what it has shown. There is no policy behind it, so whatever needs one is refused.
 */
import type { StepRecord } from '../schema/records.ts';
import type { MetricRow } from '../schema/metrics.ts';
import type { Task } from '../tasks/task.ts';
import { Archive } from '../runs/index/archive.ts';
import { createBufferViewer } from '../runs/index/buffer-view.ts';
import { archiveHandlers } from './archive-handlers.ts';
import type { Describe } from '../runs/index/lineage.ts';
import { profileOf } from '../runs/index/profile.ts';
import type { SessionInfo } from '../training/session-info.ts';
import type { DepthProfile } from '../runs/index/queries.ts';
import type { Emit, Handlers } from './wire.ts';
import { readRecording, type ControlRun, type Frame } from '../runs/recording/file.ts';
import { StepDecoder } from '../runs/recording/step-codec.ts';

export interface ReplayOptions {
  readonly emit: Emit;
  /** Opens the shipped recording, given where shipped files lie, or the named one beside the page. */
  readonly open: (assetBase: string, name?: string) => Promise<ReadableStream<BufferSource>>;
  /** Shows the whole run at once: for a person who asked for less motion. */
  readonly still: boolean;
  /** Milliseconds. */
  readonly clock: () => number;
  /** The domain of the recorded run, to tell its tasks in words; asked for once, when they are asked for. */
  readonly domain: (task: string) => Promise<Pick<Task, 'id' | 'format'>>;
}

/** Slow enough to read the numbers of each evaluation before the next one is there. */
const STEPS_PER_SECOND = 5;
/** As often as a session reports. */
const EVERY_MS = 250;
/** What a file that anybody may have made may unpack to: some ten thousand steps. */
const MOST_BYTES = 256e6;

export function createReplay(options: ReplayOptions): Handlers {
  const replay = new Replay(options);
  const viewBuffer = createBufferViewer();
  return {
    load: ({ assetBase, recording }) => replay.load(assetBase, recording),
    play: () => replay.play(),
    pause: () => replay.pause(),
    step: () => replay.step(),
    yieldToInput: () => null,
    reset: () => replay.reset(),
    ...archiveHandlers(
      () => replay.archive,
      () => replay.describe(),
    ),
    buffer: (query) =>
      viewBuffer({ entries: replay.archive.bufferSnapshot(), step: replay.shown }, query),
    tokenStats: () => null,
    newSeed: refuse,
    set: refuse,
    evaluate: refuse,
    inspectModel: refuse,
    example: refuse,
    read: refuse,
    readTable: refuse,
    attempt: refuse,
    record: refuse,
    export: refuse,
    import: refuse,
    open: refuse,
    save: () => null,
    ping: () => null,
    dispose: () => replay.dispose(),
  };
}

function refuse(): never {
  throw new Error('this is a recording: training here takes a session of your own, press play');
}

/** Of a file that may be anything: what a decoder says of it tells a person little by itself. */
function damaged(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  throw new Error(`it is damaged, or no recording of this page (${reason})`);
}

type Shown = Exclude<Frame, { kind: 'head' | 'control' }>;

class Replay {
  /** What was shown so far. */
  archive = new Archive();
  /** The newest step that was shown. */
  shown = 0;
  private info: SessionInfo | undefined;
  private version: number | undefined;
  private readonly frames: Shown[] = [];
  private next = 0;
  private decoder = new StepDecoder();
  private timer: ReturnType<typeof setInterval> | undefined;
  private lastTick = 0;
  /** Steps that time has passed for, a fraction included. */
  private due = 0;
  private describing: Promise<Describe> | undefined;
  /** Settles when the file has been read. */
  private reading: Promise<void> = Promise.resolve();
  private isRead = false;

  constructor(private readonly options: ReplayOptions) {}

  /** Answers as soon as it is known what the recording is of. */
  async load(assetBase: string, name?: string): Promise<SessionInfo> {
    const file = await this.options.open(assetBase, name);
    if (name !== undefined) return this.loadForeign(file).catch(damaged);
    const frames = readRecording(file);
    const { info } = await this.begin(frames);
    // If it breaks off, what came before can be shown all the same.
    this.reading = this.read(frames, (control) => this.options.emit('control', control))
      .catch(() => undefined)
      .then(() => void (this.isRead = true));
    return info;
  }

  /** A file that may be anything is read whole before it is answered for. */
  private async loadForeign(file: ReadableStream<BufferSource>): Promise<SessionInfo> {
    const frames = readRecording(file, MOST_BYTES);
    const { info, version } = await this.begin(frames);
    const controls: ControlRun[] = [];
    await this.read(frames, (control) => controls.push(control));
    const decoder = new StepDecoder(version);
    let last = 0;
    for (const frame of this.frames) {
      if (frame.kind === 'step') last = decoder.decode(frame.bytes).step;
    }
    if (last !== info.step) throw new Error(`it ends at step ${last} of ${info.step}`);
    this.isRead = true;
    for (const control of controls) this.options.emit('control', control);
    return info;
  }

  private async begin(frames: AsyncGenerator<Frame>): Promise<Extract<Frame, { kind: 'head' }>> {
    const { value: head } = (await frames.next()) as { value?: Frame };
    if (head?.kind !== 'head') throw new Error('the recording has no head');
    this.info = head.info;
    this.version = head.version;
    this.decoder = new StepDecoder(head.version);
    return head;
  }

  private async read(
    frames: AsyncGenerator<Frame>,
    onControl: (control: ControlRun) => void,
  ): Promise<void> {
    for await (const frame of frames) {
      if (frame.kind === 'control') onControl(frame.control);
      else if (frame.kind !== 'head') this.frames.push(frame);
    }
  }

  async play(): Promise<null> {
    if (this.timer !== undefined) return null;
    if (this.options.still) {
      await this.reading;
      this.show(Infinity);
      return null;
    }
    this.options.emit('running', true);
    this.due = 1;
    this.lastTick = this.options.clock();
    this.timer = setInterval(() => this.tick(), EVERY_MS);
    return null;
  }

  private tick(): void {
    const now = this.options.clock();
    this.due += ((now - this.lastTick) / 1000) * STEPS_PER_SECOND;
    this.lastTick = now;
    const whole = Math.floor(this.due);
    // Steps that have not arrived yet are waited for, not hurried after.
    this.due -= whole;
    this.show(whole);
    if (this.isRead && this.next === this.frames.length) this.pause();
  }

  pause(): null {
    if (this.timer === undefined) return null;
    clearInterval(this.timer);
    this.timer = undefined;
    this.options.emit('running', false);
    return null;
  }

  step(): null {
    this.show(1);
    return null;
  }

  /** Back to before the first step. */
  reset(): SessionInfo {
    if (!this.info) throw new Error('no recording: send "load" first');
    this.pause();
    this.archive = new Archive();
    this.decoder = new StepDecoder(this.version);
    this.next = 0;
    this.shown = 0;
    return this.info;
  }

  async dispose(): Promise<null> {
    this.pause();
    await this.reading;
    return null;
  }

  /** Without its domain a task goes by its number, and the recording plays all the same. */
  describe(): Promise<Describe> {
    this.describing ??= this.options.domain(this.info?.config.task ?? '').then(
      (domain) => {
        const fits = domain.id === this.info?.config.task;
        return (instance) => (fits ? (domain.format?.(instance) ?? null) : null);
      },
      () => () => null,
    );
    return this.describing;
  }

  /** Up to so many steps, as far as they have arrived. */
  private show(most: number): void {
    const rows: MetricRow[] = [];
    const profiles: DepthProfile[] = [];
    let latest: StepRecord | undefined;
    while (rows.length < most && this.next < this.frames.length) {
      const frame = this.frames[this.next++]!;
      if (frame.kind === 'evaluation') {
        this.options.emit('evaluation', frame.evaluation);
        continue;
      }
      if (frame.kind === 'marks') {
        this.options.emit('marks', frame.marks);
        continue;
      }
      latest = this.decoder.decode(frame.bytes);
      this.archive.add(latest);
      this.shown = latest.step;
      rows.push(latest.metrics);
      profiles.push(profileOf(latest));
    }
    if (latest) this.options.emit('progress', { rows, profiles, latest });
  }
}
