/**
 * Records kernel calls into few command buffers on a device that others may use as well. Every failure
 * of a shader, a call or an allocation rejects the next `read`.
 */
import { OutOfMemoryError } from '../../fused/out-of-memory.ts';
import { BufferPool, type PooledBuffer } from './memory.ts';
import { elementSize, isWritten, wgsl, type Program } from './program.ts';

export interface GpuSlice {
  readonly length: number;
  readonly source: PooledBuffer;
  /** Numbers before the first. */
  readonly offset: number;
}

export interface Counters {
  dispatches: number;
  readbacks: number;
  bytesRead: number;
  pipelines: number;
  submissions: number;
}

export interface Call<P extends string, B extends string> {
  readonly params: Readonly<Record<P, number>>;
  readonly buffers: Readonly<Record<B, GpuSlice>>;
  /** Workgroups along x, y and z. */
  readonly groups: readonly [number, number?, number?];
}

/** Calls whose parameters fit into the uniform buffer; more make another submission. */
const SLOTS = 256;
const NUMBER_BYTES = 4;

interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

export class GpuDevice {
  readonly counters: Counters = {
    dispatches: 0,
    readbacks: 0,
    bytesRead: 0,
    pipelines: 0,
    submissions: 0,
  };
  readonly pool: BufferPool;
  /** Threads that products pass their operand around in; 1: through the memory of the workgroup. */
  productLanes = 1;
  private readonly staging: BufferPool;
  private readonly pipelines = new Map<string, Pipeline>();
  private readonly slotBytes: number;
  private readonly params: DataView;
  private readonly paramsBuffer: GPUBuffer;
  private slots = 0;
  private batch = 0;
  private encoder: GPUCommandEncoder | null = null;
  private pass: GPUComputePassEncoder | null = null;
  /** Programs by name, while calls are not to be done. */
  private warmUpPrograms: Map<string, Program> | null = null;
  private lentBuffers: PooledBuffer[] = [];
  private checks: Promise<Error | undefined>[] = [];
  private failure: Error | undefined;

  /** @param lanes threads that exchange values directly; 1 where the device is not asked to. */
  constructor(
    readonly device: GPUDevice,
    private lanes = subgroupOf(device),
  ) {
    const { COPY_DST, COPY_SRC, MAP_READ, STORAGE, UNIFORM } = GPUBufferUsage;
    this.pool = new BufferPool(device, STORAGE | COPY_SRC | COPY_DST);
    this.staging = new BufferPool(device, MAP_READ | COPY_DST);
    this.slotBytes = device.limits.minUniformBufferOffsetAlignment;
    const size = SLOTS * this.slotBytes;
    this.params = new DataView(new ArrayBuffer(size));
    this.paramsBuffer = device.createBuffer({ size, usage: UNIFORM | COPY_DST });
  }

  /** Threads that exchange values directly; 1 where there are none. */
  get subgroup(): number {
    return this.lanes;
  }

  get bytes(): number {
    return this.pool.bytes + this.staging.bytes;
  }

  /** A buffer of its own until the next `release`; contents are undefined. */
  scratch(length: number): GpuSlice {
    const slice = this.take(length);
    this.lentBuffers.push(slice.source);
    return slice;
  }

  part(slice: GpuSlice, offset: number, length: number): GpuSlice {
    return { source: slice.source, offset: slice.offset + offset, length };
  }

  /** Scratch with the first `length` numbers of each, one after another. */
  joined(slices: readonly GpuSlice[], length: number): GpuSlice {
    const all = this.scratch(slices.length * length);
    slices.forEach((slice, i) => {
      this.copy(this.part(slice, 0, length), this.part(all, i * length, length));
    });
    return all;
  }

  /** Takes all scratch back. */
  release(): void {
    for (const source of this.lentBuffers) this.pool.give(source);
    this.lentBuffers = [];
    this.pool.age();
  }

  /** A buffer of its own, to be given back; contents are undefined. */
  take(length: number): GpuSlice {
    const bytes = Math.max(1, length) * NUMBER_BYTES;
    const take = (): PooledBuffer => this.pool.take(bytes);
    const source = this.guarded('out-of-memory', 'buffer', take, bytes);
    return { length, source, offset: 0 };
  }

  run<P extends string, B extends string>(program: Program<P, B>, call: Call<P, B>): void {
    if (this.warmUpPrograms) return void this.warmUpPrograms.set(program.name, program);
    const [x, y = 1, z = 1] = call.groups;
    if (x * y * z === 0) return;
    if (this.slots === SLOTS) this.submit();
    const { pipeline, layout } = this.pipelineOf(program);
    const names = Object.keys(program.buffers) as B[];
    const bindGroup = this.device.createBindGroup({
      layout,
      entries: [
        { binding: 0, resource: { buffer: this.paramsBuffer, size: this.slotBytes } },
        ...names.map((name, i) => ({ binding: i + 1, resource: this.use(call.buffers[name]) })),
      ],
    });
    const pass = this.openPass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup, [this.writeParams(program, call)]);
    pass.dispatchWorkgroups(x, y, z);
    this.counters.dispatches += 1;
  }

  /** Both slices lie in different buffers. */
  copy(from: GpuSlice, to: GpuSlice): void {
    this.recordCopy(from, this.use(to).buffer, to.offset * NUMBER_BYTES);
  }

  clear({ source, offset, length }: GpuSlice): void {
    source.lastBatch = this.batch;
    this.openEncoder().clearBuffer(source.buffer, offset * NUMBER_BYTES, length * NUMBER_BYTES);
  }

  write({ source, offset }: GpuSlice, values: Float32Array | Int32Array): void {
    if (values.length === 0) return;
    // A write overtakes what is recorded and not yet submitted.
    if (source.lastBatch === this.batch) this.submit();
    this.device.queue.writeBuffer(source.buffer, offset * NUMBER_BYTES, values);
  }

  async read(slice: GpuSlice): Promise<Float32Array> {
    const bytes = slice.length * NUMBER_BYTES;
    if (bytes === 0) return new Float32Array();
    const staging = this.staging.take(bytes);
    this.recordCopy(slice, staging.buffer, 0);
    this.submit();
    this.counters.readbacks += 1;
    this.counters.bytesRead += bytes;
    const mapped = staging.buffer.mapAsync(GPUMapMode.READ, 0, bytes);
    const [mapping] = await Promise.allSettled([mapped, this.settled()]);
    if (this.failure) throw this.failure;
    if (mapping.status === 'rejected') {
      throw new Error('graphics device: reading back failed', { cause: mapping.reason });
    }
    const values = new Float32Array(staging.buffer.getMappedRange(0, bytes).slice(0));
    staging.buffer.unmap();
    this.staging.give(staging);
    return values;
  }

  /** Sends what is recorded. */
  submit(): void {
    const { encoder } = this;
    if (!encoder) return;
    this.guarded('validation', 'commands', () => {
      this.pass?.end();
      const used = this.slots * this.slotBytes;
      if (used > 0) {
        this.device.queue.writeBuffer(this.paramsBuffer, 0, this.params.buffer, 0, used);
      }
      this.device.queue.submit([encoder.finish()]);
    });
    this.encoder = this.pass = null;
    this.slots = 0;
    this.batch += 1;
    this.counters.submissions += 1;
  }

  /**
   * Compiles what the calls would run, side by side, and runs none of it.
   * @throws Error with the compiler's messages.
   */
  async warmUp(calls: () => void): Promise<void> {
    const programs = new Map<string, Program>();
    this.warmUpPrograms = programs;
    try {
      calls();
    } finally {
      this.warmUpPrograms = null;
    }
    const missing = [...programs.values()].filter(({ name }) => !this.pipelines.has(name));
    await Promise.all(missing.map((program) => this.compile(program)));
  }

  /**
   * Goes without subgroups from here on if `holds` finds that they are not as expected. Before the first
   * kernel that reduces.
   */
  async verifySubgroups(holds: (subgroup: number) => Promise<boolean>): Promise<void> {
    if (this.subgroup > 1 && !(await holds(this.subgroup))) this.lanes = 1;
  }

  private async compile(program: Program): Promise<void> {
    const { descriptor, layout, module } = this.describe(program);
    try {
      const pipeline = await this.device.createComputePipelineAsync(descriptor);
      this.keep(program, { pipeline, layout });
    } catch (cause) {
      const messages = await compilerMessages(module);
      throw new Error(`kernel "${program.name}": ${messages || String(cause)}`, { cause });
    }
  }

  dispose(): void {
    this.submit();
    this.pool.dispose();
    this.staging.dispose();
    this.paramsBuffer.destroy();
  }

  private pipelineOf(program: Program): Pipeline {
    const known = this.pipelines.get(program.name);
    if (known) return known;
    this.device.pushErrorScope('validation');
    const { descriptor, layout, module } = this.describe(program);
    const pipeline = this.device.createComputePipeline(descriptor);
    this.check(`kernel "${program.name}"`, () => compilerMessages(module));
    return this.keep(program, { pipeline, layout });
  }

  private keep({ name }: Program, pipeline: Pipeline): Pipeline {
    if (!this.pipelines.has(name)) this.counters.pipelines += 1;
    this.pipelines.set(name, pipeline);
    return pipeline;
  }

  private describe(program: Program): {
    readonly descriptor: GPUComputePipelineDescriptor;
    readonly layout: GPUBindGroupLayout;
    readonly module: GPUShaderModule;
  } {
    const { device } = this;
    const visibility = GPUShaderStage.COMPUTE;
    const layout = device.createBindGroupLayout({
      entries: [
        { binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
        ...Object.values(program.buffers).map((type, i): GPUBindGroupLayoutEntry => ({
          binding: i + 1,
          visibility,
          buffer: { type: isWritten(type) ? 'storage' : 'read-only-storage' },
        })),
      ],
    });
    const module = device.createShaderModule({
      label: program.name,
      code: wgsl(program, this.subgroup),
    });
    const descriptor: GPUComputePipelineDescriptor = {
      label: program.name,
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module, entryPoint: 'main' },
    };
    return { descriptor, layout, module };
  }

  /** Returns the place of the parameters in the uniform buffer. */
  private writeParams<P extends string, B extends string>(
    { name: kernel, params, buffers }: Program<P, B>,
    call: Call<P, B>,
  ): number {
    const start = this.slots * this.slotBytes;
    let at = start;
    for (const [name, type] of Object.entries(params) as [P, string][]) {
      const value = call.params[name];
      if (type === 'f32') this.params.setFloat32(at, value, true);
      else this.params.setUint32(at, value, true);
      at += NUMBER_BYTES;
    }
    for (const name of Object.keys(buffers) as B[]) {
      const element = call.buffers[name].offset / elementSize(buffers[name]);
      if (!Number.isInteger(element)) {
        throw new RangeError(`kernel "${kernel}": ${name} begins at an unaligned number`);
      }
      this.params.setUint32(at, element, true);
      at += NUMBER_BYTES;
    }
    this.slots += 1;
    return start;
  }

  private use({ source }: GpuSlice): GPUBufferBinding {
    source.lastBatch = this.batch;
    return { buffer: source.buffer };
  }

  private recordCopy(from: GpuSlice, to: GPUBuffer, toByte: number): void {
    const { buffer } = this.use(from);
    const bytes = from.length * NUMBER_BYTES;
    const fromByte = from.offset * NUMBER_BYTES;
    this.openEncoder().copyBufferToBuffer(buffer, fromByte, to, toByte, bytes);
  }

  /** Outside of a pass. */
  private openEncoder(): GPUCommandEncoder {
    this.pass?.end();
    this.pass = null;
    this.encoder ??= this.device.createCommandEncoder();
    return this.encoder;
  }

  private openPass(): GPUComputePassEncoder {
    this.encoder ??= this.device.createCommandEncoder();
    this.pass ??= this.encoder.beginComputePass();
    return this.pass;
  }

  private guarded<T>(filter: GPUErrorFilter, what: string, action: () => T, asked?: number): T {
    this.device.pushErrorScope(filter);
    try {
      return action();
    } finally {
      this.check(what, undefined, asked);
    }
  }

  /**
   * Closes the last error scope and remembers what it caught.
   * @param asked bytes that were allocated in it, if it is about that.
   */
  private check(what: string, details?: () => Promise<string>, asked?: number): void {
    const check = async (): Promise<Error | undefined> => {
      const error = await this.device.popErrorScope();
      if (!error) return undefined;
      if (asked !== undefined) return new OutOfMemoryError(asked, undefined, error);
      const messages = (await details?.()) ?? '';
      return new Error(`${what}: ${error.message}\n${messages}`.trim());
    };
    this.checks.push(
      check().catch(
        (cause: unknown) => new Error(`${what}: the graphics device is gone`, { cause }),
      ),
    );
  }

  /** Waits for all checks so far. The first failure is the cause of those after it. */
  private async settled(): Promise<void> {
    const { checks } = this;
    this.checks = [];
    const errors = await Promise.all(checks);
    this.failure ??= errors.find((error) => error !== undefined);
  }
}

/** The size that all subgroups have at the least; 1 where there are none. */
function subgroupOf({ features, adapterInfo }: GPUDevice): number {
  if (!features.has('subgroups')) return 1;
  const { subgroupMinSize: size } = adapterInfo;
  return size > 1 && Number.isInteger(Math.log2(size)) ? size : 1;
}

async function compilerMessages(module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter(({ type }) => type === 'error')
    .map(({ lineNum, message }) => `line ${lineNum}: ${message}`)
    .join('\n');
}
