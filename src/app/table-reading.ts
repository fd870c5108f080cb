/** What the domain understood of the table in the playground's field, kept abreast of the text. */
import type { StoreApi } from 'zustand/vanilla';
import { decodeText } from '../base/decodeText.ts';
import type { TableCorrection, TableReading } from '../tasks/task.ts';
import type { Client } from '../worker/client.ts';

/** In bytes: more cannot be edited in a field. */
const MAX_FILE_BYTES = 1e6;

/** After the last key, in ms: reading a table takes a moment. */
const READ_DELAY_MS = 300;

export interface TableState {
  /** Null where the field holds no table. */
  readonly reading: TableReading | null;
  /** How the file was encoded that the text came from; null where it was typed. */
  readonly encoding: string | null;
}

export const NO_TABLE: TableState = { reading: null, encoding: null };

export interface TableSource<S extends TableState> {
  readonly client: Client;
  readonly store: StoreApi<S>;
  /** Of the domain that is chosen; null where it has no tables. */
  readonly domain: () => string | null;
  readonly text: () => string;
  /** Puts what was corrected into the field. */
  readonly write: (text: string) => void;
}

export interface TableReader {
  /** Reads what stands in the field, with a correction written into it. */
  readonly read: (correction?: TableCorrection) => Promise<void>;
  /** Reads it when nothing was typed for a moment. */
  readonly readSoon: () => void;
  readonly close: () => void;
}

export function createTableReader<S extends TableState>(source: TableSource<S>): TableReader {
  const { client, store } = source;
  let latest = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const show = (reading: TableReading | null): void => {
    store.setState({ reading } as Partial<S>);
  };

  const read = async (correction: TableCorrection = {}): Promise<void> => {
    clearTimeout(timer);
    const [id, domain, text] = [++latest, source.domain(), source.text()];
    if (domain === null) return show(null);
    const reply = await client.call('readTable', { domain, text, correction }).catch(() => null);
    // Whoever typed in the meantime is answered by a later reading.
    if (id !== latest || source.text() !== text) return;
    if (reply && reply.text !== text) source.write(reply.text);
    show(reply?.reading ?? null);
  };

  return {
    read,
    readSoon: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void read(), READ_DELAY_MS);
    },
    close: () => clearTimeout(timer),
  };
}

/**
 * The text of a file that a person chose, and how it was encoded.
 * @throws RangeError if it is too large, or no text.
 */
export async function readFile(file: Blob): Promise<{ text: string; encoding: string }> {
  if (file.size > MAX_FILE_BYTES) {
    const size = `${Math.ceil(file.size / 1000)} kB`;
    throw new RangeError(`file: got ${size}, expected at most ${MAX_FILE_BYTES / 1000} kB`);
  }
  return decodeText(new Uint8Array(await file.arrayBuffer()));
}
