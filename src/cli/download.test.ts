/** Downloads from a local stand-in of the hub's HTTP interface. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRng } from '../base/rng.ts';
import { initialWeights } from '../model/parameters.ts';
import type { PolicyConfig } from '../model/policy.ts';
import { hubOnline } from '../node/hub-files.ts';
import { filesIn } from '../node/model-folder.ts';
import { toHuggingFaceConfig } from '../runs/huggingface.ts';
import { downloadModel } from '../runs/hub/hub-download.ts';
import { describeModel } from '../runs/hub/hub-model.ts';
import { memoryFolder, type ModelFolder } from '../runs/hub/model-folder.ts';
import { writeSafetensors } from '../runs/safetensors.ts';
import { TEXT_VOCABULARY, textFiles } from '../runs/text-tokenizer.testing.ts';
import { readPretrained } from '../training/create-session.ts';
import { download as command } from './download.ts';
import { COMMIT, HubServer } from './hub-server.testing.ts';

const SHAPE: PolicyConfig = {
  ...{ vocabSize: TEXT_VOCABULARY, hiddenSize: 16, intermediateSize: 24, numLayers: 1 },
  ...{ numHeads: 4, numKeyValueHeads: 2, headDim: 4, maxPositions: 1024, rmsNormEps: 1e-5 },
  ...{ ropeTheta: 10000, tieEmbeddings: true, queryKeyNorm: true, bosId: 1, eosId: 2, padId: 0 },
};
const WEIGHTS = 'model.safetensors';
const hub = new HubServer('hf_none');
const scratch = mkdtempSync(join(tmpdir(), 'exit-lab-download-'));
const files = new Map<string, Uint8Array>();
let weights: Uint8Array;

beforeAll(async () => {
  await hub.listen();
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  weights = writeSafetensors(initialWeights(SHAPE, createRng(4)));
  files.set('config.json', text(JSON.stringify(toHuggingFaceConfig(SHAPE))));
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    files.set(name, (await textFiles()(name))!);
  }
  files.set(WEIGHTS, weights);
  files.set('pytorch_model.bin', text('not asked for'));
  files.set('onnx/model.onnx', text('not asked for'));
});
afterAll(() => {
  hub.close();
  rmSync(scratch, { recursive: true });
});
beforeEach(() => {
  hub.models.clear();
  hub.models.set('me/tiny', { files, licence: 'apache-2.0' });
  hub.faults.clear();
  hub.asked.length = 0;
});

const wanted = (): string[] => ['config.json', 'tokenizer.json', 'tokenizer_config.json', WEIGHTS];

async function download(
  kept: ModelFolder,
  { signal = new AbortController().signal, onBytes = (_: number): void => undefined } = {},
): Promise<number[]> {
  const online = hubOnline(hub.address);
  const model = await describeModel(online, 'me/tiny');
  const pauses: number[] = [];
  const pause = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    return Promise.resolve();
  };
  const onProgress = ({ received }: { received: number }): void => onBytes(received);
  await downloadModel({ hub: online, model, folder: kept, signal, pause, onProgress });
  return pauses;
}

describe('a model of the hub', () => {
  it('is told with its files, their sizes and its licence before any of it comes', async () => {
    const model = await describeModel(hubOnline(hub.address), ' me/tiny@main ');
    expect(model).toMatchObject({ id: 'me/tiny', commit: COMMIT, licence: 'apache-2.0' });
    expect(model.files.map(({ path }) => path)).toEqual(wanted());
    const sizes = wanted().map((path) => files.get(path)!.length);
    expect(model.files.map(({ size }) => size)).toEqual(sizes);
    expect(model.size).toBe(sizes.reduce((sum, size) => sum + size));
    expect(hub.asked).toEqual([]);
  });

  it('has its shards and adapters where there are some', async () => {
    const shards = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
    const rest = [
      'model.safetensors.index.json',
      'adapter_config.json',
      'adapter_model.safetensors',
    ];
    const small = wanted()
      .slice(0, 3)
      .map((name): [string, Uint8Array] => [name, files.get(name)!]);
    const more = [...shards, ...rest, 'training.safetensors'].map((name): [string, Uint8Array] => [
      name,
      weights,
    ]);
    hub.models.set('me/large', { files: new Map([...small, ...more]) });
    const model = await describeModel(hubOnline(hub.address), 'me/large');
    expect(model.licence).toBeNull();
    expect(model.files.map(({ path }) => path)).toEqual([
      ...wanted().slice(0, 3),
      ...['adapter_config.json', 'model.safetensors.index.json', 'adapter_model.safetensors'],
      ...shards,
    ]);
  });

  it.each([
    ['tiny', undefined, 'model: got "tiny", expected owner/name'],
    ['me/../up', undefined, 'model: got "me/../up"'],
    ['me/none', undefined, 'me/none: the hub has no public model of this name.'],
    ['me/tiny@v9', undefined, 'me/tiny@v9: the hub has no such revision.'],
    ['me/tiny', { status: 403, code: 'GatedRepo' }, 'me/tiny is gated'],
    ['me/tiny', { status: 429 }, 'asks for a pause (429)'],
    ['me/tiny', { status: 503 }, 'me/tiny: the hub answered 503.'],
  ])('of the name %j is refused by a sentence', async (name, fault, message) => {
    if (fault) hub.faults.set('', [fault]);
    await expect(describeModel(hubOnline(hub.address), name)).rejects.toThrow(message);
  });

  it('without weights that can be read is refused, and so is one without a tokenizer', async () => {
    const without = (name: string): ReadonlyMap<string, Uint8Array> =>
      new Map([...files].filter(([path]) => path !== name));
    hub.models.set('me/tiny', { files: without(WEIGHTS) });
    const asking = (): Promise<unknown> => describeModel(hubOnline(hub.address), 'me/tiny');
    await expect(asking()).rejects.toThrow('me/tiny: model.safetensors is missing');
    hub.models.set('me/tiny', { files: without('tokenizer.json') });
    await expect(asking()).rejects.toThrow('me/tiny: tokenizer.json is missing');
  });
});

describe('a download', () => {
  it('brings every byte, through the redirect of large files, and none a second time', async () => {
    const kept = new Map<string, Uint8Array>();
    const seen: number[] = [];
    await download(memoryFolder(kept), { onBytes: (received) => seen.push(received) });
    expect([...kept.keys()].sort()).toEqual(wanted().sort());
    for (const [name, bytes] of kept) expect(Buffer.compare(bytes, files.get(name)!)).toBe(0);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe([...kept.values()].reduce((sum, { length }) => sum + length, 0));
    hub.asked.length = 0;
    await download(memoryFolder(kept));
    expect(hub.asked).toEqual([]);
  });

  it('goes on after a break with the bytes that follow', async () => {
    hub.faults.set(WEIGHTS, [{ endsAfter: 1000 }, { status: 502 }, { endsAfter: 500 }]);
    const kept = new Map<string, Uint8Array>();
    const pauses = await download(memoryFolder(kept));
    expect(pauses).toEqual([500, 1000, 500]);
    const ranges = hub.asked.filter((line) => line.startsWith(WEIGHTS));
    expect(ranges).toEqual(
      ['whole', 'bytes=1000-', 'bytes=1000-', 'bytes=1500-'].map((range) => `${WEIGHTS} ${range}`),
    );
    expect(Buffer.compare(kept.get(WEIGHTS)!, weights)).toBe(0);
  });

  it('gives up after breaks that bring nothing, and the next one goes on', async () => {
    hub.faults.set(WEIGHTS, [
      { endsAfter: 700 },
      ...Array.from({ length: 5 }, () => ({ endsAfter: 0 })),
    ]);
    const kept = new Map<string, Uint8Array>();
    await expect(download(memoryFolder(kept))).rejects.toThrow(
      `model.safetensors: the download broke off at 700 bytes of ${weights.length.toLocaleString('en-US')} bytes`,
    );
    expect(kept.has(WEIGHTS)).toBe(false);
    hub.asked.length = 0;
    hub.faults.clear();
    await download(memoryFolder(kept));
    expect(hub.asked).toEqual([`${WEIGHTS} bytes=700-`]);
    expect(Buffer.compare(kept.get(WEIGHTS)!, weights)).toBe(0);
  });

  it('goes on after a connection that was cut', async () => {
    hub.faults.set(WEIGHTS, [{ cutAfter: 3000 }, { cutAfter: 3000 }]);
    const kept = new Map<string, Uint8Array>();
    expect(await download(memoryFolder(kept))).toHaveLength(2);
    expect(Buffer.compare(kept.get(WEIGHTS)!, weights)).toBe(0);
  });

  it('takes all of it anew from a host that knows no ranges', async () => {
    hub.faults.set(WEIGHTS, [{ endsAfter: 700 }, { ignoresRange: true }]);
    const kept = new Map<string, Uint8Array>();
    await download(memoryFolder(kept));
    expect(Buffer.compare(kept.get(WEIGHTS)!, weights)).toBe(0);
  });

  it('stops where it is told to, with what came kept', async () => {
    hub.faults.set(WEIGHTS, [{ endsAfter: 900, hangs: true }]);
    const kept = new Map<string, Uint8Array>();
    const controller = new AbortController();
    const small = wanted()
      .slice(0, 3)
      .reduce((sum, name) => sum + files.get(name)!.length, 0);
    const stopping = download(memoryFolder(kept), {
      signal: controller.signal,
      onBytes: (received) => received >= small + 900 && controller.abort(new Error('stopped')),
    });
    await expect(stopping).rejects.toThrow('stopped');
    const [partial] = [...kept.keys()].filter((name) => name.endsWith('.partial'));
    expect(kept.get(partial!)!.length).toBe(900);
  });

  it.each([
    [{ status: 401, code: 'GatedRepo' }, 'me/tiny: model.safetensors is gated'],
    [{ status: 403 }, 'model.safetensors is gated'],
    [{ status: 404 }, 'model.safetensors: the hub has no such model or file.'],
    [
      { redirect: 'https://elsewhere.invalid/x' },
      'redirect: got https://elsewhere.invalid, expected',
    ],
    [{ redirect: 'http://cdn-lfs.hf.co/x' }, 'redirect: got http://cdn-lfs.hf.co, expected'],
  ])('that meets %j says so in a sentence', async (fault, message) => {
    hub.faults.set(WEIGHTS, [fault]);
    await expect(download(memoryFolder())).rejects.toThrow(message);
  });

  it('throws away what has another hash or no bytes to go on with, and says so', async () => {
    const kept = new Map<string, Uint8Array>();
    const other = weights.slice();
    other[50]! ^= 1;
    hub.faults.set(WEIGHTS, [{ bytes: other }]);
    await expect(download(memoryFolder(kept))).rejects.toThrow(
      /^model\.safetensors: got the hash [0-9a-f]{12}…, expected [0-9a-f]{12}…; it was thrown away/,
    );
    hub.faults.set(WEIGHTS, [{ endsAfter: 700 }, { status: 416 }]);
    await expect(download(memoryFolder(kept))).rejects.toThrow('(416); they were thrown away');
    expect([...kept.keys()].sort()).toEqual(wanted().slice(0, 3).sort());
  });

  it('says what lacks room, and keeps what came', async () => {
    const kept = new Map<string, Uint8Array>();
    const folder = memoryFolder(kept);
    const full: ModelFolder = {
      ...folder,
      append: async (name) => {
        const file = await folder.append(name);
        const write = (): Promise<never> =>
          Promise.reject(new DOMException('no room', 'QuotaExceededError'));
        return name.startsWith(WEIGHTS) ? { ...file, write } : file;
      },
    };
    await expect(download(full)).rejects.toThrow(
      `model.safetensors: there is no room for another ${weights.length.toLocaleString('en-US')} bytes`,
    );
    expect(kept.has('config.json')).toBe(true);
  });

  it('says that the hub cannot be reached', async () => {
    const nowhere = describeModel(hubOnline('http://127.0.0.1:9'), 'me/tiny');
    await expect(nowhere).rejects.toThrow(/^127\.0\.0\.1:9 cannot be reached: /);
  });
});

describe('exit-lab download', () => {
  async function said(...argv: string[]): Promise<string> {
    const written: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    try {
      await command({ command: 'download', summary: '', argv });
    } finally {
      vi.restoreAllMocks();
    }
    return written.join('');
  }

  it('fills a folder from which the model is read, and goes on with what a break left there', async () => {
    const out = join(scratch, 'tiny');
    const line = ['me/tiny', '--out', out, '--endpoint', hub.address];
    expect(await said(...line, '--dryRun')).toContain('licence apache-2.0, commit 0123456789ab');
    expect(hub.asked).toEqual([]);
    hub.faults.set(WEIGHTS, [{ endsAfter: 700 }, { status: 404 }]);
    await expect(said(...line)).rejects.toThrow('no such model or file');
    hub.asked.length = 0;
    expect(await said(...line)).toContain(`me/tiny is in ${out}`);
    expect(hub.asked).toEqual([`${WEIGHTS} bytes=700-`]);
    expect(readdirSync(out).sort()).toEqual(wanted().sort());
    expect(Buffer.compare(readFileSync(join(out, WEIGHTS)), weights)).toBe(0);
    const { snapshot } = await readPretrained(filesIn(out));
    expect(snapshot.config.hiddenSize).toBe(16);
  });

  it.each([
    [['--out', 'x'], 'MODEL: got 0 names, expected one'],
    [
      ['me/tiny', '--out', 'x', '--endpoint', 'http://example.org'],
      '--endpoint: got "http://example.org"',
    ],
  ])('refuses %j', async (argv, message) => {
    await expect(said(...argv)).rejects.toThrow(message);
  });
});
