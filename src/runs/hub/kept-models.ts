/** Models of a hub that are kept beside one another, each in a folder of its own with a record of what it is. */
import * as v from 'valibot';
import { checkObject, decodeText, encodeText, parseJson, whole } from '../checks.ts';
import { downloadModel, type DownloadOptions } from './hub-download.ts';
import type { HubModel } from './hub-model.ts';
import type { ModelFolder } from './model-folder.ts';

export interface ModelShelf {
  names(): Promise<readonly string[]>;
  /** Made where there is none. */
  folder(name: string): Promise<ModelFolder>;
  /** Without reading it into memory. */
  blob(name: string, file: string): Promise<Blob>;
  remove(name: string): Promise<void>;
}

export interface KeptModel extends HubModel {
  /** Of its folder. */
  readonly name: string;
  /** Whether all of it is there; else the same download goes on with it. */
  readonly isWhole: boolean;
}

const RECORD = 'hub.json';

const text = v.string('a text');
const RecordSchema = v.object({
  id: text,
  commit: text,
  licence: v.nullable(text),
  size: whole(0),
  files: v.array(
    v.object({ path: text, size: whole(0), sha256: v.nullable(text), tag: text }),
    'a list of files',
  ),
});

/** The name of its folder: another commit is another one. */
function folderOf({ id, commit }: HubModel): string {
  return `${id.replace('/', '--')}@${commit.slice(0, 12)}`;
}

/** Downloads it to the shelf, or what is missing of it there. Throws as `downloadModel`. */
export async function keepModel(
  shelf: ModelShelf,
  options: Omit<DownloadOptions, 'folder'>,
): Promise<void> {
  const folder = await shelf.folder(folderOf(options.model));
  // First, so that what a break leaves is in the list and can be removed.
  await folder.remove(RECORD);
  const record = await folder.append(RECORD);
  try {
    await record.write(encodeText(JSON.stringify(options.model)));
  } finally {
    await record.close();
  }
  await downloadModel({ ...options, folder });
}

/** Sorted by name; what has no record that can be read is left out. */
export async function listModels(shelf: ModelShelf): Promise<KeptModel[]> {
  const kept: KeptModel[] = [];
  for (const name of [...(await shelf.names())].sort()) {
    const folder = await shelf.folder(name);
    const model = await recordIn(folder).catch(() => undefined);
    if (!model) continue;
    const sizes = await Promise.all(model.files.map(({ path }) => folder.size(path)));
    kept.push({ ...model, name, isWhole: model.files.every(({ size }, i) => sizes[i] === size) });
  }
  return kept;
}

async function recordIn(folder: ModelFolder): Promise<HubModel> {
  const pieces: Uint8Array[] = [];
  for await (const piece of folder.read(RECORD)) pieces.push(piece);
  const bytes = new Uint8Array(await new Blob(pieces.map((piece) => piece.slice())).arrayBuffer());
  return checkObject(RECORD, RecordSchema, parseJson(RECORD, decodeText(RECORD, bytes)));
}

/**
 * What a model is read from: its files by their names.
 * @throws RunFormatError where it has no record.
 */
export async function filesOfModel(
  shelf: ModelShelf,
  name: string,
): Promise<ReadonlyMap<string, Blob>> {
  const { files } = await recordIn(await shelf.folder(name));
  const blobs = files.map(async ({ path }): Promise<[string, Blob]> => [
    path,
    await shelf.blob(name, path),
  ]);
  return new Map(await Promise.all(blobs));
}
