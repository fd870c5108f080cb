/** The page's model: stores fed by the worker's events, and the actions a person can take. */
import { DEFAULT_CONFIG, describeIssue } from '../schema/params.ts';
import type { Config, ParamId } from '../schema/params.ts';
import { configFromQuery, configToQuery } from '../schema/url.ts';
import { viewFromQuery, withView } from '../schema/view.ts';
import type { View } from '../schema/view.ts';
import type { Client } from '../worker/client.ts';
import type { Commands, QueryName } from '../worker/protocol.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { SessionInfo } from '../training/session-info.ts';
import { createBaselines } from './baselines.ts';
import type { Baselines } from './baselines.ts';
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
import { createFocus, UNFOCUSED } from './focus.ts';
import type { Focus } from './focus.ts';
import { createGuide, followTour } from './guide.ts';
import type { Guide, KeyValueStorage } from './guide.ts';
import { appendRows, EMPTY_HISTORY } from './history.ts';
import { createNoticesStore, dismiss, notify } from './notices.ts';
import type { NoticesStore } from './notices.ts';
import { createRunStore, EMPTY_RUN, shownOf, TEST_SPLIT } from './run.ts';
import type { RunState, RunStore } from './run.ts';
import { createPlayground } from './playground.ts';
import type { Playground } from './playground.ts';
import { listenToSession } from './listen.ts';
import { createRecording } from './recording.ts';
import type { Player, Recording } from './recording.ts';
import { createSessionStore } from './session.ts';
import type { ExclusiveCommand, SessionStore } from './session.ts';
import { throttle } from './throttle.ts';
import { createUndo } from './undo.ts';
import type { Undo } from './undo.ts';

export interface LabOptions {
  readonly client: Client;
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
}

export interface Actions {
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
  /** Takes an entry as typed; a refused one is kept out, named in the form, and gives false. */
  readonly setParam: (id: ParamId, value: unknown) => boolean;
  readonly setParams: (values: Partial<Config>) => void;
  readonly resetParam: (id: ParamId) => void;
  /** Puts values into effect and plays: live ones at once, others from the start of a new run. */
  readonly playWith: (values: Partial<Config>) => Promise<void>;
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

interface Context {
  readonly options: LabOptions;
  readonly view: View;
  readonly focus: Focus;
  readonly recording: Recording;
  readonly undo: Undo;
  readonly baselines: Baselines;
  readonly session: SessionStore;
  readonly config: ConfigStore;
  readonly run: RunStore;
  readonly notices: NoticesStore;
  /** Sends live parameters and writes the URL, throttled. */
  readonly follow: () => void;
}

export function createLab(options: LabOptions): Lab {
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
  const { openPlayer, assetBase } = options;
  const recording = createRecording({
    ...{ openPlayer, assetBase, ...stores, focus: focus.store },
    freezeBaselines: () => baselines.actions.freeze(),
  });
  const undo = createUndo({ config: stores.config, follow });
  const baselines = createBaselines(stores.run, stores.config, recording.config);
  const context: Context = { options, view, ...stores, focus, recording, undo, baselines, follow };
  const refused = [...issues, ...opened.issues];
  if (refused.length > 0) {
    notify(
      stores.notices,
      'Parts of the address were not understood; their defaults are used.',
      refused.map(describeIssue),
    );
  }
  const stops = listenToSession(options.client, stores.session, recording.liveRun);
  const playground = createPlayground(options.client, stores.session);
  const guide = createGuide(options.storage ?? null);
  stops.push(followTour(guide, { ...stores, focus: focus.store }), undo.close);
  return {
    ...stores,
    playground,
    focus,
    recording,
    undo,
    guide,
    view,
    chartSettings: createChartSettings(),
    baselines,
    actions: createActions(context),
    ask: (name, request) => (recording.client() ?? options.client).ask(name, request),
    close: () => {
      follow.cancel();
      recording.actions.leave();
      playground.close();
      baselines.close();
      stops.forEach((stop) => stop());
    },
  };
}

// ---- to the worker

function createActions(context: Context): Actions {
  const { options, config, notices } = context;
  const { client } = options;
  return {
    load: () => load(context),
    play: () => attemptLive(context, 'play', () => client.call('play')),
    pause: () => attempt(context, 'pause', () => client.call('pause')),
    step: () => attemptLive(context, 'step', () => client.call('step')),
    reset: () => reset(context),
    newSeed: () => newSeed(context),
    evaluate: (split) => attemptLive(context, 'evaluate', () => client.call('evaluate', { split })),
    exportRun: () => exportRun(context),
    importRun: (bytes) => importRun(context, bytes),
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
    dismissNotice: (id) => dismiss(notices, id),
  };
}

const REFUSED: { readonly [K in ExclusiveCommand]: string } = {
  load: 'The session could not be built.',
  play: 'Training could not start.',
  pause: 'Training could not be paused.',
  step: 'The step failed.',
  reset: 'The reset failed.',
  newSeed: 'The new seed could not be used.',
  set: 'The parameters were not taken over.',
  evaluate: 'The evaluation failed.',
  export: 'The export failed.',
  import: 'The file was not imported; the session is as it was.',
  dispose: 'The session could not be closed.',
};

/** Runs a command with the `busy` mark on; a refusal becomes a notice. */
async function attempt(
  { session, notices }: Context,
  name: ExclusiveCommand,
  run: () => Promise<unknown>,
): Promise<void> {
  session.setState({ busy: name });
  try {
    await run();
  } catch (error) {
    notify(notices, REFUSED[name], [messageOf(error)]);
  } finally {
    session.setState((s) => (s.busy === name ? { busy: null, loading: null } : {}));
  }
}

/** The same for what a person wants to see: the recording makes room. */
function attemptLive(...[context, name, run]: Parameters<typeof attempt>): Promise<void> {
  context.recording.actions.leave();
  return attempt(context, name, run);
}

async function load(context: Context): Promise<void> {
  const { options, config, session } = context;
  if (session.getState().info === null) session.setState({ phase: 'loading', failure: null });
  await attempt(context, 'load', async () => {
    await pauseFirst(context);
    const request = { config: config.getState().current, assetBase: options.assetBase };
    try {
      startWith(context, await options.client.call('load', request));
    } catch (error) {
      if (session.getState().info !== null) throw error;
      session.setState({ phase: 'failed', failure: messageOf(error) });
    }
  });
}

/** Adopts a session that has just been built, with what its run holds already. */
function startWith(context: Context, info: SessionInfo, run: RunState = EMPTY_RUN): void {
  if (context.session.getState().source === 'live') {
    context.baselines.actions.freeze();
    context.focus.store.setState(UNFOCUSED);
  }
  context.recording.liveRun().setState(run, true);
  context.config.setState({ applied: info.config });
  context.session.setState({
    phase: 'ready',
    info,
    step: info.step,
    failure: null,
    running: false,
    tokensPerSecond: null,
  });
  context.follow();
}

async function pauseFirst({ options, session }: Context): Promise<void> {
  if (session.getState().running) await options.client.call('pause');
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
  const { config, session } = context;
  config.setState((state) => setParams(state, values));
  if (needsLoad(context)) await reset(context);
  else await sendLive(context);
  context.follow();
  const { phase, running, busy } = session.getState();
  if (phase !== 'ready' || running || busy !== null || needsLoad(context)) return;
  await attemptLive(context, 'play', () => context.options.client.call('play'));
}

/** `reset` and `newSeed` keep the reset-only parameters of the session; changing those takes a new one. */
function needsLoad({ config, session }: Context): boolean {
  return session.getState().info === null || pendingParams(config.getState()).length > 0;
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

const PASSED_OVER = 'Imported. These files are not needed and were passed over:';

async function importRun(context: Context, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const { options, config } = context;
  await attempt(context, 'import', async () => {
    await pauseFirst(context);
    const reply = await options.client.call('import', { bytes, assetBase: options.assetBase });
    const { rows, marks, evaluations, passedOver = [], ...info } = reply;
    config.setState({ current: info.config, refused: {} });
    context.recording.actions.leave();
    context.undo.clear();
    const history = appendRows(EMPTY_HISTORY, rows);
    startWith(context, info, {
      ...EMPTY_RUN,
      history,
      marks,
      evaluations: evaluations.map((evaluation) => shownOf({ ...evaluation, split: TEST_SPLIT })),
    });
    if (passedOver.length > 0) notify(context.notices, PASSED_OVER, passedOver.slice(0, 20));
  });
}

// ---- parameters on their way out

function followControls(context: Context): void {
  const { config, options, view } = context;
  const state = config.getState();
  if (blockingIssues(state).length === 0) {
    options.writeQuery(withView(configToQuery(state.current), view));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
