/**
 * Puts a run on the Hugging Face Hub: the folder that `transformers` loads, its card, its past. Only where
 * it is asked for; the token is read when it is needed and kept nowhere.
 */
import { commit, createRepo, HubApiError, repoExists } from '@huggingface/hub';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { fromFiles } from '../runs/bundle.ts';
import type { BundleFile } from '../runs/zip.ts';
import { ENDPOINT_EXPECTED, endpointOf, HUB } from '../runs/hub/hub.ts';
import { describeIssue } from '../schema/params.ts';
import { onlyRun, readRun } from './export.ts';

const FLAGS = {
  to: {
    kind: 'string',
    required: true,
    help: 'OWNER/NAME of the repository; made if it is not there.',
  },
  private: { kind: 'boolean', help: 'Makes a new repository private.' },
  hub: { kind: 'string', default: HUB, help: 'Address of the hub.' },
} as const;

interface Hub {
  readonly repo: { readonly type: 'model'; readonly name: string };
  readonly hubUrl: string;
  readonly accessToken: string;
}

export const upload = defineCommand({
  flags: FLAGS,
  params: [],
  operand: 'RUN',
  run: async ({ operands, flags }) => {
    const run = onlyRun(operands);
    const name = nameOf(flags.to);
    const hubUrl = addressOf(flags.hub);
    const files = await readRun(run);
    // What cannot be read here would be of no use there.
    fromFiles(files);
    const hub: Hub = { repo: { type: 'model', name }, hubUrl, accessToken: await tokenFor(hubUrl) };
    try {
      await send(hub, files, flags.private);
    } catch (error) {
      throw new CliError(`${hubUrl}: ${reasonOf(error)}`);
    }
  },
});

async function send(hub: Hub, files: readonly BundleFile[], isPrivate: boolean): Promise<void> {
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
  const address = done?.commit.url ?? `${hub.hubUrl}/${hub.repo.name}`;
  process.stdout.write(`${files.length} files in one commit: ${address}\n`);
}

function nameOf(to: string): string {
  const expected = 'OWNER/NAME of letters, digits, ".", "_" and "-", at most 96 characters';
  const isName =
    /^[\w][\w.-]*\/[\w][\w.-]*$/.test(to) && to.length <= 96 && !/\.\.|--|\.git$/.test(to);
  if (isName) return to;
  throw new CliError(describeIssue({ field: '--to', value: JSON.stringify(to), expected }));
}

/** A token goes out in the clear only on this machine. */
function addressOf(text: string): string {
  const address = endpointOf(text);
  if (address !== undefined) return address;
  const value = JSON.stringify(text);
  throw new CliError(describeIssue({ field: '--hub', value, expected: ENDPOINT_EXPECTED }));
}

/** `HF_TOKEN`, as the hub's own programs read it; else a person is asked, and what they write is not shown. */
async function tokenFor(hubUrl: string): Promise<string> {
  const given = process.env['HF_TOKEN'];
  const token = given || (process.stdin.isTTY ? await askToken(hubUrl) : '');
  if (token) return checkedToken(token);
  throw new CliError(
    'HF_TOKEN: got nothing, expected a token that may write, from huggingface.co/settings/tokens',
  );
}

async function askToken(hubUrl: string): Promise<string> {
  process.stderr.write(`Token for ${hubUrl}, which may write (it is kept nowhere): `);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return (await lines.question('')).trim();
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

/** Never shown, also where it is wrong. */
function checkedToken(token: string): string {
  if (token.startsWith('hf_') && !/\s/.test(token)) return token;
  throw new CliError(
    `HF_TOKEN: got ${token.length} characters, expected a token that begins with "hf_"`,
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof HubApiError) return `answered ${error.statusCode}: ${error.message}`;
  if (!(error instanceof Error)) return String(error);
  // What fetch throws names its reason in its cause.
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}
