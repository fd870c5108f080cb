/**
 * Memory of a WebAssembly instance: buffers that stay, taken from a list of free ones, and scratch that
 * is given back all at once. The two grow towards each other's end in one memory, scratch in chunks that
 * are used again by the next step.
 */

import { OutOfMemoryError } from '../../fused/out-of-memory.ts';

/** A run of 4-byte numbers in a WebAssembly memory. */
export interface WasmBuffer {
  /** In bytes. */
  readonly address: number;
  readonly length: number;
}

const PAGE = 65_536;
/** Of chunks that scratch is cut from; larger buffers get chunks of their own. */
const CHUNK = 4 << 20;
const ALIGNMENT = 16;

interface Chunk {
  readonly address: number;
  readonly bytes: number;
}

export class Arena {
  private end: number;
  /** Buffers given back, by size. */
  private readonly free = new Map<number, number[]>();
  private readonly kept = new Map<number, number>();
  private readonly chunks: Chunk[] = [];
  private chunk = 0;
  private used = 0;

  constructor(private readonly memory: WebAssembly.Memory) {
    this.end = memory.buffer.byteLength;
  }

  allocate(length: number): WasmBuffer {
    const bytes = aligned(length * 4);
    const address = this.free.get(bytes)?.pop() ?? this.extend(bytes);
    this.kept.set(address, bytes);
    new Uint8Array(this.memory.buffer, address, bytes).fill(0);
    return { address, length };
  }

  release({ address }: WasmBuffer): void {
    const bytes = this.kept.get(address);
    if (bytes === undefined) throw new RangeError('release: expected a buffer that was allocated');
    this.kept.delete(address);
    const list = this.free.get(bytes);
    if (list) list.push(address);
    else this.free.set(bytes, [address]);
  }

  scratch(length: number): WasmBuffer {
    const bytes = aligned(length * 4);
    for (;;) {
      const chunk = this.chunks[this.chunk];
      if (!chunk) break;
      if (this.used + bytes <= chunk.bytes) {
        const buffer = { address: chunk.address + this.used, length };
        this.used += bytes;
        return buffer;
      }
      this.chunk += 1;
      this.used = 0;
    }
    const size = Math.max(CHUNK, bytes);
    this.chunks.push({ address: this.extendForCall(size), bytes: size });
    return this.scratch(length);
  }

  reset(): void {
    this.chunk = 0;
    this.used = 0;
  }

  get buffers(): number {
    return this.kept.size;
  }

  get bytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** What the call has so far is given back where there is no more: nothing will come of it. */
  private extendForCall(bytes: number): number {
    try {
      return this.extend(bytes);
    } catch (error) {
      this.reset();
      throw error;
    }
  }

  /**
   * New memory at the end.
   * @throws OutOfMemoryError; everything is as before then.
   */
  private extend(bytes: number): number {
    const address = this.end;
    const missing = address + bytes - this.memory.buffer.byteLength;
    if (missing > 0) {
      try {
        this.memory.grow(Math.ceil(missing / PAGE));
      } catch (cause) {
        throw new OutOfMemoryError(bytes, this.bytes, cause);
      }
    }
    this.end = address + bytes;
    return address;
  }
}

function aligned(bytes: number): number {
  // Not with the operators of bits, which end at 2 GB.
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
