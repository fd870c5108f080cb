/** Whether neighbours in a workgroup are neighbours in a subgroup: WGSL does not promise it. */
import type { GpuDevice } from './device.ts';
import { total } from './reduce.ts';
import { BUILTINS, program, THREADS } from './program.ts';

/** Adds up the numbers of each `subgroup` neighbouring threads, and compares. */
export async function neighboursAreTogether(gpu: GpuDevice, subgroup: number): Promise<boolean> {
  const sums = gpu.take(THREADS);
  const probe = program({
    name: `subgroup probe ${subgroup}`,
    params: {},
    buffers: { sums: 'mut f32' },
    reductions: [total(THREADS, subgroup)],
    code: `
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let lane = lid % ${subgroup}u;
  sums[p.sums_at + lid + group.x] = total(lid, lane, f32(lid)) + 0.0 * f32(groups.x);
}`,
  });
  gpu.run(probe, { params: {}, buffers: { sums }, groups: [1] });
  const found = await gpu.read(sums);
  gpu.pool.give(sums.source);
  return found.every((sum, thread) => {
    const first = thread - (thread % subgroup);
    return sum === subgroup * first + (subgroup * (subgroup - 1)) / 2;
  });
}
