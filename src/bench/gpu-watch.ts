/** Counts what any engine asks of WebGPU, by wrapping the device's methods. */

export interface GpuCounts {
  readonly dispatches: number;
  /** Batches of commands handed to the device. */
  readonly submits: number;
  /** Times that the processor asked for results, and how many bytes. */
  readonly readbacks: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

/** The prototypes of WebGPU's classes, or stand-ins. */
export interface GpuClasses {
  readonly pass: object;
  readonly queue: object;
  readonly buffer: object;
}

/** Those of the browser. */
export function gpuClasses(): GpuClasses {
  return {
    pass: GPUComputePassEncoder.prototype,
    queue: GPUQueue.prototype,
    buffer: GPUBuffer.prototype,
  };
}

/**
 * Watches from now on, for good.
 * @returns what was counted so far.
 */
export function watchGpu({ pass, queue, buffer }: GpuClasses): () => GpuCounts {
  const counts = { dispatches: 0, submits: 0, readbacks: 0, bytesRead: 0, bytesWritten: 0 };
  for (const name of ['dispatchWorkgroups', 'dispatchWorkgroupsIndirect']) {
    onCall(pass, name, () => (counts.dispatches += 1));
  }
  onCall(queue, 'submit', () => (counts.submits += 1));
  onCall(queue, 'writeBuffer', (_, [, , data, offset, size]) => {
    counts.bytesWritten += writtenBytes(data, offset, size);
  });
  onCall(buffer, 'mapAsync', (self, [, offset, size]) => {
    counts.readbacks += 1;
    counts.bytesRead += Number(size ?? sizeOf(self) - Number(offset ?? 0));
  });
  return () => ({ ...counts });
}

/** `offset` and `size` count elements of a typed array, bytes of a buffer. */
function writtenBytes(data: unknown, offset: unknown, size: unknown): number {
  const element = ArrayBuffer.isView(data) && 'BYTES_PER_ELEMENT' in data ? data : undefined;
  const unit = Number(element?.BYTES_PER_ELEMENT ?? 1);
  if (size !== undefined) return unit * Number(size);
  const whole = ArrayBuffer.isView(data) || data instanceof ArrayBuffer ? data.byteLength : 0;
  return whole - unit * Number(offset ?? 0);
}

function sizeOf(buffer: unknown): number {
  const named = typeof buffer === 'object' && buffer !== null && 'size' in buffer;
  return named ? Number(buffer.size) : 0;
}

function onCall(
  prototype: object,
  name: string,
  note: (self: unknown, args: readonly unknown[]) => void,
): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== 'function') throw new TypeError(`WebGPU: there is no ${name} to watch`);
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
    note(this, args);
    const result: unknown = Reflect.apply(original, this, args);
    return result;
  });
}
