/**
 * What a policy keeps on its device: the vector that is trained with its gradient and moments, the
 * reference, and the weights that the decoder reads. Without adapters the weights are what is trained.
 * With adapters they are the base with B·A added, made anew after each step: sampling and every forward
 * pass then cost what they do without, and the base is the reference.
 */
import { firstAdapters, flatten, named, paramSpecs, trainableSpecs } from '../parameters.ts';
import type {
  AdamWOptions,
  NamedTensor,
  PolicyConfig,
  PolicySnapshot,
  SavedPart,
} from '../policy.ts';
import type { AdapterLayout, AdapterOffsets, DeviceBuffer, Kernels } from './kernels.ts';
import type { Transformer } from './transformer.ts';

/** Vectors of a policy with adapters. */
interface Adapted<B extends DeviceBuffer> {
  readonly layout: AdapterLayout;
  /** Frozen; lies like the weights. */
  readonly base: B;
  /** Base and reference adapters together; made when the reference is first another than the base. */
  reference: B | null;
}

export class PolicyState<B extends DeviceBuffer> {
  /** Flat, in the order of `trainableSpecs`, as are the four that follow. */
  readonly trained: B;
  readonly gradient: B;
  private readonly m: B;
  private readonly v: B;
  /** θ_ref: the policy as it was made or loaded, until it is told to follow. */
  private readonly reference: B;
  /** Flat, in the order of `paramSpecs`: what the decoder reads. */
  readonly weights: B;
  private readonly adapted: Adapted<B> | null;
  private steps = 0;

  constructor(
    private readonly kernels: Kernels<B>,
    private readonly transformer: Transformer<B>,
    private readonly config: PolicyConfig,
  ) {
    const { adapterLayout: layout } = transformer;
    const size = this.size;
    [this.trained, this.reference] = [kernels.allocate(size), kernels.allocate(size)];
    this.gradient = kernels.allocate(size);
    [this.m, this.v] = [kernels.allocate(size), kernels.allocate(size)];
    const whole = transformer.offsets.size;
    this.weights = layout ? kernels.allocate(whole) : this.trained;
    this.adapted = layout && { layout, base: kernels.allocate(whole), reference: null };
  }

  /** Numbers that are trained. */
  private get size(): number {
    return this.transformer.adapterLayout?.size ?? this.transformer.offsets.size;
  }

  /** The trained vector where it is one of adapters. */
  get adapters(): B | null {
    return this.adapted && this.trained;
  }

  /** What the reference's log-probabilities are computed from; lies like `weights`. */
  get referenceWeights(): B {
    if (!this.adapted) return this.reference;
    return this.adapted.reference ?? this.adapted.base;
  }

  /** Scales a gradient that `Transformer.backward` left: it lacks the adapters' factor. */
  finishGradient(): void {
    const { kernels, adapted, gradient, size } = this;
    if (!adapted || adapted.layout.scale === 1) return;
    kernels.addScaled({
      size,
      from: this.copyOf(gradient),
      to: gradient,
      scale: adapted.layout.scale - 1,
    });
  }

  private copyOf(vector: B): B {
    const { kernels, size } = this;
    const copy = kernels.scratch(size);
    kernels.fill(copy, 0);
    kernels.addScaled({ size, from: vector, to: copy, scale: 1 });
    return copy;
  }

  /** One AdamW step on the gradient; `norm` [1] = the gradient's before clipping. */
  step(options: AdamWOptions, norm: B): void {
    this.steps += 1;
    this.adamW(this.steps, options, norm);
    this.merge(this.trained, this.weights);
  }

  /** The call alone, for making ready. */
  adamW(step: number, options: AdamWOptions, norm: B): void {
    const { kernels, trained: theta, gradient, m, v, size } = this;
    kernels.adamW({ size, theta, gradient, m, v, step, options, norm });
  }

  updateReference(mix: number): void {
    const { kernels, adapted, size } = this;
    kernels.blend({ size, from: this.trained, to: this.reference, mix });
    if (!adapted) return;
    adapted.reference ??= kernels.allocate(this.transformer.offsets.size);
    this.merge(this.reference, adapted.reference);
    kernels.end();
  }

  /** weights = base + scale · B·A of each target; nothing without adapters. */
  private merge(adapters: B, weights: B): void {
    const { kernels, adapted, transformer, config } = this;
    if (!adapted) return;
    const { hiddenSize: d, intermediateSize: inner, numHeads, headDim } = config;
    kernels.blend({ size: transformer.offsets.size, from: adapted.base, to: weights, mix: 0 });
    const work = kernels.scratch(Math.max(numHeads * headDim, inner) * Math.max(d, inner));
    transformer.offsets.blocks.forEach((at, layer) => {
      const own = adapted.layout.blocks[layer]!;
      const add = (offset: number, inputs: number) => (one: AdapterOffsets) =>
        this.addProduct({ adapters, work }, one, inputs, weights, offset + one.column * inputs);
      own.qkv.forEach(add(at.qkv, d));
      own.output.forEach(add(at.output, numHeads * headDim));
      own.gateUp.forEach(add(at.gateUp, d));
      own.down.forEach(add(at.down, inner));
    });
  }

  private addProduct(
    { adapters, work }: { readonly adapters: B; readonly work: B },
    { a, b, outputs }: AdapterOffsets,
    inputs: number,
    weights: B,
    offset: number,
  ): void {
    const { kernels } = this;
    const { rank, scale } = this.adapted!.layout;
    const size = outputs * inputs;
    const product = kernels.part(work, 0, size);
    kernels.linearInput({
      ...{ rows: outputs, inputs, outputs: rank },
      dy: kernels.part(adapters, b, outputs * rank),
      weight: kernels.part(adapters, a, rank * inputs),
      dx: product,
    });
    kernels.addScaled({ size, from: product, to: kernels.part(weights, offset, size), scale });
  }

  async save(part: SavedPart = 'all'): Promise<PolicySnapshot> {
    const { kernels, config, adapted } = this;
    const specs = trainableSpecs(config);
    const read = async (buffer: B): Promise<NamedTensor[]> =>
      named(specs, await kernels.read(buffer));
    const base = adapted && part === 'all' ? kernels.read(adapted.base) : null;
    const isBase = adapted && !adapted.reference;
    const [trained, reference, m, v] = await Promise.all([
      read(this.trained),
      isBase ? undefined : read(this.reference),
      read(this.m),
      read(this.v),
    ]);
    const frozen = base ? named(paramSpecs(config), await base) : [];
    const weights = adapted ? frozen : trained;
    return {
      ...{ config, weights },
      ...(adapted && { adapters: trained }),
      optimizer: { step: this.steps, m, v },
      ...(reference && { reference }),
    };
  }

  /** @throws RangeError naming the tensor that does not fit; nothing is changed then. */
  load(snapshot: PolicySnapshot): void {
    const { kernels, config, adapted } = this;
    const { optimizer } = snapshot;
    const specs = trainableSpecs(config);
    const keepsBase = adapted !== null && snapshot.weights.length === 0;
    const weights = keepsBase
      ? undefined
      : flatten(paramSpecs(config), snapshot.weights, 'weights');
    const trained =
      adapted || !weights ? flatten(specs, firstAdapters(snapshot, config), 'adapters') : weights;
    const empty = (): Float32Array => new Float32Array(trained.length);
    const start = adapted ? empty() : trained;
    const given = snapshot.reference;
    const reference = given ? flatten(specs, given, 'reference') : start;
    const m = optimizer ? flatten(specs, optimizer.m, 'optimizer m') : empty();
    const v = optimizer ? flatten(specs, optimizer.v, 'optimizer v') : empty();
    kernels.write(this.trained, trained);
    kernels.write(this.reference, reference);
    kernels.write(this.m, m);
    kernels.write(this.v, v);
    this.steps = optimizer?.step ?? 0;
    if (adapted) this.loadBase(adapted, weights, given !== undefined);
  }

  /** @param base undefined where it stays. */
  private loadBase(
    adapted: Adapted<B>,
    base: Float32Array | undefined,
    hasReference: boolean,
  ): void {
    const { kernels } = this;
    if (base) kernels.write(adapted.base, base);
    this.merge(this.trained, this.weights);
    if (hasReference) {
      adapted.reference ??= kernels.allocate(this.transformer.offsets.size);
      this.merge(this.reference, adapted.reference);
    } else if (adapted.reference) {
      kernels.free(adapted.reference);
      adapted.reference = null;
    }
    kernels.end();
  }

  dispose(): void {
    const { kernels, adapted } = this;
    for (const buffer of [this.trained, this.reference, this.gradient, this.m, this.v]) {
      kernels.free(buffer);
    }
    if (!adapted) return;
    for (const buffer of [this.weights, adapted.base, adapted.reference]) {
      if (buffer) kernels.free(buffer);
    }
  }
}
