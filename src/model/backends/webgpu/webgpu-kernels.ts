/** The kernels in WGSL, queued on a graphics device; failures reject the next `read`. */
import type { Kernels, KernelMemory } from '../../fused/kernels.ts';
import type { Args } from './args.ts';
import { attention, attentionBackward } from './attention.ts';
import { generateStepwise } from './decode-stepwise.ts';
import { fitsWorkgroup, generate } from './decode.ts';
import { GpuDevice, type GpuSlice } from './device.ts';
import { addBias, normHeads, normHeadsBackward } from './head-norms.ts';
import { grpo } from './loss.ts';
import { adamW, addScaled, blend, fill } from './optimizer.ts';
import { chooseProducts } from './product-choice.ts';
import { linear, linearInput, linearWeight } from './products.ts';
import {
  gatherRows,
  gatherSum,
  rmsNorm,
  rmsNormBackward,
  rotate,
  swiglu,
  swigluBackward,
} from './rows.ts';
import { score, scoreBackward } from './score.ts';
import { neighboursAreTogether } from './subgroup-probe.ts';

export class WebGpuKernels implements Kernels<GpuSlice> {
  readonly gpu: GpuDevice;
  private readonly kept = new Set<GpuSlice>();
  private prepared: Promise<void> | undefined;

  /** The device may be shared with others. */
  constructor(device: GPUDevice) {
    this.gpu = new GpuDevice(device);
  }

  allocate(length: number): GpuSlice {
    const slice = this.gpu.take(length);
    this.gpu.clear(slice);
    this.kept.add(slice);
    return slice;
  }

  /** @throws RangeError if the slice did not come from `allocate`. */
  free(slice: GpuSlice): void {
    if (!this.kept.delete(slice)) throw new RangeError('free: expected a slice that is allocated');
    this.gpu.pool.give(slice.source);
  }

  scratch(length: number): GpuSlice {
    return this.gpu.scratch(length);
  }

  upload(values: Float32Array | Int32Array): GpuSlice {
    const slice = this.gpu.scratch(values.length);
    this.gpu.write(slice, values);
    return slice;
  }

  part(slice: GpuSlice, offset: number, length: number): GpuSlice {
    return this.gpu.part(slice, offset, length);
  }

  write(slice: GpuSlice, values: Float32Array | Int32Array): void {
    this.gpu.write(slice, values);
  }

  fill(slice: GpuSlice, value: number): void {
    if (value === 0) this.gpu.clear(slice);
    else fill(this.gpu, slice, value);
  }

  read(slice: GpuSlice): Promise<Float32Array> {
    return this.gpu.read(slice);
  }

  end(): void {
    this.gpu.release();
  }

  memory(): KernelMemory {
    return { buffers: this.kept.size, bytes: this.gpu.bytes };
  }

  /** @throws Error with the compiler's messages. */
  async warmUp(calls: () => void): Promise<void> {
    const { gpu } = this;
    this.prepared ??= this.prepare();
    await this.prepared;
    await gpu.warmUp(calls);
  }

  /** What the device is asked once, before its first kernel. */
  private async prepare(): Promise<void> {
    const { gpu } = this;
    await gpu.verifySubgroups((size) => neighboursAreTogether(gpu, size));
    await chooseProducts(gpu);
  }

  dispose(): void {
    this.gpu.dispose();
    this.kept.clear();
  }

  gatherRows(args: Args<'gatherRows'>): void {
    gatherRows(this.gpu, args);
  }

  gatherSum(args: Args<'gatherSum'>): void {
    gatherSum(this.gpu, args);
  }

  linear(args: Args<'linear'>): void {
    linear(this.gpu, args);
  }

  linearInput(args: Args<'linearInput'>): void {
    linearInput(this.gpu, args);
  }

  linearWeight(args: Args<'linearWeight'>): void {
    linearWeight(this.gpu, args);
  }

  rmsNorm(args: Args<'rmsNorm'>): void {
    rmsNorm(this.gpu, args);
  }

  rmsNormBackward(args: Args<'rmsNormBackward'>): void {
    rmsNormBackward(this.gpu, args);
  }

  addBias(args: Args<'addBias'>): void {
    addBias(this.gpu, args);
  }

  normHeads(args: Args<'normHeads'>): void {
    normHeads(this.gpu, args);
  }

  normHeadsBackward(args: Args<'normHeadsBackward'>): void {
    normHeadsBackward(this.gpu, args);
  }

  rotate(args: Args<'rotate'>): void {
    rotate(this.gpu, args);
  }

  attention(args: Args<'attention'>): void {
    attention(this.gpu, args);
  }

  attentionBackward(args: Args<'attentionBackward'>): void {
    attentionBackward(this.gpu, args);
  }

  swiglu(args: Args<'swiglu'>): void {
    swiglu(this.gpu, args);
  }

  swigluBackward(args: Args<'swigluBackward'>): void {
    swigluBackward(this.gpu, args);
  }

  score(args: Args<'score'>): void {
    score(this.gpu, args);
  }

  scoreBackward(args: Args<'scoreBackward'>): void {
    scoreBackward(this.gpu, args);
  }

  grpo(args: Args<'grpo'>): void {
    grpo(this.gpu, args);
  }

  adamW(args: Args<'adamW'>): void {
    adamW(this.gpu, args);
  }

  addScaled(args: Args<'addScaled'>): void {
    addScaled(this.gpu, args);
  }

  blend(args: Args<'blend'>): void {
    blend(this.gpu, args);
  }

  generate(args: Args<'generate'>): GpuSlice {
    const isWhole = fitsWorkgroup(this.gpu, args.shape);
    return isWhole ? generate(this.gpu, args) : generateStepwise(this, args);
  }
}
