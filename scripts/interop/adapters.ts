/** Adapters on a run's policy for PEFT to read, and what PEFT saves anew read again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRng } from '../../src/base/rng.ts';
import { startEngine } from '../../src/model/engine.ts';
import { adapterSpecs, sizeOf } from '../../src/model/parameters.ts';
import type { LoraConfig, PolicySnapshot } from '../../src/model/policy.ts';
import {
  ADAPTER_CONFIG,
  ADAPTER_WEIGHTS,
  readAdapters,
  toAdapterFiles,
} from '../../src/runs/adapters.ts';
import { readSafetensors } from '../../src/runs/safetensors.ts';
import { logitsOf, type Expected } from './cases.ts';

const LORA: LoraConfig = { rank: 3, alpha: 6, targets: ['q_proj', 'o_proj', 'up_proj'] };

/** Adapters that change the policy: both of their factors are drawn. */
function adapted(base: PolicySnapshot): PolicySnapshot {
  const config = { ...base.config, lora: LORA };
  const rng = createRng(5);
  const adapters = adapterSpecs(config).map(({ name, shape }) => ({
    ...{ name, shape },
    values: rng.uniforms(sizeOf(shape)).map((value) => (value - 0.5) / 2),
  }));
  return { config, weights: base.weights, adapters };
}

/** Writes `adapters/` beside the run, and `adapted.json`: the logits of each sequence with them. */
export async function writeAdapters(
  folder: string,
  base: PolicySnapshot,
  { sequences }: Expected,
): Promise<void> {
  const snapshot = adapted(base);
  const at = join(folder, 'adapters');
  mkdirSync(at);
  for (const { path, bytes } of toAdapterFiles(snapshot.config, snapshot.adapters!, '../run')) {
    writeFileSync(join(at, path), bytes);
  }
  writeFileSync(
    join(folder, 'adapted.json'),
    JSON.stringify(await logitsWith(snapshot, sequences)),
  );
}

async function logitsWith(
  snapshot: PolicySnapshot,
  sequences: Expected['sequences'],
): Promise<number[][]> {
  const policy = await (await startEngine({ requested: 'wasm' })).from(snapshot);
  const logits = await logitsOf(
    policy,
    sequences.map(({ ids }) => ids),
  );
  policy.dispose();
  return logits;
}

/**
 * Reads what PEFT saved.
 * @throws Error that says what differs.
 */
export async function readBack(folder: string, base: PolicySnapshot): Promise<string> {
  const file = (name: string): Uint8Array => readFileSync(join(folder, 'adapters-resaved', name));
  const described: unknown = JSON.parse(new TextDecoder().decode(file(ADAPTER_CONFIG)));
  const { tensors } = readSafetensors(file(ADAPTER_WEIGHTS));
  const { config, adapters } = readAdapters(base.config, described, tensors);
  const json = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const { sequences } = json('expected.json') as Expected;
  const logits = await logitsWith({ config, weights: base.weights, adapters }, sequences);
  if (JSON.stringify(logits) !== JSON.stringify(json('adapted.json'))) {
    throw new Error('the logits are others than those with the adapters as they were written');
  }
  return `what peft saved anew is read again: ${adapters.length} tensors, and the logits of ${sequences.length} sequences are equal to the bit`;
}
