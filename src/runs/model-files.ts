/**
 * The files of a pretrained model, as named blobs: whoever has them (a picker, a zip, a download) gives
 * this, and whoever trains the model reads them from it, one by one, where it runs.
 */
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS } from './adapters.ts';
import { CONFIG, INDEX, type ReadFile } from './checkpoint.ts';
import { RunFormatError } from './checks.ts';

/** File names without folders → contents. A Blob is a handle: its bytes may still be on the disk. */
export type ModelFiles = ReadonlyMap<string, Blob>;

/** The model card, whose head says the licence. */
export const MODEL_CARD = 'README.md';

const NAMED: readonly string[] = [
  ...[CONFIG, INDEX, MODEL_CARD, ADAPTER_CONFIG, ADAPTER_WEIGHTS],
  ...['tokenizer.json', 'tokenizer_config.json', 'chat_template.jinja', 'generation_config.json'],
];

/** Whether a file tells anything of a model: a folder holds others, which are not read. */
export function isModelFile(name: string): boolean {
  return NAMED.includes(name) || /^[^/\\]+\.safetensors$/.test(name);
}

export function modelBytes(files: ModelFiles): number {
  return [...files.values()].reduce((sum, { size }) => sum + size, 0);
}

/** One file at a time is in memory, and only while somebody holds what was read. */
export function readerOf(files: ModelFiles): ReadFile {
  return async (name) => {
    const file = files.get(name);
    if (!file) return undefined;
    try {
      return new Uint8Array(await file.arrayBuffer());
    } catch (cause) {
      // A picked file that was changed or removed since, or one that is larger than a buffer may be.
      const problem = `could not be read (${(cause as Error).message}), expected its ${file.size} bytes`;
      throw new RunFormatError(name, problem, { cause });
    }
  };
}
