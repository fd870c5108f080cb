/** Sums and maxima over neighbouring threads of a workgroup. */

/**
 * In WGSL: `total(lid, lane, value)` or `most(lid, lane, value)`, the sum or the maximum of `value` over
 * `lanes` neighbouring threads, in a fixed order. Holds barriers: all threads must call it together.
 */
export interface Fold {
  readonly name: 'total' | 'most';
  /** Of the workgroup. */
  readonly threads: number;
  /** A power of two, as are the threads. */
  readonly lanes: number;
}

export function total(threads: number, lanes: number): Fold {
  return { name: 'total', threads, lanes };
}

export function most(threads: number, lanes: number): Fold {
  return { name: 'most', threads, lanes };
}

const STEPS = { total: 'a + b', most: 'max(a, b)' } as const;

/** @param subgroup threads that exchange values without shared memory; 1 where there are none. */
export function foldCode(fold: Fold, subgroup: number): string {
  const near = Math.min(subgroup, fold.lanes);
  if (near === fold.lanes) {
    return `
fn ${fold.name}(lid: u32, lane: u32, value: f32) -> f32 {
  ${shuffled(fold, near)}
  return a;
}`;
  }
  return `
var<workgroup> ${fold.name}_of: array<f32, ${fold.threads}>;
fn ${fold.name}(lid: u32, lane: u32, value: f32) -> f32 {
  ${shuffled(fold, near)}
  ${shared(fold, near)}
}`;
}

/** `a` becomes the fold of the `near` threads around each: every one of them ends with the same. */
function shuffled({ name }: Fold, near: number): string {
  const steps: string[] = ['var a = value;'];
  for (let step = near / 2; step >= 1; step /= 2) {
    steps.push(`{ let b = subgroupShuffleXor(a, ${step}u); a = ${STEPS[name]}; }`);
  }
  return steps.join('\n  ');
}

/** The folds of each `near` threads go on through shared memory. */
function shared({ name, lanes }: Fold, near: number): string {
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
