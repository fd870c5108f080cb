/** A made-up model of the kind of real ones, all the way: asked, adapted, and judged with its adapters. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createRng } from '../base/rng.ts';
import { initialWeights } from '../model/parameters.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { Command } from '../node/command.ts';
import { toHuggingFaceConfig } from '../runs/huggingface.ts';
import { writeSafetensors } from '../runs/safetensors.ts';
import { TEXT_VOCABULARY, textFiles } from '../runs/text-tokenizer.testing.ts';
import { evaluate } from './eval.ts';
import { finetune } from './finetune.ts';
import { generate } from './generate.ts';

const SHAPE: PolicyConfig = {
  ...{ vocabSize: TEXT_VOCABULARY, hiddenSize: 16, intermediateSize: 24, numLayers: 1 },
  ...{ numHeads: 4, numKeyValueHeads: 2, headDim: 4, maxPositions: 1024, rmsNormEps: 1e-5 },
  ...{ ropeTheta: 10000, tieEmbeddings: true, queryKeyNorm: true, bosId: 1, eosId: 2, padId: 0 },
};
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-model-'));
const model = join(folder, 'model');
const adapters = join(folder, 'adapters');

beforeAll(async () => {
  mkdirSync(model);
  writeFileSync(join(model, 'config.json'), JSON.stringify(toHuggingFaceConfig(SHAPE)));
  const weights = writeSafetensors(initialWeights(SHAPE, createRng(4)));
  writeFileSync(join(model, 'model.safetensors'), weights);
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    writeFileSync(join(model, name), (await textFiles()(name))!);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a command writes to standard output. */
async function output(command: Command, ...argv: string[]): Promise<string> {
  const written: string[] = [];
  const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  try {
    await command({ command: 'x', summary: '', argv: [...argv, '--backend', 'wasm'] });
  } finally {
    spy.mockRestore();
  }
  return written.join('');
}

interface Answer {
  readonly prompt: number[];
  readonly tokens: number[];
  readonly top: [number, number][];
}

const ask = async (): Promise<Answer> => {
  const line = ['--model', model, '--prompt', 'hi', '--maxTokens', '5', '--top', '2'];
  return JSON.parse(await output(generate, ...line)) as Answer;
};

describe('a pretrained model on the command line', () => {
  it('answers, is adapted, and answers otherwise with its adapters beside it', async () => {
    const before = await ask();
    expect(before.prompt[0]).toBe(1);
    expect(before.tokens.length).toBeGreaterThan(0);
    // What is greedy is the largest logit.
    expect(before.top[0]![0]).toBe(before.tokens[0]);
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    await output(
      finetune,
      ...['--model', model, '--out', adapters, '--steps', '1', '--warmStartSteps', '2'],
      ...['--rank', '2', '--alpha', '4', '--targets', 'q_proj, up_proj', '--maxTokens', '4'],
      ...['--batchGroups', '1', '--groupSize', '2', '--learningRate', '0.01', '--replicas', '1'],
    );
    vi.restoreAllMocks();
    for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
      copyFileSync(join(adapters, name), join(model, name));
    }
    expect(existsSync(join(adapters, 'metrics.jsonl'))).toBe(true);
    const after = await ask();
    expect(after.prompt).toEqual(before.prompt);
    expect(after.top[0]![1]).not.toBe(before.top[0]![1]);
  });

  it('is judged on a task in words', async () => {
    const line = ['--model', model, '--tasks', '2', '--samples', '1', '--depth', '1', '--json'];
    const report = JSON.parse(await output(evaluate, ...line, '--maxTokens', '4')) as object;
    expect(report).toMatchObject({ model, task: 'countdown', tasks: 2, backend: 'wasm', step: 0 });
  });

  it('says what is wrong with what it is asked', async () => {
    await expect(output(evaluate)).rejects.toThrow('--checkpoint, --model: got both or none');
    const line = ['--model', model, '--out', join(folder, 'other')];
    await expect(output(finetune, ...line, '--targets', 'lm_head')).rejects.toThrow(
      '--targets: got "lm_head", expected some of q_proj, k_proj',
    );
    await expect(output(finetune, '--model', model, '--out', model)).rejects.toThrow(
      'expected an empty folder',
    );
    await expect(output(evaluate, '--model', model, '--task', 'ensembles')).rejects.toThrow(
      'expected one that is said in words',
    );
    await expect(output(evaluate, '--model', folder)).rejects.toThrow('config.json: is missing');
  });
});
