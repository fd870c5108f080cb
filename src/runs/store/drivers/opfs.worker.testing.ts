/** Test support: a folder of the origin private file system as a worker has it, one call per message. */
import type { Bytes } from '../files.ts';
import type { PlainFolder } from './alternating.ts';
import { opfsFolder } from './opfs.ts';

export interface Call {
  readonly id: number;
  readonly folder: string;
  readonly method: keyof PlainFolder;
  readonly args: readonly [name?: string, bytes?: Bytes];
}

export interface Answer {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

addEventListener('message', (event: MessageEvent<Call>) => {
  const { id } = event.data;
  const answer = (rest: Omit<Answer, 'id'>): void => postMessage({ id, ...rest });
  perform(event.data).then(
    (value) => answer({ value }),
    (error: unknown) => answer({ error: String(error) }),
  );
});

async function perform({ folder, method, args }: Call): Promise<unknown> {
  const root = await navigator.storage.getDirectory();
  const opened = opfsFolder(await root.getDirectoryHandle(folder, { create: true }));
  const [name = '', bytes = new Uint8Array()] = args;
  const calls: Readonly<Record<Call['method'], () => Promise<unknown>>> = {
    read: () => opened.read(name),
    names: () => opened.names(),
    write: () => opened.write(name, bytes),
    remove: () => opened.remove(name),
  };
  return calls[method]();
}
