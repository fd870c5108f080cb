/** Uploads to a local stand-in of the hub's HTTP interface. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFolder } from '../node/platform.ts';
import { newSession, trained } from '../runs/store/store.testing.ts';
import { exportFiles } from '../training/export.ts';
import { HubServer } from './hub-server.testing.ts';
import { upload as uploadCommand } from './upload.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/exit-lab.mjs', import.meta.url));
const TOKEN = 'hf_abcdefgh';
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-upload-'));
const run = join(folder, 'run');

const hub = new HubServer(TOKEN);
let address = '';

interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function upload(args: readonly string[], token?: string): Promise<Ended> {
  const { HF_TOKEN: _own, ...env } = process.env;
  const child = spawn(process.execPath, [PROGRAM, 'upload', run, ...args], {
    env: { ...env, ...(token !== undefined && { HF_TOKEN: token }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (err += String(text)));
  const [status] = (await once(child, 'close')) as [number];
  return { status, out, err };
}

let files: Awaited<ReturnType<typeof exportFiles>>;
beforeAll(async () => {
  const session = await newSession();
  files = await exportFiles(session, await trained(session, 1));
  session.dispose();
  await writeFolder(run, files);
  address = await hub.listen();
});
afterAll(() => {
  hub.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  hub.repos.clear();
  hub.files.clear();
  hub.fails = undefined;
});

describe('a run on the hub', () => {
  it('is there, file for file, in a repository that is made as it is asked for', async () => {
    const { status, out, err } = await upload(
      ['--to', 'me/run-1', '--private', '--hub', address],
      TOKEN,
    );
    expect(err).toBe('');
    expect(out).toBe(`${files.length} files in one commit: ${address}/me/run-1/commit/c0ffee\n`);
    expect(status).toBe(0);
    expect([...hub.repos]).toEqual([['me/run-1', true]]);
    const sent = [...hub.files].map(([path, bytes]) => [path, bytes.toString('base64')]);
    const wanted = files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('base64')]);
    expect(sent.sort()).toEqual(wanted.sort());
  });

  it.each([
    [['--to', 'me'], TOKEN, '--to: got "me", expected OWNER/NAME'],
    [
      ['--to', 'me/run', '--hub', 'http://example.org'],
      TOKEN,
      '--hub: got "http://example.org", expected an address with https',
    ],
    [['--to', 'me/run'], undefined, 'HF_TOKEN: got nothing, expected a token that may write'],
    [
      ['--to', 'me/run'],
      'secret',
      'HF_TOKEN: got 6 characters, expected a token that begins with "hf_"',
    ],
  ])('refuses %j before anything is sent', async (args, token, message) => {
    vi.stubEnv('HF_TOKEN', token);
    const refused = uploadCommand({ command: 'upload', summary: '', argv: [run, ...args] });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow('secret');
    vi.unstubAllEnvs();
    expect(hub.repos.size).toBe(0);
  });

  it('says what the hub said, and never the token', async () => {
    const wrong = await upload(['--to', 'me/run', '--hub', address], 'hf_wrong');
    expect(wrong.err).toContain('answered 401: Invalid token');
    expect(wrong.status).toBe(2);
    hub.fails = 507;
    const full = await upload(['--to', 'me/run', '--hub', address], TOKEN);
    expect(full.err).toContain('answered 507: no room is left');
    expect(full.err).not.toContain(TOKEN);
    expect(hub.files.size).toBe(0);
  });
});
