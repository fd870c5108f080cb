/**
 * Answers the page's commands by driving a session: one thing at a time, training between them. Knows
 * the protocol but not the worker it runs in.
 */
import type { StepRecord } from '../schema/records.ts';
import type { ModelStore } from '../runs/model-store.ts';
import { zip } from '../runs/zip.ts';
import type { MetricRow } from '../schema/metrics.ts';
import {
  DEFAULT_CONFIG,
  describeIssue,
  isLive,
  isParamId,
  parseParams,
  type Config,
} from '../schema/params.ts';
import type { AssetSource, Platform } from '../training/create-session.ts';
import type { Archive } from '../runs/index/archive.ts';
import { archiveHandlers } from './archive-handlers.ts';
import { profileOf } from '../runs/index/profile.ts';
import { exportFiles, exportName } from '../training/export.ts';
import { offerOf, type ModelOffer } from '../training/model-offer.ts';
import { buildImported, buildOpened, type Built, type Sources } from './building.ts';
import { failureOf } from './failure.ts';
import { Models } from './models.ts';
import { emptyPast } from './past.ts';
import type { Commands, RecordedRun } from './protocol.ts';
import { describer, sessionHandlers } from './session-handlers.ts';
import { recordingOf } from './recorded.ts';
import { RunKeeper, type KeeperOptions } from './run-keeper.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { SessionInfo, SplitEvaluation } from '../training/session-info.ts';
import type { DepthProfile } from '../runs/index/queries.ts';
import { trainingLoop } from '../training/loop.ts';
import type { Session, SessionStep } from '../training/session.ts';
import { Turns, type TurnOptions } from './turns.ts';
import type { Emit, Handlers } from './wire.ts';

export interface TrainerOptions
  extends
    Omit<Platform, 'assets' | 'onLoading' | 'onGpuError' | 'pause'>,
    Pick<KeeperOptions, 'openStore'>,
    TurnOptions {
  /** Rejects where the browser keeps none; absent where none is to be kept. */
  readonly openModels?: () => Promise<ModelStore>;
  readonly emit: Emit;
  readonly openAssets: (base: string) => AssetSource;
}

/** Progress is sent at most this often. */
const PROGRESS_EVERY_MS = 250;

export function createTrainer(options: TrainerOptions): Handlers {
  const trainer = new Trainer(options);
  const session = (): Session => trainer.current();
  const archive = (): Archive => trainer.archive;
  return {
    load: (request) => trainer.load(request),
    inspectModel: (request) => trainer.inspect(request),
    play: () => trainer.play(),
    pause: () => trainer.pause(),
    step: () => trainer.singleStep(),
    yieldToInput: () => trainer.turns.yieldToInput(),
    reset: () => trainer.rebuild((config) => config),
    newSeed: ({ seed }) => trainer.rebuild((config) => ({ ...config, seed })),
    set: ({ values }) => trainer.set(values),
    evaluate: ({ split }) => trainer.evaluate(split),
    ...sessionHandlers({ session, archive, exclusive: (body) => trainer.exclusive(body) }),
    ...archiveHandlers(archive, () => describer(session)),
    record: ({ controls }) => recordingOf(session(), archive().records(), controls),
    export: () => trainer.export(),
    import: (request) => trainer.import(request),
    open: (request) => trainer.open(request),
    save: () => trainer.save(),
    ping: () => null,
    dispose: () => trainer.dispose(),
  };
}

class Trainer {
  private past = emptyPast();
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
  readonly turns: Turns;
  private readonly keeper: RunKeeper;
  private readonly models: Models;

  constructor(private readonly options: TrainerOptions) {
    const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    this.turns = new Turns({
      ...options,
      onProgress: ({ doing, done, of: total }) =>
        options.emit('loading', {
          message: doing === 'sampling' ? 'Sampling' : 'Learning',
          done,
          total,
        }),
    });
    this.models = new Models(options.openModels);
    const keepModel = (session: Session): Promise<void> => this.models.keep(session);
    this.keeper = new RunKeeper({ ...options, wait, keepModel });
  }

  async load({ config, assetBase, model }: Commands['load']['request']): Promise<SessionInfo> {
    return this.replace(
      async (platform) => ({ session: await this.models.create(config, platform, model) }),
      assetBase,
    );
  }

  /** Between two steps, so that its timing is of a machine at rest. */
  inspect({ model, config }: Commands['inspectModel']['request']): Promise<ModelOffer> {
    return this.exclusive(async () => {
      const { cores, clock } = this.options;
      return offerOf(await this.models.originOf(model), { config, cores, clock });
    });
  }

  async rebuild(change: (config: Config) => Config): Promise<SessionInfo> {
    const config = change(this.current().config);
    const model = this.models.requestOf(this.current());
    return this.replace(async (platform) => ({
      session: await this.models.create(config, platform, model),
    }));
  }

  async import(request: Commands['import']['request']): Promise<Commands['import']['reply']> {
    let passedOver: readonly string[] = [];
    const build = async (platform: Platform): Promise<Built> => {
      const imported = await buildImported(request, this.sources(platform));
      passedOver = imported.passedOver;
      return imported;
    };
    const info = await this.replace(build, request.assetBase);
    return { ...info, ...this.recorded(), ...(passedOver.length > 0 && { passedOver }) };
  }

  async open(request: Commands['open']['request']): Promise<Commands['open']['reply']> {
    const build = (platform: Platform): Promise<Built> =>
      buildOpened(request, this.sources(platform));
    return { ...(await this.replace(build, request.assetBase)), ...this.recorded() };
  }

  private sources(platform: Platform): Sources {
    const { keeper, models } = this;
    return { keeper, models, platform, fallback: this.session?.config ?? DEFAULT_CONFIG };
  }

  private recorded(): RecordedRun {
    const { rows, marks, evaluations } = this.current().history;
    return { rows, marks, evaluations, profiles: this.past.profiles, latest: this.past.latest };
  }

  /** Stops training, builds the next session, and lets go of this one only once that one stands. */
  private async replace(
    make: (platform: Platform) => Promise<Built>,
    assetBase?: string,
  ): Promise<SessionInfo> {
    const build = ++this.build;
    await this.pause();
    return this.exclusive(async () => {
      if (this.session) await this.keeper.save(this.session);
      const platform = this.openPlatform(build, assetBase);
      const { session, past, opened, bundle } = await this.orRestart(() => make(platform));
      this.session?.dispose();
      this.session = session;
      this.platform = platform;
      this.unsent = [];
      this.unsentProfiles = [];
      this.past = past ?? emptyPast();
      if (opened) await this.keeper.adopt(opened);
      else await this.keeper.begin();
      if (bundle) await this.keeper.ensure(session, bundle);
      return session.info();
    });
  }

  /** A session that fails to stand may have switched the backend: the old one needs its own again. */
  private async orRestart(make: () => Promise<Built>): Promise<Built> {
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
      pause: (progress) => this.turns.turn(progress),
      onGpuError: (message) => {
        // What was computed since is stale: no further step may rest on it.
        this.stop();
        this.keeper.spoil();
        emit('failure', { message: `graphics: ${message}`, kind: 'graphics' });
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

  /** What the page may ask of the run's past. */
  get archive(): Archive {
    return this.past.archive;
  }

  play(): null {
    this.current();
    this.keeper.check();
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
      const ended = await trainingLoop(session, {
        signal,
        pause: () => this.turns.rest(signal),
        onStep: (step) => this.keep(session, step),
        exclusive: (body) =>
          this.exclusive(async () => {
            await this.keeper.ensure(session);
            await body();
          }),
      });
      if (ended === 'diverged') emit('failure', { message: DIVERGED, kind: 'diverged' });
    } catch (error) {
      // The step broke off somewhere: the last checkpoint is whole.
      this.keeper.spoil();
      emit('failure', failureOf(error));
    }
    if (this.playing === playing) this.playing = undefined;
    this.flush();
    // Whoever waits for the pause need not wait for the disk.
    void this.save();
    emit('running', false);
  }

  async singleStep(): Promise<null> {
    if (this.playing) throw new Error('step: refused while training runs; pause first');
    this.keeper.check();
    await this.exclusive(async () => {
      const session = this.current();
      await this.keeper.ensure(session);
      await this.keep(session, await this.stepOf(session));
      this.flush();
      await this.keeper.save(session);
    });
    return null;
  }

  private async stepOf(session: Session): Promise<SessionStep> {
    try {
      return await session.step();
    } catch (error) {
      this.keeper.spoil();
      throw error;
    }
  }

  private async keep(session: Session, step: SessionStep): Promise<void> {
    const { record, row, evaluations } = step;
    for (const evaluation of evaluations) {
      this.options.emit('evaluation', { ...evaluation, split: 'test' });
    }
    this.archive.add(record);
    this.unsent.push(row);
    this.unsentProfiles.push(profileOf(record));
    this.latest = record;
    if (this.options.clock() - this.lastSent >= PROGRESS_EVERY_MS) this.flush();
    await this.keeper.add(session, step);
  }

  /** What is not saved yet. */
  save(): Promise<null> {
    return this.exclusive(async () => {
      if (this.session) await this.keeper.save(this.session);
      return null;
    });
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
      if (marks.length > 0) {
        this.options.emit('marks', marks);
        this.keeper.touch();
      }
      return null;
    });
  }

  async evaluate(split: string): Promise<SplitEvaluation> {
    return this.exclusive(async () => {
      const session = this.current();
      const evaluation = { ...(await session.evaluate({}, { split })), split };
      this.options.emit('evaluation', evaluation);
      this.keeper.touch();
      await this.keeper.save(session);
      return evaluation;
    });
  }

  async export(): Promise<BundleFile> {
    return this.exclusive(async () => {
      const session = this.current();
      const files =
        (await this.keeper.export(session)) ?? (await exportFiles(session, this.archive.records()));
      return { path: `${exportName(session)}.zip`, bytes: zip(files) };
    });
  }

  async dispose(): Promise<null> {
    this.build++;
    await this.pause();
    return this.exclusive(async () => {
      if (this.session) await this.keeper.save(this.session);
      await this.keeper.close();
      this.session?.dispose();
      this.session = undefined;
      return null;
    });
  }

  current(): Session {
    if (!this.session) throw new Error(NOT_LOADED);
    return this.session;
  }

  /** Runs `body` when everything before it is done. */
  exclusive<T>(body: () => T | Promise<T>): Promise<T> {
    const result = this.queue.then(body);
    this.queue = result.catch(() => undefined);
    return result;
  }
}

const DIVERGED = 'three updates in a row were not finite';
const NOT_LOADED = 'no session: send "load" first';
/** Every how many units of loading a message is sent. */
const LOADING_STRIDE = 5;
