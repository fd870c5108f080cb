/** A graphics device that goes away while a policy is on it: noticed at once, and another one takes its place. */
import { expect, it, vi } from 'vitest';
import { createRng } from '../base/rng.ts';
import { graphicsDevice } from './backends/tfjs/backend.ts';
import { startEngine } from './engine.ts';
import type { PolicyConfig, SampleRequest } from './policy.ts';

const CONFIG: PolicyConfig = {
  vocabSize: 8,
  hiddenSize: 8,
  intermediateSize: 12,
  numLayers: 1,
  numHeads: 2,
  headDim: 4,
  maxPositions: 32,
  rmsNormEps: 1e-5,
  ropeTheta: 10000,
  tieEmbeddings: true,
  bosId: 1,
  eosId: 2,
  padId: 0,
};

const SAMPLE: SampleRequest = {
  prompts: [[1, 3, 4]],
  samplesPerPrompt: 2,
  maxTokens: 3,
  temperature: 0,
  topP: 1,
  topK: 0,
  uniforms: new Float32Array(6),
};

it('says that it was lost, fails what is under way, and goes on elsewhere from what was saved', async () => {
  const onGpuError = vi.fn();
  const engine = await startEngine({ requested: 'webgpu', onGpuError });
  const policy = await engine.initialise(CONFIG, createRng(1));
  const [saved, expected] = [await policy.save(), await policy.sample(SAMPLE)];
  const lost = graphicsDevice();
  lost.destroy();
  await expect(policy.sample(SAMPLE)).rejects.toThrow(/graphics device/);
  await vi.waitFor(() => expect(onGpuError).toHaveBeenCalled());
  expect(onGpuError.mock.calls[0]![0]).toMatch(/^the graphics device was lost: ./);

  const next = await startEngine({ requested: 'webgpu' });
  expect(graphicsDevice()).not.toBe(lost);
  const restored = await next.from(saved);
  expect(await restored.sample(SAMPLE)).toEqual(expected);
  expect(await restored.save()).toEqual(saved);

  const wasm = await (await startEngine({ requested: 'wasm' })).from(saved);
  expect((await wasm.sample(SAMPLE)).tokens).toEqual(expected.tokens);
}, 120_000);
