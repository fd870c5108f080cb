/** The page's model: stores fed by the worker's events, and the actions a person can take. */
import { DEFAULT_CONFIG, describeIssue } from '../schema/params.ts';
import type { Config, ParamId, ParamIssue } from '../schema/params.ts';
import { configFromQuery, configToQuery, namesNothing } from '../schema/url.ts';
import { viewFromQuery, withView } from '../schema/view.ts';
import type { View } from '../schema/view.ts';
import type { Client } from '../worker/client.ts';
import type { Commands, QueryName } from '../worker/protocol.ts';
import type { BundleFile } from '../runs/zip.ts';
import { attempt, attemptLive, messageOf, pauseFirst, REFUSED, startWith } from './attempt.ts';
import type { CommandContext } from './attempt.ts';
import { createBaselines, type Baselines } from './baselines.ts';
import { createChartSettings } from './chart-settings.ts';
import type { ChartSettingsStore } from './chart-settings.ts';
import {
  createConfigStore,
  validateParam,
  blockingIssues,
  pendingParams,
  setParams,
  unsentValues,
} from './config.ts';
import type { ConfigStore } from './config.ts';
import { createFocus, pinWhenThere, type Focus } from './focus.ts';
import { createGuide, type Guide, type KeyValueStorage } from './guide.ts';
import { createKept, type Kept } from './kept.ts';
import { createModels, type Models } from './models.ts';
import { createNoticesStore, dismiss, notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';
import { importRun, openRecording, openRun, pause, play } from './opening.ts';
import { createParameterDrawer } from './parameter-drawer.ts';
import type { ParameterDrawer } from './parameter-drawer.ts';
import { createRunStore, type RunStore } from './run.ts';
import { createPlaces, type AddressHash, type Places } from './places.ts';
import { createPlayground } from './playground.ts';
import type { Playground } from './playground.ts';
import { listenToSession } from './listen.ts';
import { createRecording, isOnPlay } from './recording.ts';
import type { Player, Recording } from './recording.ts';
import { createRecovery } from './recovery.ts';
import type { Recovery } from './recovery.ts';
import { createRunLibrary } from './run-library.ts';
import type { BrowserQuota, RunLibrary } from './run-library.ts';
import type { RunsService } from '../worker/runs-methods.ts';
import { createSessionStore } from './session.ts';
import type { SessionStore } from './session.ts';
import { throttle } from './throttle.ts';
import { createUndo, type Undo } from './undo.ts';

export interface LabOptions {
  /** The part of the address after `#`, which names a place; absent where there is none to follow. */
  readonly hash?: AddressHash;
  readonly client: Client;
  /** Ends the worker behind the client and begins another one. */
  readonly restart?: () => void;
  /** The worker that answers for all runs kept, begun when it is first asked for. */
  readonly openRuns?: () => RunsService;
  /** As of `navigator.storage`. */
  readonly quota?: BrowserQuota;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Opens the recording that plays until training is used. */
  readonly openPlayer?: () => Player;
  /** Where base checkpoints lie, as a URL. */
  readonly assetBase: string;
  /** The page's query when it opened. */
  readonly query: string;
  /** Called with the query that restores the configuration. */
  readonly writeQuery: (query: string) => void;
  /** A fresh seed in the range of the parameter. */
  readonly randomSeed: () => number;
  /** Where the guide is kept from one visit to the next. */
  readonly storage?: KeyValueStorage | null;
  /** Where this tab's run is kept from one load of the page to the next. */
  readonly tabStorage?: KeyValueStorage | null;
}

export interface Actions {
  /** Opens the run that the address or this tab means; else plays the recording, and builds a session. */
  readonly begin: () => Promise<void>;
  /** Builds a session from the current parameters. */
  readonly load: () => Promise<void>;
  readonly play: () => Promise<void>;
  readonly pause: () => Promise<void>;
  readonly step: () => Promise<void>;
  /** From the start with the current parameters, reset-only changes included. */
  readonly reset: () => Promise<void>;
  readonly newSeed: () => Promise<void>;
  /** On a held-out split that all domains of the session have. */
  readonly evaluate: (split: string) => Promise<void>;
  readonly exportRun: () => Promise<BundleFile | undefined>;
  readonly importRun: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>;
  /** A run from the store; gives whether it is open now. */
  readonly openRun: (id: string) => Promise<boolean>;
  /** Another try from the last checkpoint, after training was given up. */
  readonly recover: () => Promise<void>;
  /** Writes down what is not saved yet: the page may be about to go. */
  readonly saveRun: () => void;
  /** Takes an entry as typed; a refused one is kept out, named in the form, and gives false. */
  readonly setParam: (id: ParamId, value: unknown) => boolean;
  readonly setParams: (values: Partial<Config>) => void;
  readonly resetParam: (id: ParamId) => void;
  /** Puts values into effect and plays: live ones at once, others from the start of a new run. */
  readonly playWith: (values: Partial<Config>) => Promise<void>;
  /** The same as a run from its start, from the base policy; the run before stays beside it. */
  readonly playFresh: (values: Partial<Config>) => Promise<void>;
  readonly dismissNotice: (id: number) => void;
}

export interface Lab {
  readonly session: SessionStore;
  readonly config: ConfigStore;
  readonly run: RunStore;
  readonly notices: NoticesStore;
  /** What a person typed for the policy to try. */
  readonly playground: Playground;
  /** What a person looks at. */
  readonly focus: Focus;
  /** The run that the page opens with. */
  readonly recording: Recording;
  /** Changes of parameters, to be taken back. */
  readonly undo: Undo;
  readonly guide: Guide;
  /** How the page was opened. */
  readonly view: View;
  /** How charts over training are drawn. */
  readonly chartSettings: ChartSettingsStore;
  /** Runs kept to be compared with. */
  readonly baselines: Baselines;
  /** The run that is trained, as it is kept. */
  readonly kept: Kept;
  /** All runs that the browser keeps. */
  readonly library: RunLibrary;
  /** Pretrained models of a person's own. */
  readonly models: Models;
  /** Which part of the page below its first screen is open. */
  readonly places: Places;
  readonly drawer: ParameterDrawer;
  readonly actions: Actions;
  /** Asks about the run's past; changes nothing. */
  readonly ask: <K extends QueryName>(
    name: K,
    request: Commands[K]['request'],
  ) => Promise<Commands[K]['reply']>;
  /** Stops listening to the worker. */
  readonly close: () => void;
}

/** Live parameters and the URL follow the controls at most this often, in ms. */
const FOLLOW_EVERY = 250;

interface Context extends CommandContext {
  readonly follow: ReturnType<typeof throttle>;
  readonly recovery: Recovery;
  readonly models: Models;
  readonly options: LabOptions;
  readonly view: View;
  readonly run: RunStore;
}

export function createLab(options: LabOptions): Lab {
  const context = createContext(options);
  const { session, config, run, notices, focus, recording, undo, baselines, kept } = context;
  const stores = { session, config, run, notices };
  const stops = listenToSession(options.client, session, recording.liveRun, context.recovery.take);
  const actions = createActions(context);
  const library = createRunLibrary({
    ...{ openRuns: options.openRuns, storage: options.quota, kept },
    ...{ config, notices, openRun: actions.openRun },
  });
  const playground = createPlayground(options.client, session);
  const guide = createGuide(options.storage ?? null);
  if (context.view.step !== null) stops.push(pinWhenThere(focus, run, context.view.step));
  stops.push(undo.close);
  return {
    ...stores,
    ...{ playground, focus, recording, undo, guide, baselines, kept, library, actions },
    ...{ view: context.view, models: context.models },
    places: createPlaces(options.hash),
    chartSettings: createChartSettings(),
    drawer: createParameterDrawer(options.storage ?? null),
    ask: (name, request) => (recording.client() ?? options.client).ask(name, request),
    close: () => {
      context.follow.cancel();
      recording.actions.leave();
      playground.close();
      baselines.close();
      library.close();
      kept.close();
      stops.forEach((stop) => stop());
    },
  };
}

/** What the address asks for, and the parts that commands work on. */
function createContext(options: LabOptions): Context {
  const { client, openPlayer, assetBase, restart, clock = () => performance.now() } = options;
  const { view, rest, issues } = viewFromQuery(options.query);
  const opened = configFromQuery(rest);
  const stores = {
    session: createSessionStore(),
    config: createConfigStore(opened.config),
    run: createRunStore(),
    notices: createNoticesStore(),
  };
  const follow = throttle(() => followControls(context), FOLLOW_EVERY);
  const focus = createFocus();
  const recording = createRecording({
    ...{ openPlayer, assetBase, ...stores, focus: focus.store, named: view.recording },
    isAlone: namesNothing(rest) && (view.recording ?? view.show) !== null,
    freezeBaselines: () => baselines.actions.freeze(),
  });
  const undo = createUndo({ config: stores.config, follow });
  const baselines = createBaselines(stores.run, stores.config, recording.config);
  const kept = createKept({
    ...{ client, notices: stores.notices, query: rest },
    ...{ tab: options.tabStorage ?? null, storage: options.storage ?? null },
  });
  const parts = { client, assetBase, ...stores, focus, recording, undo, baselines, kept, follow };
  const models = createModels({ ...parts, openRuns: options.openRuns });
  const recovery = createRecovery({ ...parts, restart, clock, model: models.request });
  const context: Context = { ...parts, options, view, recovery, models };
  sayRefused(stores.notices, [...issues, ...opened.issues]);
  return context;
}

function sayRefused(notices: NoticesStore, refused: readonly ParamIssue[]): void {
  if (refused.length === 0) return;
  const title = 'Parts of the address were not understood; their defaults are used.';
  notify(notices, title, refused.map(describeIssue));
}

// ---- to the worker

function createActions(context: Context): Actions {
  const { options, config, notices } = context;
  const { client } = options;
  return {
    begin: () => begin(context),
    load: () => load(context),
    play: () => play(context),
    pause: () => pause(context),
    step: () => attemptLive(context, 'step', () => client.call('step')),
    reset: () => reset(context),
    newSeed: () => newSeed(context),
    evaluate: (split) => attemptLive(context, 'evaluate', () => client.call('evaluate', { split })),
    exportRun: () => exportRun(context),
    importRun: (bytes) => importRun(context, bytes),
    openRun: async (id) => {
      const isOpen = await openRun(context, id);
      if (isOpen) context.recovery.stands();
      return isOpen;
    },
    recover: () => context.recovery.again(),
    // A worker that is gone says so by its failure.
    saveRun: () => void client.call('save').catch(() => undefined),
    setParam: (id, value) => {
      config.setState((state) => validateParam(state, id, value));
      context.follow();
      return config.getState().refused[id] === undefined;
    },
    setParams: (values) => {
      config.setState((state) => setParams(state, values));
      context.follow();
    },
    resetParam: (id) => {
      config.setState((state) => setParams(state, { [id]: DEFAULT_CONFIG[id] }));
      context.follow();
    },
    playWith: (values) => playWith(context, values),
    playFresh: (values) => playFresh(context, values),
    dismissNotice: (id) => dismiss(notices, id),
  };
}

async function begin(context: Context): Promise<void> {
  const { view, options, kept, recording } = context;
  const id = view.run ?? kept.ofTab(options.query);
  if (id !== null) {
    recording.actions.leave();
    if (await openRun(context, id, view.run === null)) return;
  }
  await openRecording(context);
  await load(context);
}

async function load(context: Context): Promise<void> {
  const { options, config, session } = context;
  if (session.getState().info === null) session.setState({ phase: 'loading', failure: null });
  await attempt(context, 'load', async () => {
    await pauseFirst(context);
    const { assetBase, client } = options;
    const request = { config: config.getState().current, assetBase, ...context.models.request() };
    try {
      startWith(context, await client.call('load', request));
      context.recovery.stands();
    } catch (error) {
      if (session.getState().info !== null) throw error;
      session.setState({ phase: 'failed', failure: messageOf(error) });
    }
  });
}

async function reset(context: Context): Promise<void> {
  if (isBlocked(context)) return;
  context.recording.actions.leave();
  if (needsLoad(context)) return load(context);
  await attempt(context, 'reset', async () => {
    await pauseFirst(context);
    await sendLive(context);
    startWith(context, await context.options.client.call('reset'));
  });
}

async function newSeed(context: Context): Promise<void> {
  const { config, options } = context;
  if (isBlocked(context)) return;
  context.recording.actions.leave();
  const seed = options.randomSeed();
  if (needsLoad(context)) {
    config.setState((state) => setParams(state, { seed }));
    return load(context);
  }
  await attempt(context, 'newSeed', async () => {
    await pauseFirst(context);
    await sendLive(context);
    const info = await options.client.call('newSeed', { seed });
    config.setState((state) => setParams(state, { seed }));
    startWith(context, info);
  });
}

async function playWith(context: Context, values: Partial<Config>): Promise<void> {
  context.config.setState((state) => setParams(state, values));
  if (needsLoad(context)) await reset(context);
  else await sendLive(context);
  context.follow();
  if (!needsLoad(context)) await playIfReady(context);
}

async function playFresh(context: Context, values: Partial<Config>): Promise<void> {
  context.baselines.actions.keep();
  context.config.setState((state) => setParams(state, values));
  await reset(context);
  context.follow();
  if (context.session.getState().step === 0) await playIfReady(context);
}

async function playIfReady(context: Context): Promise<void> {
  const { phase, running, busy } = context.session.getState();
  if (phase !== 'ready' || running || busy !== null) return;
  await attemptLive(context, 'play', () => context.options.client.call('play'));
}

/** `reset` and `newSeed` keep the reset-only parameters of the session; changing those takes a new one. */
function needsLoad({ config, session, recovery }: Context): boolean {
  const hasSession = session.getState().info !== null && !recovery.isBare();
  return !hasSession || pendingParams(config.getState()).length > 0;
}

function isBlocked({ config, notices }: Context): boolean {
  const issues = blockingIssues(config.getState());
  if (issues.length > 0) {
    notify(notices, 'Not with these parameters.', issues.map(describeIssue));
  }
  return issues.length > 0;
}

async function exportRun(context: Context): Promise<BundleFile | undefined> {
  let file: BundleFile | undefined;
  await attempt(context, 'export', async () => {
    file = await context.options.client.call('export');
  });
  return file;
}

// ---- parameters on their way out

function followControls(context: Context): void {
  const { config, options, view, recording } = context;
  const state = config.getState();
  if (blockingIssues(state).length === 0) {
    const own = isOnPlay(recording.store.getState()) ? '' : configToQuery(state.current);
    const query = withView(own, { ...view, recording: recording.named() });
    options.writeQuery(query);
    context.kept.follow(query);
  }
  void sendLive(context);
}

async function sendLive({ options, config, notices }: Context): Promise<void> {
  const values = unsentValues(config.getState());
  if (values === null) return;
  try {
    await options.client.call('set', { values });
    config.setState(({ applied }) => ({ applied: applied && { ...applied, ...values } }));
  } catch (error) {
    notify(notices, REFUSED.set, [messageOf(error)]);
  }
}
