/**
 * Our numerics held to the field's own code: TRL's GRPO loss, PyTorch's AdamW, and the weights that
 * level-replay and jaxued sample by. The scripts that made the values are in scripts/golden.
 */
import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { selectionProbabilities } from '../exit/priority.ts';
import { startEngine, type Engine } from '../model/engine.ts';
import {
  batchOf,
  beyondTolerance,
  checkTraining,
  grpoOptions,
  TOLERANCES,
  type GoldenFolder,
} from './check.ts';
import { readGoldenFolder } from './folder.ts';
import { FieldReferenceSchema } from './reference.ts';

const fixture = (path: string): Promise<Buffer> =>
  readFile(new URL(`./fixtures/${path}`, import.meta.url));

const json = async (path: string): Promise<unknown> =>
  JSON.parse((await fixture(path)).toString()) as unknown;

let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ requested: 'wasm' });
});

/** A golden folder whose losses and optimizer are those of TRL and PyTorch. */
async function fieldFolder(name: string): Promise<GoldenFolder> {
  const folder = await readGoldenFolder((file) =>
    fixture(`${name}/${file}`).catch(() => undefined),
  );
  const { losses, adamw } = v.parse(FieldReferenceSchema, await json(`trl/${name}.json`));
  return { ...folder, reference: { ...folder.reference, losses, adamw } };
}

describe.each(['tied', 'untied'])("TRL's GRPO loss and PyTorch's AdamW: %s", (name) => {
  it('has our loss, gradients and parameters after three steps', async () => {
    const folder = await fieldFolder(name);
    const errors = await checkTraining(folder, (snapshot) => engine.from(snapshot));
    expect(beyondTolerance(errors), JSON.stringify(errors)).toEqual([]);
    expect(folder.reference.losses.length).toBe(12);
  });

  it('measures the KL estimate and the share of clipped tokens as we do', async () => {
    const { config, weights, reference } = await fieldFolder(name);
    const policy = await engine.from({ config, weights });
    const batch = batchOf(reference);
    const epochs = [batch.prompts.map((_, row) => row)];
    // Steps of length 0: each case finds the policy as it was.
    const still = { learningRate: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 };
    for (const loss of reference.losses) {
      const options = { ...grpoOptions(loss, reference), ...still, maxGradNorm: 0 };
      const stats = await policy.update(batch, { ...options, epochs, minibatches: 1 });
      expect(Math.abs(stats.loss - loss.loss)).toBeLessThan(TOLERANCES.losses);
      expect(Math.abs(stats.kl - loss.kl_mean)).toBeLessThan(1e-6);
      expect(Math.abs(stats.clipRatioRegion - loss.clip_fraction)).toBeLessThan(1e-6);
    }
    policy.dispose();
  });
});

const WeightsSchema = v.object({
  versions: v.record(v.string(), v.string()),
  cases: v.array(
    v.object({
      source: v.picklist(['level-replay', 'jaxued']),
      priority: v.picklist(['rank', 'softmax']),
      temperature: v.number(),
      stalenessWeight: v.number(),
      scores: v.array(v.number()),
      ages: v.array(v.number()),
      probabilities: v.array(v.number()),
    }),
  ),
});

it('selects histories with the probabilities of level-replay and jaxued', async () => {
  const { cases } = v.parse(WeightsSchema, await json('replay/weights.json'));
  for (const { priority, temperature, stalenessWeight, scores, ages, probabilities } of cases) {
    const ours = selectionProbabilities(scores, ages, {
      priority,
      stalenessWeight,
      priorityStrength: 1 / temperature,
      priorityScale: 'raw',
      uniformShare: 0,
    });
    probabilities.forEach((expected, i) => {
      // Those of jaxued are float32.
      expect(Math.abs(ours[i]! - expected)).toBeLessThan(1e-6);
    });
  }
  expect(cases.map(({ source }) => source)).toEqual([
    ...Array<string>(12).fill('level-replay'),
    ...Array<string>(6).fill('jaxued'),
  ]);
});
