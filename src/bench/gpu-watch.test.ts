import { describe, expect, it } from 'vitest';
import { watchGpu } from './gpu-watch.ts';

class Pass {
  calls: number[][] = [];
  dispatchWorkgroups(...counts: number[]): void {
    this.calls.push(counts);
  }
  dispatchWorkgroupsIndirect(): string {
    return 'indirect';
  }
}

class Queue {
  submit(_commands: readonly unknown[]): void {
    // Nothing runs here.
  }
  writeBuffer(..._args: readonly unknown[]): void {
    // Nothing is written here.
  }
}

class Buffer {
  constructor(readonly size: number) {}
  mapAsync(..._args: readonly number[]): Promise<string> {
    return Promise.resolve('mapped');
  }
}

describe('the watch on WebGPU', () => {
  const counts = watchGpu({
    pass: Pass.prototype,
    queue: Queue.prototype,
    buffer: Buffer.prototype,
  });

  it('counts and lets pass', async () => {
    const pass = new Pass();
    pass.dispatchWorkgroups(3, 2);
    expect(pass.calls).toEqual([[3, 2]]);
    expect(pass.dispatchWorkgroupsIndirect()).toBe('indirect');
    const queue = new Queue();
    queue.submit([]);
    queue.writeBuffer('buffer', 0, new Float32Array(10)); // 40
    queue.writeBuffer('buffer', 0, new Float32Array(10), 4); // 24
    queue.writeBuffer('buffer', 0, new Float32Array(10), 4, 2); // 8
    queue.writeBuffer('buffer', 0, new ArrayBuffer(10), 4, 2); // 2
    expect(await new Buffer(100).mapAsync(1)).toBe('mapped'); // 100
    await new Buffer(100).mapAsync(1, 60); // 40
    await new Buffer(100).mapAsync(1, 60, 8); // 8
    expect(counts()).toEqual({
      dispatches: 2,
      submits: 1,
      readbacks: 3,
      bytesRead: 148,
      bytesWritten: 74,
    });
  });

  it('refuses a device that lacks what it watches', () => {
    expect(() => watchGpu({ pass: {}, queue: {}, buffer: {} })).toThrow(
      'there is no dispatchWorkgroups',
    );
  });
});
