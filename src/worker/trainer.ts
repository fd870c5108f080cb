/**
 * Answers the page's commands by driving a session: one thing at a time, training between them. Knows
 * the protocol but not the worker it runs in.
 */
import type { StepRecord } from '../schema/records.ts';
import { createRng } from '../base/rng.ts';
import { fromFiles, isRunFile } from '../runs/bundle.ts';
import { openZip, zip } from '../runs/zip.ts';
import type { MetricRow } from '../schema/metrics.ts';
import {
  DEFAULT_CONFIG,
  describeIssue,
  isLive,
  isParamId,
  parseParams,
  type Config,
} from '../schema/params.ts';
import type { Json, TableText } from '../tasks/task.ts';
import {
  createSession,
  restoreSession,
  type AssetSource,
  type Platform,
} from '../training/create-session.ts';
import { Archive } from '../runs/index/archive.ts';
import { createBufferViewer } from '../runs/index/buffer-view.ts';
import { archiveHandlers } from './archive-handlers.ts';
import { profileOf } from '../runs/index/profile.ts';
import { exportFiles, exportName } from '../training/export.ts';
import { describeInstance, domainOf, readInstance, writeExample } from '../training/playground.ts';
import type { Commands } from './protocol.ts';
import type { BundleFile } from '../runs/zip.ts';
import type {
  PlaygroundInstance,
  PlaygroundAttempt,
  PlaygroundRequest,
} from '../training/playground.ts';
import type { SplitEvaluation } from '../training/session-info.ts';
import type { BufferQuery, BufferView, DepthProfile, TokenStats } from '../runs/index/queries.ts';
import { trainingLoop } from '../training/loop.ts';
import type { Session, SessionStep } from '../training/session.ts';
import type { Emit, Handlers } from './wire.ts';

export interface TrainerOptions extends Omit<Platform, 'assets' | 'onLoading' | 'onGpuError'> {
  readonly emit: Emit;
  readonly openAssets: (base: string) => AssetSource;
  /** Lets waiting messages in. */
  readonly nextTask: () => Promise<void>;
}

/** Progress is sent at most this often. */
const PROGRESS_EVERY_MS = 250;
/** How long a person's doing keeps the next step back: what it sets off has mostly been drawn by then. */
const YIELD_TO_INPUT_MS = 150;
/** A hand that never rests delays each step by no more than this. */
const MOST_DELAY_MS = 300;

export function createTrainer(options: TrainerOptions): Handlers {
  const trainer = new Trainer(options);
  return {
    load: ({ config, assetBase }) => trainer.load(config, assetBase),
    play: () => trainer.play(),
    pause: () => trainer.pause(),
    step: () => trainer.singleStep(),
    yieldToInput: () => trainer.yieldToInput(),
    reset: () => trainer.rebuild((config) => config),
    newSeed: ({ seed }) => trainer.rebuild((config) => ({ ...config, seed })),
    set: ({ values }) => trainer.set(values),
    evaluate: ({ split }) => trainer.evaluate(split),
    example: ({ domain }) => trainer.example(domain),
    read: ({ domain, text }) => trainer.read(domain, text),
    readTable: (request) => trainer.readTable(request),
    attempt: (request) => trainer.attempt(request),
    ...archiveHandlers(
      () => trainer.archive,
      () => (instance) => trainer.describe(instance),
    ),
    tokenStats: ({ step, group }) => trainer.tokenStats(step, group),
    buffer: (query) => trainer.buffer(query),
    export: () => trainer.export(),
    import: ({ bytes, assetBase }) => trainer.import(bytes, assetBase),
    dispose: () => trainer.dispose(),
  };
}

class Trainer {
  /** What the page may ask of the run's past. */
  archive = new Archive();
  private viewBuffer = createBufferViewer();
  private session: Session | undefined;
  private platform: Platform | undefined;
  /** Stops the loop that trains; undefined where none is to. */
  private playing: AbortController | undefined;
  /** Resolves when the loop has come to rest. */
  private loop: Promise<void> = Promise.resolve();
  /** The tail of the queue that commands and training steps wait in. */
  private queue: Promise<unknown> = Promise.resolve();
  /** Counts builds, so that a newer one stops an older one. */
  private build = 0;
  private unsent: MetricRow[] = [];
  private unsentProfiles: DepthProfile[] = [];
  private latest: StepRecord | undefined;
  private lastSent = -Infinity;
  /** Until when the page has asked for the processor. */
  private yieldUntil = -Infinity;
  private examples = 0;

  constructor(private readonly options: TrainerOptions) {}

  async load(config: Config, assetBase: string): Promise<ReturnType<Session['info']>> {
    return this.replace((platform) => createSession(config, platform), assetBase);
  }

  async rebuild(change: (config: Config) => Config): Promise<ReturnType<Session['info']>> {
    const config = change(this.current().config);
    return this.replace((platform) => createSession(config, platform));
  }

  async import(
    bytes: Uint8Array<ArrayBuffer>,
    assetBase: string,
  ): Promise<Commands['import']['reply']> {
    const { files, passedOver } = openZip(bytes, isRunFile);
    const bundle = fromFiles(files);
    const fallback = this.session?.config ?? DEFAULT_CONFIG;
    const info = await this.replace(
      (platform) => restoreSession(bundle, fallback, platform),
      assetBase,
    );
    const { rows, marks, evaluations } = this.current().history;
    return { ...info, rows, marks, evaluations, ...(passedOver.length > 0 && { passedOver }) };
  }

  /** Stops training, builds the next session, and lets go of this one only once that one stands. */
  private async replace(
    make: (platform: Platform) => Promise<Session>,
    assetBase?: string,
  ): Promise<ReturnType<Session['info']>> {
    const build = ++this.build;
    await this.pause();
    return this.exclusive(async () => {
      const platform = this.openPlatform(build, assetBase);
      const next = await this.orRestart(() => make(platform));
      this.session?.dispose();
      this.session = next;
      this.platform = platform;
      this.unsent = [];
      this.unsentProfiles = [];
      this.archive = new Archive();
      this.viewBuffer = createBufferViewer();
      return next.info();
    });
  }

  /** A session that fails to stand may have switched the backend: the old one needs its own again. */
  private async orRestart(make: () => Promise<Session>): Promise<Session> {
    try {
      return await make();
    } catch (error) {
      await this.session?.resume();
      throw error;
    }
  }

  private openPlatform(build: number, assetBase?: string): Platform {
    const { emit, openAssets, nextTask } = this.options;
    const assets = assetBase === undefined ? this.platform?.assets : openAssets(assetBase);
    if (!assets) throw new Error(NOT_LOADED);
    return {
      ...this.options,
      assets,
      onGpuError: (message) => {
        // What was computed since is stale: no further step may rest on it.
        this.stop();
        emit('failure', { message: `graphics: ${message}` });
      },
      onLoading: async (message, done, total) => {
        if (done % LOADING_STRIDE === 0 || done === total) {
          emit('loading', { message, done, total });
          await nextTask();
        }
        if (build !== this.build) throw new Error('loading was given up for a newer request');
      },
    };
  }

  play(): null {
    this.current();
    if (this.playing) return null;
    const playing = new AbortController();
    this.playing = playing;
    // One that was told to stop may still be at its last step.
    this.loop = this.loop.then(() => this.run(playing));
    return null;
  }

  async pause(): Promise<null> {
    this.stop();
    await this.loop;
    return null;
  }

  private stop(): void {
    this.playing?.abort();
    this.playing = undefined;
  }

  private async run(playing: AbortController): Promise<void> {
    const { emit } = this.options;
    const { signal } = playing;
    emit('running', true);
    try {
      // In turn: a session that is being built takes the place of this one first.
      const session = await this.exclusive(() => this.current());
      await trainingLoop(session, {
        signal,
        pause: () => this.rest(signal),
        onStep: (step) => this.keep(step),
        exclusive: (body) => this.exclusive(body),
      });
    } catch (error) {
      emit('failure', { message: messageOf(error) });
    }
    if (this.playing === playing) this.playing = undefined;
    this.flush();
    emit('running', false);
  }

  yieldToInput(): null {
    this.yieldUntil = this.options.clock() + YIELD_TO_INPUT_MS;
    return null;
  }

  /** Between two steps: messages are let in, and a person's doing goes before the next step. */
  private async rest(signal: AbortSignal): Promise<void> {
    const { clock, nextTask } = this.options;
    const latest = clock() + MOST_DELAY_MS;
    do await nextTask();
    while (!signal.aborted && clock() < Math.min(this.yieldUntil, latest));
  }

  async singleStep(): Promise<null> {
    if (this.playing) throw new Error('step: refused while training runs; pause first');
    await this.exclusive(async () => {
      this.keep(await this.current().step());
      this.flush();
    });
    return null;
  }

  private keep({ record, row, evaluations }: SessionStep): void {
    for (const evaluation of evaluations) {
      this.options.emit('evaluation', { ...evaluation, split: 'test' });
    }
    this.archive.add(record);
    this.unsent.push(row);
    this.unsentProfiles.push(profileOf(record));
    this.latest = record;
    if (this.options.clock() - this.lastSent >= PROGRESS_EVERY_MS) this.flush();
  }

  private flush(): void {
    if (this.unsent.length === 0 || !this.latest) return;
    const { unsent: rows, unsentProfiles: profiles, latest } = this;
    this.options.emit('progress', { rows, profiles, latest });
    this.unsent = [];
    this.unsentProfiles = [];
    this.lastSent = this.options.clock();
  }

  async set(values: Partial<Config>): Promise<null> {
    const { values: accepted, issues } = parseParams(values);
    const fixed = Object.keys(accepted).filter((id) => isParamId(id) && !isLive(id));
    if (fixed.length > 0) throw new Error(`${fixed.join(', ')}: takes effect on reset only`);
    if (issues.length > 0) throw new Error(issues.map(describeIssue).join('; '));
    return this.exclusive(() => {
      const marks = this.current().set(accepted);
      if (marks.length > 0) this.options.emit('marks', marks);
      return null;
    });
  }

  async evaluate(split: string): Promise<SplitEvaluation> {
    return this.exclusive(async () => {
      const evaluation = { ...(await this.current().evaluate({}, { split })), split };
      this.options.emit('evaluation', evaluation);
      return evaluation;
    });
  }

  example(domain: string): { text: string } {
    const { task, config } = this.current();
    const rng = createRng(config.seed).fork(`example ${this.examples++}`);
    return { text: writeExample(domainOf(task, domain), rng) };
  }

  read(id: string, text: string): PlaygroundInstance {
    const domain = domainOf(this.current().task, id);
    const instance = readInstance(domain, text);
    return { instance, turns: domain.turns(instance) };
  }

  readTable({ domain, text, correction }: Commands['readTable']['request']): TableText | null {
    return domainOf(this.current().task, domain).readTable?.(text, correction) ?? null;
  }

  async attempt(request: PlaygroundRequest): Promise<PlaygroundAttempt> {
    const grade = await this.exclusive(() => this.current().attempt(request));
    return grade();
  }

  describe(instance: Json): string | null {
    return describeInstance(this.current().task, instance);
  }

  async tokenStats(step: number, group: number): Promise<readonly TokenStats[] | null> {
    const record = this.archive.record(step)?.groups[group];
    return record ? this.exclusive(() => this.current().tokenStats(record)) : null;
  }

  buffer(query: BufferQuery): BufferView {
    return this.viewBuffer(this.current().buffer(), query);
  }

  async export(): Promise<BundleFile> {
    return this.exclusive(async () => {
      const session = this.current();
      const bytes = zip(await exportFiles(session));
      return { path: `${exportName(session)}.zip`, bytes };
    });
  }

  async dispose(): Promise<null> {
    this.build++;
    await this.pause();
    return this.exclusive(() => {
      this.session?.dispose();
      this.session = undefined;
      return null;
    });
  }

  private current(): Session {
    if (!this.session) throw new Error(NOT_LOADED);
    return this.session;
  }

  /** Runs `body` when everything before it is done. */
  private exclusive<T>(body: () => T | Promise<T>): Promise<T> {
    const result = this.queue.then(body);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

const NOT_LOADED = 'no session: send "load" first';
/** Every how many units of loading a message is sent. */
const LOADING_STRIDE = 5;

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
