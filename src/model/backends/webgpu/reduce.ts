/** Sums and maxima over neighbouring threads of a workgroup. */

/**
 * In WGSL: `total(lid, lane, value)` or `most(lid, lane, value)`, the sum or the maximum of `value` over
 * `lanes` neighbouring threads, in a fixed order. Holds barriers: all threads must call it together.
 */
export interface Reduction {
  readonly name: 'total' | 'most';
  /** Of the workgroup. */
  readonly threads: number;
  /** A power of two, as are the threads. */
  readonly lanes: number;
}

export function total(threads: number, lanes: number): Reduction {
  return { name: 'total', threads, lanes };
}

export function most(threads: number, lanes: number): Reduction {
  return { name: 'most', threads, lanes };
}

const STEPS = { total: 'a + b', most: 'max(a, b)' } as const;

/** @param subgroup threads that exchange values without shared memory; 1 where there are none. */
export function reductionCode(reduction: Reduction, subgroup: number): string {
  const near = Math.min(subgroup, reduction.lanes);
  if (near === reduction.lanes) {
    return `
fn ${reduction.name}(lid: u32, lane: u32, value: f32) -> f32 {
  ${shuffled(reduction, near)}
  return a;
}`;
  }
  return `
var<workgroup> ${reduction.name}_of: array<f32, ${reduction.threads}>;
fn ${reduction.name}(lid: u32, lane: u32, value: f32) -> f32 {
  ${shuffled(reduction, near)}
  ${shared(reduction, near)}
}`;
}

/** `a` becomes the reduction of the `near` threads around each: every one of them ends with the same. */
function shuffled({ name }: Reduction, near: number): string {
  const steps: string[] = ['var a = value;'];
  for (let step = near / 2; step >= 1; step /= 2) {
    steps.push(`{ let b = subgroupShuffleXor(a, ${step}u); a = ${STEPS[name]}; }`);
  }
  return steps.join('\n  ');
}

/** The results of each `near` threads go on through shared memory. */
function shared({ name, lanes }: Reduction, near: number): string {
  return `${name}_of[lid] = a;
  workgroupBarrier();
  for (var step = ${lanes / 2}u; step >= ${near}u; step /= 2u) {
    if (lane < step) {
      let a = ${name}_of[lid];
      let b = ${name}_of[lid + step];
      ${name}_of[lid] = ${STEPS[name]};
    }
    workgroupBarrier();
  }
  let result = ${name}_of[lid - lane];
  workgroupBarrier();
  return result;`;
}
