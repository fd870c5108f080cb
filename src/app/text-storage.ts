/** Texts that are kept from one visit to the next, by key; larger ones than `localStorage` takes. */
export interface TextStorage {
  /** Undefined where none is kept. */
  read(key: string): Promise<string | undefined>;
  /** Whole or not at all. */
  write(key: string, text: string): Promise<void>;
  clear(): Promise<void>;
}

const STORE = 'texts';

/** Calls reject where the browser keeps nothing, as in some private windows. */
export function indexedDbStorage(name: string): TextStorage {
  let opened: Promise<IDBDatabase> | undefined;
  const transact = async <T>(
    mode: IDBTransactionMode,
    act: (texts: IDBObjectStore) => T,
  ): Promise<T> => {
    opened ??= open(name);
    const transaction = (await opened).transaction(STORE, mode);
    const result = act(transaction.objectStore(STORE));
    await settled(transaction);
    return result;
  };
  return {
    read: async (key) => {
      const request: IDBRequest<unknown> = await transact('readonly', (texts) => texts.get(key));
      return typeof request.result === 'string' ? request.result : undefined;
    },
    write: async (key, text) => {
      await transact('readwrite', (texts) => texts.put(text, key));
    },
    clear: async () => {
      await transact('readwrite', (texts) => texts.clear());
    },
  };
}

function open(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(`${name}: cannot be opened`));
  });
}

function settled(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('nothing was kept'));
  });
}

/** Lasts as long as the page. */
export function memoryStorage(): TextStorage {
  const texts = new Map<string, string>();
  return {
    read: async (key) => texts.get(key),
    write: async (key, text) => void texts.set(key, text),
    clear: async () => texts.clear(),
  };
}
