/** A database of the browser, where it has no private file system: each file is a record by set and name. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import { checkSetName, type Bytes, type FileSets } from '../files.ts';
import { openAlternating, type PlainFolder } from './alternating.ts';

interface Schema extends DBSchema {
  files: { key: [set: string, name: string]; value: Bytes };
}

type Database = IDBPDatabase<Schema>;
type Connect = () => Promise<Database>;
type WritableFiles = IDBPObjectStore<Schema, ['files'], 'files', 'readwrite'>;

const FILES = 'files';
/** Resolved when it is on the disk, as the store's promise is, and not when the system has heard of it. */
const LASTING: IDBTransactionOptions = { durability: 'strict' };

/** @throws DOMException if the browser opens no database, as where a person allows no cookies. */
export async function openIndexedDbSets(name: string): Promise<FileSets> {
  const connect = connectTo(name);
  await connect();
  return {
    names: async () => setNames(await connect()),
    open: async (set, mode) => {
      checkSetName(set);
      return openAlternating(indexedDbFolder(connect, set), mode);
    },
    remove: async (set) => {
      checkSetName(set);
      await change(await connect(), (files) => files.delete(within(set)));
    },
  };
}

export function indexedDbFolder(connect: Connect, set: string): PlainFolder {
  return {
    read: async (name) => (await connect()).get(FILES, [set, name]),
    names: async () => {
      const keys = await (await connect()).getAllKeys(FILES, within(set));
      return keys.map(([, name]) => name);
    },
    write: async (name, bytes) => change(await connect(), (files) => files.put(bytes, [set, name])),
    remove: async (name) => change(await connect(), (files) => files.delete([set, name])),
  };
}

/** One connection, and another one after the browser has ended it, as WebKit does to pages at rest. */
export function connectTo(name: string): Connect {
  let connection: Promise<Database> | undefined;
  const forget = (): void => {
    connection = undefined;
  };
  const open = async (): Promise<Database> => {
    try {
      return await openDB<Schema>(name, 1, {
        upgrade: (fresh) => void fresh.createObjectStore(FILES),
        terminated: forget,
      });
    } catch (error) {
      forget();
      throw error;
    }
  };
  return () => (connection ??= open());
}

/** All or nothing; resolves when it lasts. */
async function change(
  database: Database,
  act: (files: WritableFiles) => Promise<unknown>,
): Promise<void> {
  const transaction = database.transaction(FILES, 'readwrite', LASTING);
  await Promise.all([act(transaction.store), transaction.done]);
}

/** From the first name of one set to that of the next: whatever holds more sets is not read through. */
async function setNames(database: Database): Promise<string[]> {
  const names: string[] = [];
  const { store } = database.transaction(FILES);
  let cursor = await store.openKeyCursor();
  while (cursor) {
    const [set] = cursor.key;
    names.push(set);
    cursor = await cursor.continue([after(set), '']);
  }
  return names;
}

function within(set: string): IDBKeyRange {
  return IDBKeyRange.bound([set], [after(set)], false, true);
}

/** The very next string: no other set lies between. */
function after(set: string): string {
  return `${set}\0`;
}
