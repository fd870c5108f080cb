/** A database of the browser, where it has no private file system: each file is a record by set and name. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPObjectStore } from 'idb';
import { checkSetName, type Bytes, type FileSets } from '../files.ts';
import { openAlternating, type PlainFolder } from './alternating.ts';

interface Schema extends DBSchema {
  files: { key: [set: string, name: string]; value: Bytes };
}

type Database = IDBPDatabase<Schema>;
type WritableFiles = IDBPObjectStore<Schema, ['files'], 'files', 'readwrite'>;

const FILES = 'files';
/** Resolved when it is on the disk, as the store's promise is, and not when the system has heard of it. */
const LASTING: IDBTransactionOptions = { durability: 'strict' };

/** @throws DOMException if the browser opens no database, as in some private windows. */
export async function openIndexedDbSets(name: string): Promise<FileSets> {
  const database = await openFilesDatabase(name);
  return {
    names: () => setNames(database),
    open: async (set, mode) => {
      checkSetName(set);
      return openAlternating(indexedDbFolder(database, set), mode);
    },
    remove: async (set) => {
      checkSetName(set);
      await change(database, (files) => files.delete(within(set)));
    },
  };
}

export function openFilesDatabase(name: string): Promise<Database> {
  return openDB<Schema>(name, 1, {
    upgrade: (fresh) => void fresh.createObjectStore(FILES),
  });
}

export function indexedDbFolder(database: Database, set: string): PlainFolder {
  return {
    read: (name) => database.get(FILES, [set, name]),
    names: async () => (await database.getAllKeys(FILES, within(set))).map(([, name]) => name),
    write: (name, bytes) => change(database, (files) => files.put(bytes, [set, name])),
    remove: (name) => change(database, (files) => files.delete([set, name])),
  };
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
