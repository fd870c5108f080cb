/** Pretrained models of a person's own: looked at before they are loaded, trained in the place of a small policy. */
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { KeptModel } from '../runs/model-store.ts';
import { LORA_TARGETS } from '../schema/lora-targets.ts';
import type { Config } from '../schema/params.ts';
import type { ModelOffer } from '../training/model-offer.ts';
import type { Commands, ModelRequest } from '../worker/protocol.ts';
import type { RunsService } from '../worker/runs-methods.ts';
import { attempt, messageOf, pauseFirst, startWith, type CommandContext } from './attempt.ts';
import { setParams } from './config.ts';

/** What can be turned before it is loaded. */
export interface ModelForm {
  readonly batchGroups: number;
  readonly groupSize: number;
  readonly maxTokens: number;
  readonly rank: number;
  readonly warmStartSteps: number;
}

export interface ModelsState {
  /** What was picked; null where nothing is. */
  readonly picked: { readonly name: string; readonly source: ModelRequest['source'] } | null;
  /** What it is and takes; null while it is looked at, or cannot be trained. */
  readonly offer: ModelOffer | null;
  readonly isLooking: boolean;
  /** Why it is refused. */
  readonly problem: string | null;
  readonly form: ModelForm;
  /** Models that this browser keeps; null before it was asked. */
  readonly kept: readonly KeptModel[] | null;
}

export interface Models {
  readonly store: StoreApi<ModelsState>;
  readonly actions: {
    /** Files of a folder, or a zip of them; nothing is loaded yet. */
    readonly pick: (files: readonly File[]) => Promise<void>;
    /** A model as its named files, wherever they came from. */
    readonly pickFiles: (name: string, files: ReadonlyMap<string, Blob>) => Promise<void>;
    readonly pickKept: (model: KeptModel) => Promise<void>;
    readonly set: (values: Partial<ModelForm>) => Promise<void>;
    readonly forget: () => void;
    /** A new run of what was picked. */
    readonly start: () => Promise<void>;
    /** A new run of a small policy with the same parameters. */
    readonly leave: () => Promise<void>;
    readonly list: () => Promise<void>;
    readonly remove: (id: string) => Promise<void>;
  };
  /** What a new session of the model that is trained is asked with; nothing where none is. */
  readonly request: () => Pick<Commands['load']['request'], 'model'>;
}

const FORM: ModelForm = {
  ...{ batchGroups: 8, groupSize: 8, maxTokens: 64, rank: 16, warmStartSteps: 20 },
};

/** A step of minutes on two cores, and not of hours. */
const LIGHT: Partial<Config> = {
  ...{ evalEvery: 0, evalTasks: 8, evalSamples: 1, learningRate: 1e-4, bufferMin: 8 },
};

export interface ModelsContext extends CommandContext {
  readonly openRuns: (() => RunsService) | undefined;
}

export function createModels(context: ModelsContext): Models {
  const { session } = context;
  const store = createStore<ModelsState>(() => ({
    ...{ picked: null, offer: null, isLooking: false, problem: null, form: FORM, kept: null },
  }));
  /** What the session was built of, as far as it was picked here. */
  let built: BuiltModel | undefined;

  const look = (): Promise<void> => lookAt(context, store);
  return {
    store,
    actions: {
      pick: (files) => {
        const named = new Map(files.map((file) => [file.name, file]));
        const source = { files: named, name: nameOf(files) };
        store.setState({ picked: { name: source.name, source } });
        return look();
      },
      pickFiles: (name, files) => {
        store.setState({ picked: { name, source: { files, name } } });
        return look();
      },
      pickKept: ({ id, name }) => {
        store.setState({ picked: { name, source: { id } } });
        return look();
      },
      set: (values) => {
        store.setState(({ form }) => ({ form: { ...form, ...values } }));
        return look();
      },
      forget: () => store.setState({ picked: null, offer: null, problem: null, isLooking: false }),
      start: async () => {
        const now = await startPicked(context, store);
        if (now) built = now;
      },
      leave: () => leaveModel(context),
      list: async () => {
        const kept = await context
          .openRuns?.()
          .ownModels()
          .catch(() => []);
        store.setState({ kept: kept ?? [] });
      },
      remove: async (id) => {
        await context.openRuns?.().removeOwnModel(id);
        store.setState({ kept: (await context.openRuns?.().ownModels()) ?? [] });
      },
    },
    request: () => {
      const model = session.getState().info?.model;
      if (!model) return {};
      const { id, maxTokens, lora } = model;
      const source = built?.id === id ? built.source : { id };
      return { model: { source, training: { maxTokens, lora } } };
    },
  };
}

/** What a session was built of. */
interface BuiltModel {
  readonly id: string;
  readonly source: ModelRequest['source'];
}

/** @returns undefined where it was refused, which a notice says. */
async function startPicked(
  context: ModelsContext,
  store: StoreApi<ModelsState>,
): Promise<BuiltModel | undefined> {
  const { picked, form } = store.getState();
  if (!picked) return undefined;
  const { client, assetBase } = context;
  let built: BuiltModel | undefined;
  await attempt(context, 'load', async () => {
    await pauseFirst(context);
    const model = requestFor(picked.source, form);
    const config = configFor(context, form);
    const info = await client.call('load', { config, assetBase, model });
    context.config.setState((state) => setParams(state, config));
    built = info.model && { id: info.model.id, source: picked.source };
    context.recording.actions.leave();
    startWith(context, info);
    store.setState({ picked: null, offer: null });
  });
  return built;
}

/** A new run of a small policy with the same parameters. */
async function leaveModel(context: ModelsContext): Promise<void> {
  const { client, assetBase, config } = context;
  await attempt(context, 'load', async () => {
    await pauseFirst(context);
    startWith(context, await client.call('load', { config: config.getState().current, assetBase }));
  });
}

async function lookAt(context: ModelsContext, store: StoreApi<ModelsState>): Promise<void> {
  const { picked, form } = store.getState();
  if (!picked) return;
  store.setState({ isLooking: true, problem: null });
  const config = configFor(context, form);
  const said = await context.client
    .call('inspectModel', { model: requestFor(picked.source, form), config })
    .then((offer) => ({ offer, problem: offer.problem }))
    .catch((error: unknown) => ({ offer: null, problem: messageOf(error) }));
  const now = store.getState();
  // What was asked about may have been changed or dropped since: another look says then.
  if (now.picked === picked && now.form === form) store.setState({ ...said, isLooking: false });
}

function configFor({ config }: ModelsContext, { batchGroups, groupSize }: ModelForm): Config {
  return { ...config.getState().current, ...LIGHT, batchGroups, groupSize };
}

function requestFor(source: ModelRequest['source'], form: ModelForm): ModelRequest {
  const { maxTokens, rank, warmStartSteps } = form;
  const lora = { rank, alpha: 2 * rank, targets: LORA_TARGETS };
  return { source, training: { maxTokens, lora, warmStartSteps } };
}

/** Of the folder, where the browser says it, or of the file. */
function nameOf(files: readonly File[]): string {
  const [first] = files;
  const folder = first?.webkitRelativePath.split('/')[0];
  if (folder) return folder;
  return files.length === 1 && first ? first.name.replace(/\.zip$/i, '') : 'my model';
}
