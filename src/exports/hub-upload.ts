/** Puts the files of a run on a hub in one commit, with the hub's own client. */
import { commit, createRepo, HubApiError, repoExists } from '@huggingface/hub';
import { HubError, reasonOf } from '../runs/hub/hub.ts';
import type { BundleFile } from '../runs/zip.ts';

export interface Upload {
  /** `owner/name`, made where it is not there. */
  readonly to: string;
  readonly isPrivate: boolean;
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** May write; is sent to the endpoint and kept nowhere. */
  readonly token: string;
  readonly files: readonly BundleFile[];
}

/**
 * @returns the address of the commit.
 * @throws HubError with what the hub said, never with the token.
 */
export async function uploadFiles(upload: Upload): Promise<string> {
  try {
    return await send(upload);
  } catch (error) {
    throw new HubError(`${upload.endpoint}: ${saidBy(error)}`);
  }
}

async function send({ to, isPrivate, endpoint, token, files }: Upload): Promise<string> {
  const hub = {
    repo: { type: 'model' as const, name: to },
    hubUrl: endpoint,
    accessToken: token,
  };
  if (!(await repoExists(hub))) {
    await createRepo({ ...hub, visibility: isPrivate ? 'private' : 'public' });
  }
  const done = await commit({
    ...hub,
    title: 'A run of ExIt Lab',
    operations: files.map(({ path, bytes }) => {
      return { operation: 'addOrUpdate', path, content: new Blob([new Uint8Array(bytes)]) };
    }),
  });
  return done?.commit.url ?? `${endpoint}/${to}`;
}

function saidBy(error: unknown): string {
  if (error instanceof HubApiError) return `answered ${error.statusCode}: ${error.message}`;
  return reasonOf(error);
}

/** What is wrong with the name of a repository; undefined where nothing is. */
export function repoNameProblem(to: string): string | undefined {
  const isName =
    /^[\w][\w.-]*\/[\w][\w.-]*$/.test(to) && to.length <= 96 && !/\.\.|--|\.git$/.test(to);
  if (isName) return undefined;
  return 'OWNER/NAME of letters, digits, ".", "_" and "-", at most 96 characters';
}

/** What is wrong with a token, which is never shown; undefined where nothing is. */
export function tokenProblem(token: string): string | undefined {
  if (token.startsWith('hf_') && !/\s/.test(token)) return undefined;
  return `got ${token.length} characters, expected a token that begins with "hf_"`;
}
