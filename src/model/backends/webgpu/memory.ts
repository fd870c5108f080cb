/** Buffers on the device, reused by size class. */

export interface PooledBuffer {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  /** Command batch that last used it: what is written next must come after. */
  lastBatch: number;
  /** When it was given back, counted in `BufferPool.age`. */
  freedAt: number;
}

/** Ages that a buffer lies idle before its memory is returned. */
const KEEP = 256;

export class BufferPool {
  private readonly idle = new Map<number, PooledBuffer[]>();
  private readonly all = new Set<PooledBuffer>();
  private now = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly usage: GPUBufferUsageFlags,
  ) {}

  get bytes(): number {
    return [...this.all].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Contents are undefined.
   * @throws RangeError where the device has no buffers that large.
   */
  take(bytes: number): PooledBuffer {
    const size = sizeClass(bytes);
    return this.idle.get(size)?.pop() ?? this.create(size);
  }

  give(entry: PooledBuffer): void {
    entry.freedAt = this.now;
    const idle = this.idle.get(entry.bytes);
    if (idle) idle.push(entry);
    else this.idle.set(entry.bytes, [entry]);
  }

  /** Lets go of what has not been used for long. No queued command may still name it. */
  age(): void {
    this.now += 1;
    for (const [size, entries] of this.idle) {
      const kept = entries.filter((entry) => this.now - entry.freedAt <= KEEP || this.drop(entry));
      this.idle.set(size, kept);
    }
  }

  dispose(): void {
    for (const entry of this.all) entry.buffer.destroy();
    this.all.clear();
    this.idle.clear();
  }

  private drop(entry: PooledBuffer): false {
    entry.buffer.destroy();
    this.all.delete(entry);
    return false;
  }

  private create(bytes: number): PooledBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > most) {
      throw new RangeError(
        `buffer of ${bytes} bytes: the graphics device allows at most ${most}; lower batchGroups, groupSize or hiddenSize`,
      );
    }
    const buffer = this.device.createBuffer({ size: bytes, usage: this.usage });
    const entry = { buffer, bytes, lastBatch: -1, freedAt: 0 };
    this.all.add(entry);
    return entry;
  }
}

/** The next of four steps per power of two, so that steps of different sizes share buffers. */
export function sizeClass(bytes: number): number {
  if (bytes <= 256) return 256;
  const step = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / step) * step;
}
