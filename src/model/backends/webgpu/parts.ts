/** Sums over more rows than one workgroup can read come in parts, added up in a fixed order. */
import type { GpuSlice, GpuDevice } from './device.ts';
import { itemGroups, perItem, program } from './program.ts';

const ADD_PARTS = program({
  name: 'add parts',
  params: { items: 'u32', count: 'u32' },
  buffers: { parts: 'f32', sums: 'mut f32' },
  code: perItem(`
  var sum = 0.0;
  for (var i = 0u; i < p.count; i++) { sum += parts[p.parts_at + i * p.items + item]; }
  sums[p.sums_at + item] += sum;`),
});

export interface Parts {
  /** [count, size] */
  readonly parts: GpuSlice;
  readonly count: number;
  readonly size: number;
  /** [size] += */
  readonly to: GpuSlice;
}

export function addParts(gpu: GpuDevice, { parts, count, size, to }: Parts): void {
  gpu.run(ADD_PARTS, {
    params: { items: size, count },
    buffers: { parts, sums: to },
    groups: itemGroups(size),
  });
}
