/** A stand-in of the hub's HTTP interface on this machine: takes runs, gives models, and fails as it is told. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const COMMIT = '0123456789abcdef0123456789abcdef01234567';

interface Offered {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly licence?: string;
}

/** How the next answers for a file differ from what they should be, one after the other. */
export interface Fault {
  /** Ends the answer after so many bytes: all of them arrive. */
  readonly endsAfter?: number;
  /** Cuts the connection after so many bytes: some of them may be lost. */
  readonly cutAfter?: number;
  readonly status?: number;
  readonly code?: string;
  readonly redirect?: string;
  readonly ignoresRange?: true;
  readonly bytes?: Uint8Array;
  /** Sends those of `endsAfter` and no end. */
  readonly hangs?: true;
}

type Reply = (status: number, value: unknown, headers?: Record<string, string>) => void;

export class HubServer {
  /** Repositories, and whether they are private. */
  readonly repos = new Map<string, boolean>();
  /** Of the last commit. */
  readonly files = new Map<string, Buffer>();
  readonly models = new Map<string, Offered>();
  /** By file; '' for what is asked of the model itself. */
  readonly faults = new Map<string, Fault[]>();
  /** Files that were asked for, with their range. */
  readonly asked: string[] = [];
  fails: number | undefined;
  address = '';
  private readonly stored = new Map<string, Buffer>();
  private readonly server = createServer(
    (request, response) => void this.answer(request, response),
  );

  constructor(private readonly token: string) {}

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.address = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return this.address;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const path = request.url!;
    const reply: Reply = (status, value, headers) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    if (path.startsWith('/stored/')) {
      this.stored.set(path.slice('/stored/'.length), body);
      return reply(200, {});
    }
    if (path.includes('/revision/')) return this.describe(path, reply);
    if (/\/(resolve|kept)\//.test(path)) return this.give(request, response, reply);
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      return reply(401, { error: 'Invalid token' });
    }
    this.take(path, body, reply);
  }

  private describe(path: string, reply: Reply): void {
    const [, id, revision] = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/([^?]+)\?blobs=true$/.exec(
      path,
    )!;
    const fault = this.faults.get('')?.shift();
    if (fault)
      return reply(fault.status!, {}, { ...(fault.code && { 'X-Error-Code': fault.code }) });
    const offered = this.models.get(id!);
    if (!offered) return reply(401, {}, { 'X-Error-Code': 'RepoNotFound' });
    if (revision !== 'main' && revision !== COMMIT) {
      return reply(404, {}, { 'X-Error-Code': 'RevisionNotFound' });
    }
    const siblings = [...offered.files].map(([rfilename, bytes]) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const lfs = { sha256, size: bytes.length, pointerSize: 134 };
      const blobId = createHash('sha1').update(bytes).digest('hex');
      const isLarge = rfilename.endsWith('.safetensors');
      return { rfilename, size: bytes.length, blobId, ...(isLarge && { lfs }) };
    });
    const tags = offered.licence ? [`license:${offered.licence}`] : [];
    reply(200, { id, sha: COMMIT, gated: false, tags, siblings });
  }

  /** Small files from here, large ones from another address, as the hub does. */
  private give(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    const [, id, way, file] = /^\/([^/]+\/[^/]+)\/(resolve|kept)\/[^/]+\/(.+)$/.exec(request.url!)!;
    const bytes = this.models.get(id!)?.files.get(file!);
    if (way === 'resolve') this.asked.push(`${file} ${request.headers.range ?? 'whole'}`);
    if (!bytes) return reply(404, {}, { 'X-Error-Code': 'EntryNotFound' });
    if (way === 'resolve' && file!.endsWith('.safetensors')) {
      const [fault] = this.faults.get(file!) ?? [];
      const Location = fault?.redirect ?? request.url!.replace('/resolve/', '/kept/');
      return void response.writeHead(302, { Location }).end();
    }
    const fault = this.faults.get(file!)?.shift() ?? {};
    if (fault.status) {
      return reply(fault.status, {}, { ...(fault.code && { 'X-Error-Code': fault.code }) });
    }
    send(response, fault.bytes ?? bytes, { range: request.headers.range, fault });
  }

  private take(path: string, body: Buffer, reply: Reply): void {
    if (this.fails && path.includes('/commit/'))
      return reply(this.fails, { error: 'no room is left' });
    if (path === '/api/repos/create') {
      const asked = JSON.parse(body.toString()) as Record<string, string>;
      const { organization, name, visibility } = asked;
      this.repos.set(`${organization}/${name}`, visibility === 'private');
      return reply(200, { url: `${this.address}/${organization}/${name}`, id: '1' });
    }
    const repo = /^\/(?:api\/models\/)?([\w-]+\/[\w-]+)/.exec(path)![1]!;
    if (path.includes('/preupload/')) return reply(200, preuploaded(body));
    if (path.endsWith('/objects/batch')) return reply(200, this.batch(body));
    if (path.includes('/commit/')) {
      this.commit(body);
      const commitUrl = `${this.address}/${repo}/commit/c0ffee`;
      return reply(200, { success: true, commitOid: 'c0ffee', commitUrl });
    }
    if (this.repos.has(repo)) return reply(200, { id: repo });
    reply(404, { error: 'Repository not found' });
  }

  private batch(body: Buffer): unknown {
    const { objects } = JSON.parse(body.toString()) as { objects: { oid: string; size: number }[] };
    return {
      transfer: 'basic',
      objects: objects.map(({ oid, size }) => {
        return { oid, size, actions: { upload: { href: `${this.address}/stored/${oid}` } } };
      }),
    };
  }

  private commit(body: Buffer): void {
    for (const line of body.toString().trim().split('\n')) {
      const { key, value } = JSON.parse(line) as { key: string; value: Record<string, string> };
      const { path, content, oid } = value;
      if (key === 'file') this.files.set(path!, Buffer.from(content!, 'base64'));
      if (key === 'lfsFile') this.files.set(path!, this.stored.get(oid!)!);
    }
  }
}

function preuploaded(body: Buffer): unknown {
  const { files } = JSON.parse(body.toString()) as { files: { path: string }[] };
  return {
    files: files.map(({ path }) => {
      const uploadMode = path.endsWith('.safetensors') ? 'lfs' : 'regular';
      return { path, uploadMode, shouldIgnore: false };
    }),
  };
}

function send(
  response: ServerResponse,
  bytes: Uint8Array,
  { range, fault }: { range: string | undefined; fault: Fault },
): void {
  const from = fault.ignoresRange ? 0 : Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  if (from >= bytes.length && from > 0) return void response.writeHead(416).end();
  const rest = bytes.subarray(from);
  const span = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  const { endsAfter, cutAfter } = fault;
  response.writeHead(from > 0 ? 206 : 200, {
    ...(endsAfter === undefined && { 'Content-Length': rest.length }),
    ...(from > 0 && { 'Content-Range': span }),
  });
  if (fault.hangs) return void response.write(rest.subarray(0, endsAfter));
  if (cutAfter === undefined) return void response.end(rest.subarray(0, endsAfter));
  response.write(rest.subarray(0, cutAfter), () => response.destroy());
}
