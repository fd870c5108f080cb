import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTokenizer } from '../base/tokenizer.ts';
import { fromFiles, toFiles, type RunBundle } from './bundle.ts';
import { BUNDLE, POLICY, RUN, tensorsOf, WORDS } from './bundle.testing.ts';
import { encodeText, RunFormatError } from './checks.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';
import { toTokenizerJson } from './tokenizer-json.ts';
import { unzip, zip, type BundleFile } from './zip.ts';

const WEIGHTS_ONLY: RunBundle = {
  snapshot: { config: POLICY, weights: tensorsOf(POLICY, 'weights') },
  words: WORDS,
  rows: [],
};

function paths(files: readonly BundleFile[]): string[] {
  return files.map(({ path }) => path);
}

function contentOf(files: readonly BundleFile[], path: string): Uint8Array<ArrayBuffer> {
  return files.find((file) => file.path === path)!.bytes;
}

/** The files of the test bundle with one of them replaced, or taken out. */
function filesWith(path: string, bytes: Uint8Array<ArrayBuffer> | null): BundleFile[] {
  const others = toFiles(BUNDLE).filter((file) => file.path !== path);
  return bytes ? [...others, { path, bytes }] : others;
}

/** The files with some fields of a JSON file changed. */
function filesWithJson(path: string, changes: object): BundleFile[] {
  const text = new TextDecoder().decode(contentOf(toFiles(BUNDLE), path));
  const changed = { ...(JSON.parse(text) as object), ...changes };
  return filesWith(path, encodeText(JSON.stringify(changed)));
}

/** The files with tensors of a safetensors file edited. */
function filesWithTensors(
  path: string,
  edit: (file: ReturnType<typeof readSafetensors>) => Uint8Array<ArrayBuffer>,
): BundleFile[] {
  return filesWith(path, edit(readSafetensors(contentOf(toFiles(BUNDLE), path))));
}

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(RunFormatError);
    return (error as Error).message;
  }
  throw new Error('expected a refusal');
}

describe('round trip', () => {
  test('a run comes back whole, through a zip', () => {
    expect(fromFiles(unzip(zip(toFiles(BUNDLE))))).toEqual(BUNDLE);
  });

  test('consists of these files', () => {
    expect(paths(toFiles(BUNDLE)).sort()).toEqual([
      'README.md',
      'config.json',
      'generation_config.json',
      'metrics.jsonl',
      'model.safetensors',
      'run.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'training_state.safetensors',
    ]);
  });

  test('the order of the files does not matter', () => {
    expect(fromFiles(toFiles(BUNDLE).reverse())).toEqual(BUNDLE);
  });

  test('weights alone are a bundle without a run', () => {
    const files = toFiles(BUNDLE).filter(({ path }) =>
      ['model.safetensors', 'config.json', 'tokenizer.json'].includes(path),
    );
    expect(fromFiles(files)).toEqual(WEIGHTS_ONLY);
  });

  test('a bundle without a run has no files of a run', () => {
    const files = toFiles(WEIGHTS_ONLY);
    expect(fromFiles(files)).toEqual(WEIGHTS_ONLY);
    expect(paths(files)).not.toContain('run.json');
    expect(paths(files)).not.toContain('training_state.safetensors');
  });

  test('specials may stand anywhere in the vocabulary', () => {
    const words = [...WORDS].reverse();
    const last = words.length - 1;
    const config = { ...POLICY, padId: last, bosId: last - 1, eosId: last - 2 };
    const bundle = { ...BUNDLE, words, snapshot: { ...BUNDLE.snapshot, config } };
    expect(fromFiles(unzip(zip(toFiles(bundle))))).toEqual(bundle);
    expect(refusal(() => toFiles({ ...bundle, words: WORDS }))).toContain(
      `config.json: pad_token_id: got ${last}, expected 0, the id of <pad> in tokenizer.json`,
    );
  });

  test('an untied policy has a head of its own', () => {
    const config = { ...POLICY, tieEmbeddings: false };
    const untied = { ...WEIGHTS_ONLY, snapshot: { config, weights: tensorsOf(config, 'weights') } };
    expect(fromFiles(toFiles(untied))).toEqual(untied);
    const [head] = untied.snapshot.weights.slice(-1);
    expect(head?.name).toBe('lm_head.weight');
  });

  test('a policy without optimizer, or without reference, stays so', () => {
    const { config, weights, optimizer, reference } = BUNDLE.snapshot;
    for (const snapshot of [
      { config, weights, reference: reference! },
      { config, weights, optimizer: optimizer! },
    ]) {
      expect(fromFiles(toFiles({ ...BUNDLE, snapshot }))).toEqual({ ...BUNDLE, snapshot });
    }
  });

  test('weights are written in one order, whatever order they come in', () => {
    const weights = [...BUNDLE.snapshot.weights].reverse();
    const shuffled = { ...BUNDLE, snapshot: { ...BUNDLE.snapshot, weights } };
    expect(fromFiles(toFiles(shuffled))).toEqual(BUNDLE);
  });

  test.each(['tied', 'untied'])('weights of another program are read (%s)', (name) => {
    const read = (path: string): Uint8Array<ArrayBuffer> =>
      new Uint8Array(readFileSync(new URL(`../golden/fixtures/${name}/${path}`, import.meta.url)));
    const size = name === 'tied' ? 40 : 31;
    const words = createTokenizer(Array.from({ length: size - 3 }, (_, i) => `w${i}`)).words;
    const { snapshot } = fromFiles([
      { path: 'model.safetensors', bytes: read('model.safetensors') },
      { path: 'config.json', bytes: read('config.json') },
      { path: 'tokenizer.json', bytes: encodeText(JSON.stringify(toTokenizerJson(words))) },
    ]);
    const { tensors } = readSafetensors(read('model.safetensors'));
    expect(snapshot.config.vocabSize).toBe(size);
    expect([...snapshot.weights].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(
      [...tensors].sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  });
});

describe('what is refused on reading', () => {
  const wide = { ...POLICY, hiddenSize: 16, headDim: 8 };

  test.each<[string, () => BundleFile[], string]>([
    [
      'no weights',
      () => filesWith('model.safetensors', null),
      'model.safetensors: is missing, and there is no policy without it; found config.json, ',
    ],
    [
      'weights that would change the others',
      () => [...toFiles(BUNDLE), { path: 'adapter_model.safetensors', bytes: new Uint8Array() }],
      'adapter_model.safetensors: would change the weights, expected them in model.safetensors',
    ],
    [
      'more layers than a run can have',
      () => filesWithJson('config.json', { num_hidden_layers: 1000 }),
      'config.json: num_hidden_layers: got 1000, expected a whole number from 1 to 24',
    ],
    [
      'heads that the parameters of a run cannot describe',
      () => filesWithJson('config.json', { num_attention_heads: 3, num_key_value_heads: 3 }),
      'config.json: hidden_size: got 8, expected a multiple of twice numHeads (6)',
    ],
    [
      'a config of a megabyte',
      () => filesWith('config.json', encodeText(' '.repeat(2 ** 20 + 1))),
      'config.json: got 1048577 bytes, expected at most 1048576',
    ],
    [
      'a training state with a mean of squares below 0',
      () =>
        filesWithTensors('training_state.safetensors', ({ tensors, metadata }) => {
          tensors.find(({ name }) => name.startsWith('v.'))!.values[2] = -1e-9;
          return writeSafetensors(tensors, metadata);
        }),
      'tensor "v.model.embed_tokens.weight": got -9.999999717180685e-10 at 2, expected means of',
    ],
    [
      'metrics that end before their run',
      () => filesWith('metrics.jsonl', encodeText('{"step":1}\n')),
      'metrics.jsonl: the last step: got 1, expected 12, the step of run.json',
    ],
    [
      'metrics that go on after it',
      () => filesWith('metrics.jsonl', encodeText('{"step":13}\n')),
      'metrics.jsonl: the last step: got 13, expected 12, the step of run.json',
    ],
    [
      'a file twice',
      () => [...toFiles(BUNDLE), ...toFiles(BUNDLE).slice(0, 1)],
      'model.safetensors: occurs twice',
    ],
    [
      'metrics without their run',
      () => filesWith('run.json', null),
      'run.json: is missing, and metrics.jsonl belongs to a run',
    ],
    [
      'a run without its training state',
      () => filesWith('training_state.safetensors', null),
      'training_state.safetensors: is missing, and the run cannot continue without it',
    ],
    [
      'a run without its metrics',
      () => filesWith('metrics.jsonl', null),
      'metrics.jsonl: is missing, and the run cannot continue without it',
    ],
    [
      'truncated weights',
      () =>
        filesWith(
          'model.safetensors',
          contentOf(toFiles(BUNDLE), 'model.safetensors').slice(0, -5),
        ),
      'model.safetensors: tensor "model.norm.weight": data_offsets end at',
    ],
    [
      'a config that is not JSON',
      () => filesWith('config.json', encodeText('{')),
      'config.json: is not JSON: ',
    ],
    [
      'a config that is not text',
      () => filesWith('config.json', new Uint8Array([0xff])),
      'config.json: is not UTF-8 text',
    ],
    [
      'weights of another shape',
      () => filesWith('model.safetensors', contentOf(toFiles(bare(wide)), 'model.safetensors')),
      'model.safetensors: tensor "model.embed_tokens.weight": got shape [8, 16], expected [8, 8]',
    ],
    [
      'a missing tensor',
      () =>
        filesWithTensors('model.safetensors', ({ tensors }) =>
          writeSafetensors(tensors.filter(({ name }) => name !== 'model.norm.weight')),
        ),
      'model.safetensors: tensor "model.norm.weight" is missing, expected one of shape [8]',
    ],
    [
      'a surplus tensor',
      () =>
        filesWithTensors('model.safetensors', ({ tensors }) =>
          writeSafetensors([...tensors, { ...tensors[0]!, name: 'lm_head.weight' }]),
        ),
      'model.safetensors: tensor "lm_head.weight" is none that config.json calls for',
    ],
    [
      'weights that are not finite',
      () =>
        filesWithTensors('model.safetensors', ({ tensors }) => {
          tensors[0]!.values[3] = NaN;
          return writeSafetensors(tensors);
        }),
      'tensor "model.embed_tokens.weight": got NaN at 3, expected finite numbers',
    ],
    [
      'a training state that lacks a moment',
      () =>
        filesWithTensors('training_state.safetensors', ({ tensors, metadata }) =>
          writeSafetensors(
            tensors.filter(({ name }) => name !== 'v.model.norm.weight'),
            metadata,
          ),
        ),
      'training_state.safetensors: tensor "v.model.norm.weight" is missing, expected one of',
    ],
    [
      'a training state without its step',
      () =>
        filesWithTensors('training_state.safetensors', ({ tensors }) => writeSafetensors(tensors)),
      'training_state.safetensors: optimizer_step: got nothing, expected a whole number of at least 0',
    ],
    [
      'a training state with a step that is none',
      () =>
        filesWithTensors('training_state.safetensors', ({ tensors }) =>
          writeSafetensors(tensors, { optimizer_step: '-1' }),
        ),
      'training_state.safetensors: optimizer_step: got "-1", expected a whole number of at least 0',
    ],
    [
      'a training state with something else in it',
      () =>
        filesWithTensors('training_state.safetensors', ({ tensors, metadata }) =>
          writeSafetensors([...tensors, { ...tensors[0]!, name: 'momentum' }], metadata),
        ),
      'training_state.safetensors: tensor "momentum" begins with none of m., v., reference.',
    ],
    [
      'a vocabulary of another size',
      () =>
        filesWith(
          'tokenizer.json',
          encodeText(JSON.stringify(toTokenizerJson([...WORDS, 'more']))),
        ),
      'config.json: vocab_size: got 8, expected 9, the words of tokenizer.json',
    ],
    [
      'other ids of the specials',
      () => filesWithJson('config.json', { eos_token_id: 1, bos_token_id: 2 }),
      'config.json: bos_token_id: got 2, expected 1, the id of <bos> in tokenizer.json',
    ],
    [
      'a run of another shape of policy',
      () => filesWithJson('run.json', { config: { ...RUN.config, numLayers: 2 } }),
      'run.json: config.numLayers: got 2, expected 1 as in config.json',
    ],
  ])('%s', (_what, files, message) => {
    const broken = files();
    expect(refusal(() => fromFiles(broken))).toContain(message);
  });

  test('what is not needed is passed over, and named', () => {
    const beside = ['.gitattributes', 'special_tokens_map.json', 'log.txt', 'steps/1.bin'];
    const files = beside.map((path) => ({ path, bytes: encodeText('hello') }));
    expect(fromFiles([...files, ...toFiles(BUNDLE)])).toEqual({ ...BUNDLE, passedOver: beside });
  });

  test('what is nested too deeply to be written again is refused', () => {
    const deep = '['.repeat(100000) + ']'.repeat(100000);
    const config = new TextDecoder().decode(contentOf(toFiles(BUNDLE), 'config.json'));
    const nested = config.replace('"llama"', deep);
    expect(refusal(() => fromFiles(filesWith('config.json', encodeText(nested))))).toBe(
      'config.json: is nested more than 64 levels deep',
    );
  });

  test('any corruption of a text file is read or refused by RunFormatError, nothing else', () => {
    const path = fc.constantFrom('config.json', 'tokenizer.json', 'run.json', 'metrics.jsonl');
    const files = toFiles(BUNDLE);
    fc.assert(
      fc.property(path, fc.nat(), fc.integer({ min: 0, max: 255 }), (path, at, byte) => {
        const content = contentOf(files, path);
        const broken = content.with(at % content.length, byte);
        const others = files.filter((file) => file.path !== path);
        try {
          fromFiles([...others, { path, bytes: broken }]);
        } catch (error) {
          expect(error).toBeInstanceOf(RunFormatError);
        }
      }),
      { numRuns: 300 },
    );
  });

  function bare(config: typeof POLICY): RunBundle {
    return { ...WEIGHTS_ONLY, snapshot: { config, weights: tensorsOf(config, 'weights') } };
  }
});

describe('what is refused on writing', () => {
  test('words that do not fit the policy', () => {
    expect(refusal(() => toFiles({ ...BUNDLE, words: [...WORDS, 'more'] }))).toContain(
      'config.json: vocab_size: got 8, expected 9',
    );
  });

  test('weights that are not finite', () => {
    const weights = tensorsOf(POLICY, 'weights');
    weights[0]!.values[0] = Infinity;
    const broken = { ...BUNDLE, snapshot: { ...BUNDLE.snapshot, weights } };
    expect(refusal(() => toFiles(broken))).toContain('got Infinity at 0, expected finite numbers');
  });

  test('a run whose shape is not the policy’s', () => {
    const run = { ...RUN, config: { ...RUN.config, hiddenSize: 16 } };
    expect(refusal(() => toFiles({ ...BUNDLE, run }))).toBe(
      'run.json: config.hiddenSize: got 16, expected 8 as in config.json',
    );
  });

  test('numbers that JSON cannot hold', () => {
    const run = { ...RUN, exitState: { score: NaN } };
    expect(refusal(() => toFiles({ ...BUNDLE, run }))).toBe(
      'run.json: score: got NaN, expected a finite number',
    );
  });
});
