/** What a download from a hub needs of Node: a folder that files grow in, and redirects that are looked at first. */
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ENDPOINT_EXPECTED,
  endpointOf,
  HubError,
  mayServe,
  redirectRefused,
  type Hub,
} from '../runs/hub/hub.ts';
import { describeIssue } from '../schema/params.ts';
import { CliError } from './args.ts';
import type { ModelFolder } from '../runs/hub/model-folder.ts';

/** The folder is made with its first file. */
export function folderOnDisk(folder: string): ModelFolder {
  const at = (name: string): string => join(folder, name);
  return {
    size: async (name) => {
      try {
        return (await stat(at(name))).size;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    read: (name) => createReadStream(at(name)),
    append: async (name) => {
      await mkdir(folder, { recursive: true });
      const file = await open(at(name), 'a');
      return { write: (bytes) => file.writeFile(bytes), close: () => file.close() };
    },
    rename: (from, to) => rename(at(from), at(to)),
    remove: (name) => rm(at(name), { force: true }),
  };
}

/**
 * The address of a hub that was given to a flag. A token goes out in the clear only on this machine.
 * @throws CliError that names the flag.
 */
export function hubAddress(field: string, text: string): string {
  const address = endpointOf(text);
  if (address !== undefined) return address;
  const value = JSON.stringify(text);
  throw new CliError(describeIssue({ field, value, expected: ENDPOINT_EXPECTED }));
}

const MOST_REDIRECTS = 5;

/** Nothing is sent to a host that may not serve; a browser has the page's policy for that. */
export function hubOnline(endpoint: string): Hub {
  return {
    endpoint,
    fetch: async (address, init) => {
      let to = address;
      for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
        const response = await fetch(to, { ...init, redirect: 'manual' });
        const location = response.headers.get('Location');
        if (response.status < 300 || response.status >= 400 || location === null) return response;
        void response.body?.cancel();
        to = new URL(location, to).href;
        if (!mayServe(endpoint, to)) throw redirectRefused({ endpoint }, to);
      }
      throw new HubError(`${new URL(address).host} redirects more than ${MOST_REDIRECTS} times.`);
    },
  };
}
