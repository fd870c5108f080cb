/**
 * Puts a run on the Hugging Face Hub: the folder that `transformers` loads, its card, its past. Only where
 * it is asked for; the token is read when it is needed and kept nowhere.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { repoNameProblem, tokenProblem, uploadFiles, type Upload } from '../exports/hub-upload.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { hubAddress } from '../node/hub-files.ts';
import { fromFiles } from '../runs/bundle.ts';
import { HUB, HubError } from '../runs/hub/hub.ts';
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

export const upload = defineCommand({
  flags: FLAGS,
  params: [],
  operand: 'RUN',
  run: async ({ operands, flags }) => {
    const run = onlyRun(operands);
    const name = nameOf(flags.to);
    const hubUrl = hubAddress('--hub', flags.hub);
    const files = await readRun(run);
    // What cannot be read here would be of no use there.
    fromFiles(files);
    const token = await tokenFor(hubUrl);
    const address = await send({
      to: name,
      isPrivate: flags.private,
      endpoint: hubUrl,
      token,
      files,
    });
    process.stdout.write(`${files.length} files in one commit: ${address}\n`);
  },
});

async function send(asked: Upload): Promise<string> {
  try {
    return await uploadFiles(asked);
  } catch (error) {
    throw error instanceof HubError ? new CliError(error.message) : error;
  }
}

function nameOf(to: string): string {
  const expected = repoNameProblem(to);
  if (expected === undefined) return to;
  throw new CliError(describeIssue({ field: '--to', value: JSON.stringify(to), expected }));
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
  const problem = tokenProblem(token);
  if (problem === undefined) return token;
  throw new CliError(`HF_TOKEN: ${problem}`);
}
