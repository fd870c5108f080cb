/** Runs for other programs to read: trained and exported by our own, beside what our engine makes of them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tokenizerOf } from '../../src/base/tokenizer.ts';
import { startEngine } from '../../src/model/engine.ts';
import type { Policy, TokenIds } from '../../src/model/policy.ts';
import { readRunFolder } from '../../src/node/run-folder.ts';
import { fromFiles, type RunBundle } from '../../src/runs/bundle.ts';
import { recordsIn } from '../../src/runs/store/reader.ts';
import { writeAdapters } from './adapters.ts';

export const PROGRAM = fileURLToPath(new URL('../exit-lab.mjs', import.meta.url));
const TARGETS = ['onnx', 'tensorboard', 'csv', 'jsonl', 'task-space', 'trl'] as const;
const SEQUENCES = 6;
const NEW_TOKENS = 12;

/** Both kinds of head, two domains, heads of two widths. */
const RUNS: Readonly<Record<string, string>> = {
  locks: '--task locks --init base --steps 12 --evalEvery 6 --evalTasks 8',
  countdown:
    '--task countdown --init scratch --warmStartSteps 20 --tieEmbeddings false --hiddenSize 48 --numHeads 2 --numLayers 2 --intermediateSize 80 --steps 4 --evalEvery 0',
};

export interface Case {
  readonly name: string;
  /** Holds `run`, a folder per target, and `expected.json`. */
  readonly folder: string;
}

/** What our engine computes, in float32. */
export interface Expected {
  /** Texts without `<bos>`, and their ids with it. */
  readonly sequences: readonly { readonly text: string; readonly ids: TokenIds }[];
  /** Per sequence [time · vocab], row-major. */
  readonly logits: readonly (readonly number[])[];
  /** Greedy continuations of the prompts, `<eos>` included where it comes. */
  readonly greedy: readonly {
    readonly text: string;
    readonly ids: TokenIds;
    readonly continued: TokenIds;
    readonly written: string;
  }[];
  readonly newTokens: number;
  readonly vocabSize: number;
}

export async function makeCases(folder: string): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [name, flags] of Object.entries(RUNS)) {
    const at = join(folder, name);
    mkdirSync(at, { recursive: true });
    const run = join(at, 'run');
    program('train', ...flags.split(' '), '--backend', 'wasm', '--seed', '1', '--out', run);
    for (const to of TARGETS) program('export', run, '--to', to, '--out', join(at, to));
    const bundle = fromFiles(await readRunFolder(run, 'RUN', { steps: true }));
    const expected = await expectedOf(bundle);
    writeFileSync(join(at, 'expected.json'), JSON.stringify(expected));
    await writeAdapters(at, bundle.snapshot, expected);
    cases.push({ name, folder: at });
  }
  return cases;
}

function program(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`exit-lab ${args.join(' ')}: ${stderr}`);
}

async function expectedOf(bundle: RunBundle): Promise<Expected> {
  const engine = await startEngine({ requested: 'wasm' });
  const policy = await engine.from(bundle.snapshot);
  const { words } = bundle;
  const tokenizer = tokenizerOf(words);
  const started = await startsOf(bundle);
  const sequences = started.map(({ prompt, completion }) => {
    const all = [...prompt, ...completion];
    return { text: all.slice(1).join(' '), ids: tokenizer.encode(all) };
  });
  const expected = {
    sequences,
    logits: await logitsOf(
      policy,
      sequences.map(({ ids }) => ids),
    ),
    greedy: await greedyOf(
      policy,
      started.map(({ prompt }) => prompt),
      words,
    ),
    newTokens: NEW_TOKENS,
    vocabSize: words.length,
  };
  policy.dispose();
  return expected;
}

/** Of the last step: prompts of different lengths, and what was written to them. */
async function startsOf({ steps = [] }: RunBundle) {
  let started: { prompt: readonly string[]; completion: readonly string[] }[] = [];
  for await (const { groups } of recordsIn(steps)) {
    started = groups.slice(0, SEQUENCES).map(({ prompt, completions }) => {
      return { prompt, completion: completions[0]!.tokens };
    });
  }
  return started;
}

/** The logits of each sequence without those of its padding. */
export async function logitsOf(policy: Policy, rows: readonly TokenIds[]): Promise<number[][]> {
  const { values, time } = await policy.logits(rows);
  const { vocabSize } = policy.config;
  return rows.map((row, b) => {
    const from = b * time * vocabSize;
    return [...values.subarray(from, from + row.length * vocabSize)];
  });
}

async function greedyOf(
  policy: Policy,
  prompts: readonly (readonly string[])[],
  words: readonly string[],
): Promise<Expected['greedy']> {
  const ids = prompts.map((prompt) => tokenizerOf(words).encode(prompt));
  const { tokens, lengths } = await policy.sample({
    prompts: ids,
    samplesPerPrompt: 1,
    maxTokens: NEW_TOKENS,
    temperature: 0,
    topP: 1,
    topK: 0,
    uniforms: new Float32Array(),
  });
  return prompts.map((prompt, row) => {
    const from = row * NEW_TOKENS;
    const continued = [...tokens.subarray(from, from + lengths[row]!)];
    const written = continued.filter((id) => id !== policy.config.eosId).map((id) => words[id]!);
    return {
      text: prompt.slice(1).join(' '),
      ids: ids[row]!,
      continued,
      written: written.join(' '),
    };
  });
}
