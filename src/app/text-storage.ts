/** Texts that are kept from one visit to the next, by key; larger ones than `localStorage` takes. */
export interface TextStorage {
  /** Undefined where none is kept. */
  read(key: string): Promise<string | undefined>;
  /** Whole or not at all. */
  write(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
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
    remove: async (key) => {
      await transact('readwrite', (texts) => texts.delete(key));
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

/**
 * The same, with calls that reject when no answer has come after so many milliseconds: a database that
 * another tab holds open in an older version, or that the browser is mending, may never answer.
 */
export function answering(storage: TextStorage, withinMs: number): TextStorage {
  const soon = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`storage: no answer within ${withinMs} ms`);
      timer = setTimeout(() => reject(error), withinMs);
    });
    try {
      return await Promise.race([answer, late]);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    read: (key) => soon(storage.read(key)),
    write: (key, text) => soon(storage.write(key, text)),
    remove: (key) => soon(storage.remove(key)),
    clear: () => soon(storage.clear()),
  };
}

/** Lasts as long as the page. */
export function memoryStorage(): TextStorage {
  const texts = new Map<string, string>();
  return {
    read: async (key) => texts.get(key),
    write: async (key, text) => void texts.set(key, text),
    remove: async (key) => void texts.delete(key),
    clear: async () => texts.clear(),
  };
}
