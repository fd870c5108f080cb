/** Uploads to a local stand-in of the hub's HTTP interface. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { writeFolder } from '../node/platform.ts';
import { newSession, trained } from '../runs/store/store.testing.ts';
import { exportFiles } from '../training/export.ts';
import { upload as uploadCommand } from './upload.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/exit-lab.mjs', import.meta.url));
const TOKEN = 'hf_abcdefgh';
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-upload-'));
const run = join(folder, 'run');

/** What it was asked, and what it holds. */
const hub = {
  repos: new Map<string, boolean>(),
  files: new Map<string, Buffer>(),
  stored: new Map<string, Buffer>(),
  fails: undefined as number | undefined,
};
let address = '';
const server = createServer((request, response) => void answer(request, response));

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const path = request.url!;
  const reply = (status: number, value: unknown): void => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(value));
  };
  if (path.startsWith('/stored/')) {
    hub.stored.set(path.slice('/stored/'.length), body);
    return reply(200, {});
  }
  if (request.headers.authorization !== `Bearer ${TOKEN}`)
    return reply(401, { error: 'Invalid token' });
  if (hub.fails && path.includes('/commit/')) return reply(hub.fails, { error: 'no room is left' });
  if (path === '/api/repos/create') {
    const { organization, name, visibility } = JSON.parse(body.toString()) as Record<
      string,
      string
    >;
    hub.repos.set(`${organization}/${name}`, visibility === 'private');
    return reply(200, { url: `${address}/${organization}/${name}`, id: '1' });
  }
  const repo = /^\/(?:api\/models\/)?([\w-]+\/[\w-]+)/.exec(path)![1]!;
  if (path.includes('/preupload/')) {
    const { files } = JSON.parse(body.toString()) as { files: { path: string }[] };
    const mode = (name: string): string => (name.endsWith('.safetensors') ? 'lfs' : 'regular');
    return reply(200, {
      files: files.map((file) => {
        return { path: file.path, uploadMode: mode(file.path), shouldIgnore: false };
      }),
    });
  }
  if (path.endsWith('/objects/batch')) {
    const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
    return reply(200, {
      transfer: 'basic',
      objects: objects.map(({ oid, size }) => {
        return { oid, size, actions: { upload: { href: `${address}/stored/${oid}` } } };
      }),
    });
  }
  if (path.includes('/commit/')) {
    for (const line of body.toString().trim().split('\n')) {
      const { key, value } = JSON.parse(line) as { key: string; value: Record<string, string> };
      if (key === 'file') hub.files.set(value['path']!, Buffer.from(value['content']!, 'base64'));
      if (key === 'lfsFile') hub.files.set(value['path']!, hub.stored.get(value['oid']!)!);
    }
    return reply(200, {
      success: true,
      commitOid: 'c0ffee',
      commitUrl: `${address}/${repo}/commit/c0ffee`,
    });
  }
  return hub.repos.has(repo)
    ? reply(200, { id: repo })
    : reply(404, { error: 'Repository not found' });
}

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
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
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
