/**
 * Downloads a model's files, each beside its place until all of it is there and its hash is right. What came
 * before a break is kept, and the next try asks for the rest alone.
 */
import { createSha256, type Hash } from '../../base/sha256.ts';
import { ask, HubError, reasonOf, refusal, type Hub } from './hub.ts';
import type { HubFile, HubModel } from './hub-model.ts';
import type { Appender, ModelFolder } from './model-folder.ts';

export interface DownloadProgress {
  readonly path: string;
  /** In bytes, of all files; what was there before counts. */
  readonly received: number;
  readonly total: number;
}

export interface DownloadOptions {
  readonly hub: Hub;
  readonly model: HubModel;
  readonly folder: ModelFolder;
  /** Ends it; what came is kept. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Waits before a try after a break. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Breaks in a row that bring nothing. */
const MOST_BREAKS = 4;
const FIRST_PAUSE_MS = 500;

/**
 * All files of the model, those that are there already not again.
 * @throws HubError in one sentence that says what to do; what `signal` is aborted with where it is.
 */
export async function downloadModel(options: DownloadOptions): Promise<void> {
  const { model, signal, onProgress } = options;
  let before = 0;
  for (const file of model.files) {
    signal.throwIfAborted();
    const tell = (bytes: number): void =>
      onProgress?.({ path: file.path, received: before + bytes, total: model.size });
    tell(0);
    if (!(await isThere(options.folder, file))) await new FileDownload(options, file, tell).run();
    before += file.size;
    tell(0);
  }
}

async function isThere(folder: ModelFolder, file: HubFile): Promise<boolean> {
  if ((await folder.size(file.path)) !== file.size) return false;
  return file.sha256 === null || (await hashOf(folder, file.path)).digest() === file.sha256;
}

async function hashOf(folder: ModelFolder, name: string): Promise<Hash> {
  const hash = createSha256();
  for await (const piece of folder.read(name)) hash.update(piece);
  return hash;
}

/** In bytes; for sentences. */
const said = (bytes: number): string => `${bytes.toLocaleString('en-US')} bytes`;

class FileDownload {
  /** Of another content the name is another one. */
  private readonly partial: string;
  private received = 0;
  private hash = createSha256();
  private breaks = 0;

  constructor(
    private readonly options: DownloadOptions,
    private readonly file: HubFile,
    private readonly tell: (bytes: number) => void,
  ) {
    this.partial = `${file.path}.${file.tag}.partial`;
  }

  async run(): Promise<void> {
    const { folder } = this.options;
    const { path, size, sha256 } = this.file;
    await this.takeUp();
    while (this.received < size) {
      const before = this.received;
      const problem = await this.receive();
      if (problem === undefined) continue;
      this.breaks = this.received > before ? 1 : this.breaks + 1;
      if (this.breaks > MOST_BREAKS) throw this.broken(problem);
      await this.options.pause(FIRST_PAUSE_MS * 2 ** (this.breaks - 1));
    }
    if (size === 0) await this.writing((file) => file.write(new Uint8Array()));
    const got = this.hash.digest();
    if (sha256 !== null && got !== sha256) {
      await folder.remove(this.partial);
      throw new HubError(
        `${path}: got the hash ${got.slice(0, 12)}…, expected ${sha256.slice(0, 12)}…; it was thrown away, ask for it again.`,
      );
    }
    await folder.rename(this.partial, path);
  }

  /** What an earlier try left. */
  private async takeUp(): Promise<void> {
    const { folder } = this.options;
    const kept = (await folder.size(this.partial)) ?? 0;
    if (kept > this.file.size) return this.startOver();
    this.received = kept;
    if (kept > 0) this.hash = await hashOf(folder, this.partial);
    this.tell(kept);
  }

  private async startOver(): Promise<void> {
    await this.options.folder.remove(this.partial);
    this.received = 0;
    this.hash = createSha256();
  }

  /** @returns what broke it off, where it can go on from. */
  private async receive(): Promise<string | undefined> {
    let response: Response;
    try {
      response = await this.request();
    } catch (error) {
      this.options.signal.throwIfAborted();
      if (!(error instanceof HubError) || error.message.startsWith('redirect:')) throw error;
      return error.message;
    }
    if (response.status >= 500) {
      void response.body?.cancel();
      return `the hub answered ${response.status}`;
    }
    await this.checkStart(response);
    return this.writing((file) => this.copy(response, file));
  }

  private request(): Promise<Response> {
    const { hub, model, signal } = this.options;
    const address = `${hub.endpoint}/${model.id}/resolve/${model.commit}/${encodeURIComponent(this.file.path)}`;
    const range = this.received > 0 && { headers: { Range: `bytes=${this.received}-` } };
    return ask(hub, address, { signal, ...range });
  }

  /** The bytes that come are those that follow. */
  private async checkStart(response: Response): Promise<void> {
    const { path } = this.file;
    const what = `${this.options.model.id}: ${path}`;
    if (response.status === 206) {
      // Not shown to a page by every host; the hash tells.
      const range = response.headers.get('Content-Range');
      if (range === null || range.startsWith(`bytes ${this.received}-`)) return;
      void response.body?.cancel();
      throw new HubError(`${what}: got "${range}", expected bytes from ${this.received}.`);
    }
    if (response.status === 200) {
      // A host that knows no ranges sends all of it again.
      if (this.received > 0) await this.startOver();
      return;
    }
    void response.body?.cancel();
    if (response.status !== 416) throw refusal(what, response);
    await this.startOver();
    throw new HubError(
      `${what}: the hub has no bytes after those that were kept (416); they were thrown away, ask for it again.`,
    );
  }

  private async writing<T>(body: (file: Appender) => Promise<T>): Promise<T> {
    const file = await this.options.folder.append(this.partial);
    try {
      return await body(file);
    } catch (error) {
      throw isFull(error) ? this.noRoom() : error;
    } finally {
      await file.close();
    }
  }

  private async copy(response: Response, file: Appender): Promise<string | undefined> {
    const reader = response.body?.getReader();
    try {
      for (;;) {
        const { done, value } = await this.next(reader);
        if (done) break;
        if (value.length > this.file.size - this.received) throw this.tooLong();
        await file.write(value);
        this.hash.update(value);
        this.received += value.length;
        this.tell(this.received);
      }
    } catch (error) {
      if (error instanceof Break) return error.message;
      throw error;
    } finally {
      void reader?.cancel().catch(() => undefined);
    }
    return this.received < this.file.size ? 'the answer ended early' : undefined;
  }

  private async next(
    reader: ReadableStreamDefaultReader<Uint8Array> | undefined,
  ): Promise<ReadableStreamReadResult<Uint8Array>> {
    try {
      return (await reader?.read()) ?? { done: true, value: undefined };
    } catch (error) {
      this.options.signal.throwIfAborted();
      throw new Break(reasonOf(error));
    }
  }

  private broken(problem: string): HubError {
    const { path, size } = this.file;
    return new HubError(
      `${path}: the download broke off at ${said(this.received)} of ${said(size)} (${problem}); they are kept, ask for it again to go on.`,
    );
  }

  private tooLong(): HubError {
    return new HubError(`${this.file.path}: got more than the ${said(this.file.size)} expected.`);
  }

  private noRoom(): HubError {
    const left = said(this.file.size - this.received);
    return new HubError(
      `${this.file.path}: there is no room for another ${left}; what came is kept, make room and ask for it again.`,
    );
  }
}

/** The connection ended within an answer. */
class Break extends Error {}

function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'QuotaExceededError' || ('code' in error && error.code === 'ENOSPC');
}
