/**
 * A policy on several replicas: each samples and differentiates its shard, their gradients are summed,
 * and all take the same step. Equal to one replica up to the order of that sum. What the replicas send
 * each other are plain messages, so no shared memory and no isolated page is needed.
 */
import {
  chunks,
  minibatchSize,
  pickRows,
  updateStats,
  type StepResult,
} from '../fused/minibatch.ts';
import type {
  AdamWOptions,
  SftBatch,
  SftStats,
  GrpoOptions,
  Logits,
  NamedTensor,
  OpenPolicy,
  PolicyConfig,
  PolicySnapshot,
  SampleRequest,
  Samples,
  TokenIds,
  UpdateBatch,
  UpdateOptions,
  UpdateStats,
} from '../policy.ts';
import type { Replica, ShardGradient } from './replica.ts';
import { joinSamples, shardOfRequest, shardPrompts, shardRows } from './shards.ts';

export class ParallelPolicy implements OpenPolicy {
  private readonly replicas: readonly Replica[];

  /** @param others hold the same weights as `first`. */
  constructor(
    private readonly first: OpenPolicy & Replica,
    others: readonly Replica[],
  ) {
    // The others first: `first` works on this thread and would keep it from asking them.
    this.replicas = [...others, first];
  }

  get config(): PolicyConfig {
    return this.first.config;
  }

  async sample(request: SampleRequest): Promise<Samples> {
    let from = 0;
    const parts = shardPrompts(request, this.replicas.length).map((prompts, i) => {
      const part = shardOfRequest(request, prompts, from);
      from += prompts.length;
      return this.replicas[i]!.sample(part);
    });
    return joinSamples(await Promise.all(parts));
  }

  async update(batch: UpdateBatch, options: UpdateOptions): Promise<UpdateStats> {
    const steps: StepResult[] = [];
    for (const order of options.epochs) {
      for (const rows of chunks(order, options.minibatches)) {
        steps.push(await this.minibatch(pickRows(batch, rows), options));
      }
    }
    return updateStats(steps);
  }

  private async minibatch(batch: UpdateBatch, options: UpdateOptions): Promise<StepResult> {
    const whole = minibatchSize(batch, options);
    const { gradient, sums } = await this.gradient(batch, options, whole);
    return { sums, gradNorm: await this.step(gradient, options) };
  }

  private async gradient(
    batch: UpdateBatch,
    options: GrpoOptions,
    whole: ReturnType<typeof minibatchSize>,
  ): Promise<ShardGradient> {
    const shards = shardRows(batch, this.replicas.length);
    return sum(
      shards.map((rows, i) =>
        this.replicas[i]!.shardGradient(pickRows(batch, rows), options, whole),
      ),
    );
  }

  private async step(gradient: Float32Array, options: AdamWOptions): Promise<number> {
    const norms = await Promise.all(
      this.replicas.map((replica) => replica.applyGradient(gradient, options)),
    );
    return norms[0]!;
  }

  async updateReference(mix: number): Promise<void> {
    await Promise.all(this.replicas.map((replica) => replica.updateReference(mix)));
  }

  async sftStep(batch: SftBatch, options: AdamWOptions): Promise<SftStats> {
    const tokens = batch.completions.reduce((total, { length }) => total + length, 0);
    const shards = shardRows(batch, this.replicas.length);
    const { gradient, sums } = await sum(
      shards.map((rows, i) => this.replicas[i]!.shardSftGradient(pickSftRows(batch, rows), tokens)),
    );
    return { loss: sums[0]!, gradNorm: await this.step(gradient, options) };
  }

  logits(sequences: readonly TokenIds[]): Promise<Logits> {
    return this.first.logits(sequences);
  }

  logprobs(batch: SftBatch, temperature: number): Promise<Float32Array> {
    return this.first.logprobs(batch, temperature);
  }

  readGradients(
    batch: UpdateBatch,
    options: GrpoOptions,
  ): Promise<{ readonly loss: number; readonly gradients: readonly NamedTensor[] }> {
    return this.first.readGradients(batch, options);
  }

  save(): Promise<PolicySnapshot> {
    return this.first.save();
  }

  async load(snapshot: PolicySnapshot): Promise<void> {
    // Refused by one, refused by all: the others are asked only when it fits.
    await this.first.load(snapshot);
    const others = this.replicas.filter((replica) => replica !== this.first);
    await Promise.all(others.map((replica) => replica.load(snapshot)));
  }

  dispose(): void {
    this.first.dispose();
  }
}

function pickSftRows({ prompts, completions }: SftBatch, rows: readonly number[]): SftBatch {
  return {
    prompts: rows.map((row) => prompts[row]!),
    completions: rows.map((row) => completions[row]!),
  };
}

/** In the order of the shards, so that the same number of replicas gives the same sum. */
async function sum(shards: readonly Promise<ShardGradient>[]): Promise<ShardGradient> {
  const [head, ...rest] = await Promise.all(shards);
  const gradient = head!.gradient.slice();
  const sums = [...head!.sums];
  for (const shard of rest) {
    for (let i = 0; i < gradient.length; i++) gradient[i]! += shard.gradient[i]!;
    shard.sums.forEach((value, column) => {
      sums[column]! += value;
    });
  }
  return { gradient, sums };
}
