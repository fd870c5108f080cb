/**
 * The way on when training breaks off: another worker, the run from its last checkpoint, and on with it if it
 * was running. A few times; what breaks off again and again is shown instead, and nothing of it is lost.
 */
import { PARAMS } from '../schema/params.ts';
import type { Config } from '../schema/params.ts';
import type { Commands, Events } from '../worker/protocol.ts';
import { messageOf, openedOf, standWith } from './attempt.ts';
import type { CommandContext } from './attempt.ts';
import { setParams } from './config.ts';
import { showFailure } from './listen.ts';
import { notify } from './notices.ts';

export interface Recovery {
  /** @returns whether it is being seen to. */
  readonly take: (failure: Events['failure'], wasRunning: boolean) => boolean;
  /** By hand, after it was given up. */
  readonly again: () => Promise<void>;
  /** Whether the worker has no session, although the page shows a run. */
  readonly isBare: () => boolean;
  /** A session stands again. */
  readonly stands: () => void;
}

export interface RecoveryContext extends CommandContext {
  /** Begins another worker; absent where there is none to be had. */
  readonly restart: (() => void) | undefined;
  /** The pretrained model that is trained, where one is. */
  readonly model: () => Pick<Commands['load']['request'], 'model'>;
  /** Milliseconds. */
  readonly clock: () => number;
}

const MOST_TRIES = 3;
const WITHIN_MS = 60_000;
/** A new adapter may need a minute for its first step. */
const GRAPHICS_WITHIN_MS = 600_000;

export function createRecovery(context: RecoveryContext): Recovery {
  const { restart, clock, session, kept, client } = context;
  const tries = countTries(clock);
  let isBare = false;
  let isRecovering = false;

  const giveUp = (message: string): void => {
    // One that failed with nothing in it would fail again and again.
    if (!isBare) restart?.();
    isBare = true;
    showFailure(session, message);
  };
  const recover = async (failure: Events['failure'], wasRunning: boolean): Promise<void> => {
    isRecovering = true;
    let problem = failure.message;
    try {
      while (tries.isLeft(failure)) {
        const tried = tries.add(failure);
        restart?.();
        session.setState({ busy: 'open', running: false, failure: null, loading: null });
        try {
          await standAgain(context, failure, tried);
          isBare = false;
          if (wasRunning) await client.call('play');
          return;
        } catch (error) {
          problem = messageOf(error);
        }
      }
      giveUp(`${problem} It was tried ${MOST_TRIES} times within a minute.`);
    } finally {
      isRecovering = false;
      session.setState((s) => (s.busy === 'open' ? { busy: null, loading: null } : {}));
    }
  };
  return {
    take: (failure, wasRunning) => {
      // What is pending rejects, and is tried again there.
      if (isRecovering) return true;
      if (!restart) return false;
      // The same step would need the same again: what is to be lowered is for a person to say.
      if (failure.kind === 'memory') {
        showFailure(session, failure.message);
        return true;
      }
      const isKept = kept.store.getState().run !== null || kept.snapshot() !== null;
      const isLost = !isKept && session.getState().step > 0;
      if (isLost) giveUp(`${failure.message} The run was not kept: it can only begin anew.`);
      else if (tries.isLeft(failure)) void recover(failure, wasRunning);
      else giveUp(`${failure.message} It has failed ${MOST_TRIES} times within a minute.`);
      return true;
    },
    again: async () => {
      tries.clear();
      await recover({ message: session.getState().failure ?? '' }, false);
    },
    isBare: () => isBare,
    stands: () => void (isBare = false),
  };
}

interface Tries {
  readonly isLeft: (failure: Events['failure']) => boolean;
  /** @returns how many there were lately of failures of that kind, this one counted. */
  readonly add: (failure: Events['failure']) => number;
  readonly clear: () => void;
}

/** Those of the graphics device by themselves: after its last one it is WebAssembly's turn. */
function countTries(clock: () => number): Tries {
  const times = { graphics: [] as number[], others: [] as number[] };
  const lately = ({ kind }: Events['failure']): number[] => {
    const [which, within] =
      kind === 'graphics'
        ? (['graphics', GRAPHICS_WITHIN_MS] as const)
        : (['others', WITHIN_MS] as const);
    return (times[which] = times[which].filter((at) => clock() - at < within));
  };
  return {
    isLeft: (failure) =>
      lately(failure).length < (failure.kind === 'graphics' ? MOST_TRIES + 1 : MOST_TRIES),
    add: (failure) => lately(failure).push(clock()),
    clear: () => {
      times.graphics = [];
      times.others = [];
    },
  };
}

/** The same run as it was last saved; from the start where it has no step yet. */
async function standAgain(
  context: RecoveryContext,
  failure: Events['failure'],
  tried: number,
): Promise<void> {
  const run = context.kept.store.getState().run;
  const snapshot = context.kept.snapshot();
  if (run === null && snapshot === null) return beginAgain(context, failure);
  const changes = changesFor(context, failure, tried);
  await reopen(context, run?.id ?? null, changes);
  const { step } = context.session.getState();
  notify(context.notices, `Training was started again from step ${step}.`, [
    failure.message,
    ...changes.said,
  ]);
}

interface Changes {
  readonly values: Partial<Config>;
  /** In words. */
  readonly said: readonly string[];
}

/** What is better done otherwise than before. */
function changesFor(
  { config }: CommandContext,
  { kind }: Events['failure'],
  tried: number,
): Changes {
  if (kind === 'diverged') {
    const { learningRate } = config.getState().applied ?? config.getState().current;
    const half = Math.max(learningRate / 2, PARAMS.learningRate.range[0]);
    return {
      values: { learningRate: half },
      said: [`The learning rate is ${half} from here on, half of what it was.`],
    };
  }
  if (kind === 'graphics' && tried > MOST_TRIES) {
    return {
      values: { backend: 'wasm' },
      said: ['The graphics device failed three times: the run goes on in WebAssembly.'],
    };
  }
  return { values: {}, said: [] };
}

/** @param id null where the run is in memory only. */
async function reopen(
  context: RecoveryContext,
  id: string | null,
  { values }: Changes,
): Promise<void> {
  const { client, assetBase, config } = context;
  const { backend = null, ...live } = values;
  const { info, run: past } = openedOf(
    id === null
      ? await importSnapshot(context, backend)
      : await client.call('open', { id, assetBase, backend }),
  );
  config.setState((state) => setParams(state, values));
  if (Object.keys(live).length > 0) await client.call('set', { values: live });
  standWith(context, { ...info, config: { ...info.config, ...live } }, past);
}

/** What is sent is gone: it is sent as a copy, since it may be needed again before there is a newer one. */
async function importSnapshot(
  { client, assetBase, kept }: RecoveryContext,
  backend: Config['backend'] | null,
): Promise<Commands['import']['reply']> {
  const snapshot = kept.snapshot();
  if (!snapshot) throw new Error('nothing was kept of the run');
  const bytes = snapshot.slice();
  const reply = await client.call('import', { bytes, assetBase, ...(backend && { backend }) });
  kept.setSnapshot(snapshot);
  return reply;
}

async function beginAgain(context: RecoveryContext, failure: Events['failure']): Promise<void> {
  const { client, assetBase, config, recording, notices } = context;
  const request = { config: config.getState().current, assetBase, ...context.model() };
  const info = await client.call('load', request);
  standWith(context, info, recording.liveRun().getInitialState());
  notify(notices, 'The training worker was started again.', [failure.message]);
}
