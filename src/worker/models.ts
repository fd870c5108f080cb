/**
 * Pretrained models beside the trainer: sessions are built of their files, wherever those are, and the files
 * of a model that is trained in a kept run are kept too, once.
 */
import { createTokenizer } from '../base/tokenizer.ts';
import type { BaseModel } from '../runs/adapter-run.ts';
import type { RunBundle } from '../runs/bundle.ts';
import { RunFormatError } from '../runs/checks.ts';
import type { ReadFile } from '../runs/checkpoint.ts';
import { isModelFile, readerOf, type ModelFiles } from '../runs/model-files.ts';
import { sha256 } from '../runs/store/manifest.ts';
import { openZip } from '../runs/zip.ts';
import type { ModelStore } from '../runs/model-store.ts';
import type { Config } from '../schema/params.ts';
import { taskFor } from '../tasks/registry.ts';
import {
  createModelSession,
  createSession,
  readPretrained,
  type Platform,
} from '../training/create-session.ts';
import type { Domain } from '../training/open-bundle.ts';
import type { Session } from '../training/session.ts';
import type { ModelTraining } from '../training/model-offer.ts';
import type { ModelRequest } from './protocol.ts';

/** What a session was built of, so that it can be built again. */
interface Origin {
  readonly files: ModelFiles;
  readonly name: string;
  readonly training: ModelTraining;
}

export class Models {
  private readonly origins = new WeakMap<Session, Origin>();
  private store: Promise<ModelStore> | undefined;

  /** @param open rejects where nothing can be kept; absent where nothing is to be. */
  constructor(private readonly open: (() => Promise<ModelStore>) | undefined) {}

  /** How the session is built again; undefined where its policy is a small one of its own. */
  requestOf(session: Session): ModelRequest | undefined {
    const origin = this.origins.get(session);
    if (!origin) return undefined;
    const { files, name, training } = origin;
    return { source: { files, name }, training };
  }

  /** A new run, of a pretrained model where one is asked for. */
  async create(config: Config, platform: Platform, request?: ModelRequest): Promise<Session> {
    if (!request) return createSession(config, platform);
    return this.build(await this.originOf(request), config, platform);
  }

  /** The run of adapters that files hold; its model must be kept here. */
  async restore(base: BaseModel, bundle: RunBundle, platform: Platform): Promise<Session> {
    const { run } = bundle;
    if (!run) throw new RunFormatError('run.json', 'is missing, expected it beside adapters');
    const kept = await this.stored(base.id);
    if (!kept) throw new RunFormatError('base_model.json', missing(base));
    const training = { maxTokens: base.maxTokens, lora: bundle.snapshot.config.lora ?? null };
    return this.build({ ...kept, training }, run.config, platform, bundle);
  }

  /** Keeps the model of a run that is about to be kept. */
  async keep(session: Session): Promise<void> {
    const origin = this.origins.get(session);
    const { model } = session;
    if (origin && model) await (await this.opened()).keep(model, origin.files);
  }

  /** Where files come from; what is kept has its name there. */
  async originOf({ source, training }: ModelRequest): Promise<Origin> {
    if ('files' in source) return { ...source, files: await modelFilesOf(source.files), training };
    const kept = await this.stored(source.id);
    if (kept) return { ...kept, training };
    throw new RangeError(`model: got "${source.id}", expected one that this browser keeps`);
  }

  private stored(id: string): ReturnType<ModelStore['read']> {
    return this.open ? this.opened().then((store) => store.read(id)) : Promise.resolve(undefined);
  }

  private opened(): Promise<ModelStore> {
    if (!this.open) return Promise.reject(new Error('this browser keeps no models'));
    this.store ??= this.open();
    return this.store;
  }

  private async build(
    origin: Origin,
    config: Config,
    platform: Platform,
    earlier?: RunBundle,
  ): Promise<Session> {
    const { files, name, training } = origin;
    await platform.onLoading(`Reading ${name}`, 0, 1);
    const digests = digesting(readerOf(files));
    const model = await readPretrained(digests.read);
    const { maxTokens, lora, warmStartSteps } = training;
    const session = await createModelSession(model, config, platform, {
      ...{ maxTokens, as: { id: await digests.id(), name } },
      ...(lora && { lora }),
      ...(earlier ? { earlier } : warmStartSteps !== undefined && { warmStartSteps }),
    });
    this.origins.set(session, origin);
    return session;
  }
}

/** What is a model's among files that were picked; those of a zip, where it is one. */
async function modelFilesOf(files: ModelFiles): Promise<ModelFiles> {
  const [first, ...others] = files;
  if (first?.[0].toLowerCase().endsWith('.zip') && others.length === 0) {
    const bytes = new Uint8Array(await first[1].arrayBuffer());
    const { files: unpacked } = openZip(bytes, isModelFile);
    return new Map(unpacked.map(({ path, bytes: content }) => [path, new Blob([content])]));
  }
  return new Map([...files].filter(([name]) => isModelFile(name)));
}

/** What records of a run in words are held against. */
export function domainInWords(session: Session): Domain {
  const { task, tokenizer, config } = session;
  const { vocabulary } = taskFor(config, () => config);
  return { task, tokenizer, answers: createTokenizer(vocabulary) };
}

function missing({ name, id }: BaseModel): string {
  return `id: got "${id}" (${name}), expected a model that this browser keeps: train it once here, then open the run again`;
}

/** Reads files, and makes one id of the contents of all that were read. */
function digesting(read: ReadFile): {
  readonly read: ReadFile;
  readonly id: () => Promise<string>;
} {
  const digests = new Map<string, string>();
  return {
    read: async (name) => {
      const bytes = await read(name);
      if (bytes) digests.set(name, await sha256(bytes as Uint8Array<ArrayBuffer>));
      return bytes;
    },
    id: async () => {
      const lines = [...digests].map(([name, digest]) => `${digest} ${name}\n`).sort();
      return (await sha256(new TextEncoder().encode(lines.join('')))).slice(0, 32);
    },
  };
}
