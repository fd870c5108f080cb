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
  CallProgress,
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
  SavedPart,
  TokenIds,
  UpdateBatch,
  UpdateOptions,
  UpdateStats,
} from '../policy.ts';
import type { Replica, ShardGradient } from './replica.ts';
import { joinSamples, shardOfRequest, shardPrompts, shardRows } from './shards.ts';

export class ParallelPolicy implements OpenPolicy {
  private readonly replicas: Replica[];

  /**
   * @param others hold the same weights as `first`.
   * @param replace gives another replica, which holds nothing yet, in the place of one that is gone;
   * undefined where it is not, so that its error is one of the work.
   * @param turn gives the event loop a turn before each minibatch.
   */
  constructor(
    private readonly first: OpenPolicy & Replica,
    others: readonly Replica[],
    private readonly replace: (gone: Replica) => Replica | undefined = () => undefined,
    private readonly turn?: (progress: CallProgress) => Promise<void>,
  ) {
    // The others first: `first` works on this thread and would keep it from asking them.
    this.replicas = [...others, first];
  }

  get config(): PolicyConfig {
    return this.first.config;
  }

  async sample(request: SampleRequest): Promise<Samples> {
    let from = 0;
    const parts = shardPrompts(request, this.replicas.length).map((prompts) => {
      const part = shardOfRequest(request, prompts, from);
      from += prompts.length;
      return part;
    });
    return joinSamples(await this.share(parts, (replica, part) => replica.sample(part)));
  }

  async update(batch: UpdateBatch, options: UpdateOptions): Promise<UpdateStats> {
    const minibatches = options.epochs.flatMap((order) => chunks(order, options.minibatches));
    const steps: StepResult[] = [];
    for (const [done, rows] of minibatches.entries()) {
      await this.turn?.({ doing: 'learning', done, of: minibatches.length });
      steps.push(await this.minibatch(pickRows(batch, rows), options));
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
      await this.share(shards, (replica, rows) =>
        replica.shardGradient(pickRows(batch, rows), options, whole),
      ),
    );
  }

  private step(gradient: Float32Array, options: AdamWOptions): Promise<number> {
    return this.all((replica) => replica.applyGradient(gradient, options));
  }

  async updateReference(mix: number): Promise<void> {
    await this.all((replica) => replica.updateReference(mix));
  }

  /** What each replica makes of its part; that of one that is gone is done by another. */
  private async share<P, R>(
    parts: readonly P[],
    work: (replica: Replica, part: P) => Promise<R>,
  ): Promise<R[]> {
    const results = await Promise.allSettled(parts.map((part, i) => work(this.replicas[i]!, part)));
    return Promise.all(
      results.map(async (result, i) => {
        if (result.status === 'fulfilled') return result.value;
        return work(await this.replaced(i, result.reason), parts[i]!);
      }),
    );
  }

  /** The same in all of them; one that is gone is replaced by one that is as the others are then. */
  private async all<R>(change: (replica: Replica) => Promise<R>): Promise<R> {
    const results = await Promise.allSettled(this.replicas.map(change));
    const last = results.at(-1)!;
    if (last.status === 'rejected') throw last.reason;
    for (const [i, result] of results.entries()) {
      if (result.status === 'rejected') await this.replaced(i, result.reason);
    }
    return last.value;
  }

  /** Not before the others are at rest: they say what it is to hold. */
  private async replaced(index: number, reason: unknown): Promise<Replica> {
    const next = this.replace(this.replicas[index]!);
    if (!next) throw reason;
    await next.load(await this.first.save());
    this.replicas[index] = next;
    return next;
  }

  async sftStep(batch: SftBatch, options: AdamWOptions): Promise<SftStats> {
    const tokens = batch.completions.reduce((total, { length }) => total + length, 0);
    const shards = shardRows(batch, this.replicas.length);
    const { gradient, sums } = sum(
      await this.share(shards, (replica, rows) =>
        replica.shardSftGradient(pickSftRows(batch, rows), tokens),
      ),
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

  save(part?: SavedPart): Promise<PolicySnapshot> {
    return this.first.save(part);
  }

  async load(snapshot: PolicySnapshot): Promise<void> {
    // Refused by one, refused by all: the others are asked only when it fits.
    await this.first.load(snapshot);
    await this.all((replica) =>
      replica === this.first ? Promise.resolve() : replica.load(snapshot),
    );
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
function sum([head, ...rest]: readonly ShardGradient[]): ShardGradient {
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
