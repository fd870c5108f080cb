/** A model on the hub before any of it is downloaded: which files are needed, how large, which licence. */
import * as v from 'valibot';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from '../adapters.ts';
import { CONFIG, INDEX, WEIGHTS } from '../checkpoint.ts';
import { MODEL_CARD } from '../model-files.ts';
import { checkObject, parseJson, whole } from '../checks.ts';
import { ask, HubError, refusal, type Hub } from './hub.ts';

export interface HubFile {
  /** In the folder of the model itself. */
  readonly path: string;
  readonly size: number;
  /** Of large files; null where the hub does not say. */
  readonly sha256: string | null;
  /** Changes with the content. */
  readonly tag: string;
}

export interface HubModel {
  /** `owner/name`. */
  readonly id: string;
  /** The commit that its revision was as it was asked for. */
  readonly commit: string;
  /** Null where the model's card says none. */
  readonly licence: string | null;
  /** What a policy is made of, weights last. */
  readonly files: readonly HubFile[];
  /** In bytes, all files together. */
  readonly size: number;
}

export interface ModelName {
  readonly id: string;
  readonly revision: string;
}

const NAME = /^[\w-][\w.-]*\/[\w-][\w.-]*$/;

/** `owner/name`, `owner/name@revision`, or the address of the model's page. */
export function readModelName(text: string): ModelName {
  const path = text.trim().replace(/^https:\/\/(www\.)?(huggingface\.co|hf\.co)\//, '');
  const [id, revision = 'main'] = path.replace(/\/+$/, '').split(/@|\/tree\//);
  const isRevision = /^[\w][\w./-]*$/.test(revision) && !revision.includes('..');
  if (id && NAME.test(id) && id.length <= 96 && isRevision) return { id, revision };
  throw new HubError(
    `model: got ${JSON.stringify(text)}, expected owner/name or owner/name@revision`,
  );
}

const Sibling = v.looseObject({
  rfilename: v.string('the name of a file'),
  size: v.optional(whole(0)),
  blobId: v.optional(v.pipe(v.string('a hash'), v.regex(/^[0-9a-f]{8,64}$/, 'a hash'))),
  lfs: v.nullish(
    v.looseObject({
      sha256: v.optional(v.pipe(v.string('a hash'), v.regex(/^[0-9a-f]{64}$/, 'a hash'))),
      size: whole(0),
    }),
  ),
});
const Answer = v.looseObject({
  sha: v.pipe(v.string('a commit'), v.regex(/^[0-9a-f]{8,64}$/, 'a commit')),
  siblings: v.array(Sibling, 'a list of files'),
  gated: v.optional(v.unknown()),
  tags: v.optional(v.array(v.string('a tag'), 'a list of tags')),
});

/**
 * @param text `owner/name[@revision]`.
 * @throws HubError in one sentence: no such model, gated, no weights that can be read, no answer.
 */
export async function describeModel(
  hub: Hub,
  text: string,
  signal?: AbortSignal,
): Promise<HubModel> {
  const { id, revision } = readModelName(text);
  const what = revision === 'main' ? id : `${id}@${revision}`;
  const address = `${hub.endpoint}/api/models/${id}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const response = await ask(hub, address, signal ? { signal } : {});
  if (!response.ok) {
    void response.body?.cancel();
    throw refusal(what, response);
  }
  const answer = checkObject(what, Answer, parseJson(what, await response.text()));
  const files = chosen(what, answer.siblings);
  const licence = answer.tags?.find((tag) => tag.startsWith('license:'));
  return {
    id,
    commit: answer.sha,
    licence: licence?.slice('license:'.length) ?? null,
    files,
    size: files.reduce((sum, { size }) => sum + size, 0),
  };
}

/** Small files of which a model needs the first ones and may have the others. */
const NEEDED = [CONFIG, 'tokenizer.json', 'tokenizer_config.json'];
const WELCOME = [
  'chat_template.jinja',
  'generation_config.json',
  'special_tokens_map.json',
  // Its head says the licence.
  MODEL_CARD,
  ADAPTER_CONFIG,
];
const SHARD = /^model-\d+-of-\d+\.safetensors$/;

type Listed = v.InferOutput<typeof Sibling>;

function chosen(what: string, siblings: readonly Listed[]): HubFile[] {
  const listed = new Map(siblings.map((one) => [one.rfilename, one]));
  const missing = NEEDED.find((name) => !listed.has(name));
  if (missing !== undefined) {
    throw new HubError(`${what}: ${missing} is missing, expected a model that transformers loads`);
  }
  const weights = weightsAmong(what, [...listed.keys()]);
  const small = [...NEEDED, ...WELCOME].filter((name) => listed.has(name));
  return [...small, ...weights].map((name) => fileOf(what, listed.get(name)!));
}

function weightsAmong(what: string, names: readonly string[]): string[] {
  const adapters = names.filter((name) => name === ADAPTER_WEIGHTS);
  if (names.includes(WEIGHTS)) return [...adapters, WEIGHTS];
  const shards = names.filter((name) => SHARD.test(name)).sort();
  if (names.includes(INDEX) && shards.length > 0) return [INDEX, ...adapters, ...shards];
  throw new HubError(`${what}: ${WEIGHTS} is missing, expected weights as safetensors`);
}

function fileOf(what: string, { rfilename: path, size, blobId, lfs }: Listed): HubFile {
  const bytes = lfs?.size ?? size;
  if (bytes === undefined) throw new HubError(`${what}: the hub does not say how large ${path} is`);
  const sha256 = lfs?.sha256 ?? null;
  return { path, size: bytes, sha256, tag: (sha256 ?? blobId ?? 'unknown').slice(0, 16) };
}
