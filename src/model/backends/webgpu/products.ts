/** The three products of a linear layer, in tiles of 64 × 64 that a workgroup shares. */
import type { Args } from './args.ts';
import type { GpuSlice, GpuDevice } from './device.ts';
import { addParts } from './parts.ts';
import { BUILTINS, foursType, getFours, isAligned, memo, program, THREADS } from './program.ts';

const TILE = 64;
/** Terms of the sums that are loaded at once. */
const DEPTH = 16;
/** Between one term's row of a tile and the next: keeps neighbours in different banks. */
const STRIDE = TILE + 1;

/** c [m, n] = Σ a · b over k. */
interface Layout {
  /** Whether k or m runs fastest in a; k or n in b. */
  readonly a: 'k' | 'm';
  readonly b: 'k' | 'n';
}

const LAYOUTS = {
  linear: { a: 'k', b: 'k' },
  linearInput: { a: 'k', b: 'n' },
  linearWeight: { a: 'm', b: 'n' },
} as const satisfies Record<string, Layout>;

/**
 * Into `tile_<name>` [DEPTH, STRIDE]: the operand's terms `k0` … of its 64 rows from `first`. Rows of a
 * may be further apart than they are long.
 */
function loadTile(name: 'a' | 'b', fastest: string, count: string): string {
  const alongTerms = fastest === 'k';
  const [terms, members] = ['p.k', `p.${count}`];
  const stride = name === 'a' ? 'p.a_stride' : alongTerms ? terms : members;
  const load = alongTerms
    ? `let member = lid / ${DEPTH / 4}u;
    let term = lid % ${DEPTH / 4}u * 4u;
    if (first_${name} + member < ${members} && k0 + term < ${terms}) {
      let at = (first_${name} + member) * ${stride} + k0 + term;
      value = get_${name}(at, 0u, ${terms} - k0 - term);
    }
    for (var i = 0u; i < 4u; i++) { tile_${name}[(term + i) * ${STRIDE}u + member] = value[i]; }`
    : `let term = lid / ${TILE / 4}u;
    let member = lid % ${TILE / 4}u * 4u;
    if (k0 + term < end && first_${name} + member < ${members}) {
      let at = (k0 + term) * ${stride} + first_${name} + member;
      value = get_${name}(at, 0u, ${members} - first_${name} - member);
    }
    for (var i = 0u; i < 4u; i++) { tile_${name}[term * ${STRIDE}u + member + i] = value[i]; }`;
  return `{
    var value = vec4f();
    ${load}
  }`;
}

type Kind = keyof typeof LAYOUTS;

const addTerm = (a: (i: number) => string): string => `
      let row = k * ${STRIDE}u + own_b;
      let four = vec4f(tile_b[row], tile_b[row + 1u], tile_b[row + 2u], tile_b[row + 3u]);
      ${[0, 1, 2, 3].map((i) => `sums[${i}] += ${a(i)} * four;`).join('\n      ')}`;

/** Both operands from the memory of the workgroup. */
const ADD_TERMS = `
    for (var k = 0u; k < ${DEPTH}u; k++) {
      let column = k * ${STRIDE}u + own_a;
      ${addTerm((i) => `tile_a[column + ${i}u]`)}
    }`;

/**
 * Threads that have a's rows in common read a term each and pass them around: a quarter to a sixteenth of
 * the reads of a. In the same order, so that not a bit of the sums is another.
 * @param lanes at least 2; divides the threads of a row and the subgroup.
 */
const addTermsPassed = (lanes: number): string => `
    for (var first = 0u; first < ${DEPTH}u; first += ${lanes}u) {
      let column = (first + lid % ${lanes}u) * ${STRIDE}u + own_a;
      let read = vec4f(tile_a[column], tile_a[column + 1u], tile_a[column + 2u], tile_a[column + 3u]);
      for (var turn = 0u; turn < ${lanes}u; turn++) {
        let k = first + turn;
        let passed = subgroupShuffle(read, place - place % ${lanes}u + turn);
        ${addTerm((i) => `passed[${i}]`)}
      }
    }`;

/** Threads that can pass terms around: those of a row of a tile at most. */
export function productLanesOf(subgroup: number): number {
  return Math.min(subgroup, DEPTH, TILE / 4);
}

interface Variant {
  readonly aligned: Aligned;
  /** 1: nothing is passed around. */
  readonly lanes: number;
}

const productCode = (
  kind: Kind,
  { aligned, lanes }: Variant,
  store: (index: string) => string,
): string => `
${getFours('a', aligned.a)}
${getFours('b', aligned.b)}
var<workgroup> tile_a: array<f32, ${DEPTH * STRIDE}>;
var<workgroup> tile_b: array<f32, ${DEPTH * STRIDE}>;
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}${lanes > 1 ? ', @builtin(subgroup_invocation_id) place: u32' : ''}) {
  let first_a = group.x * ${TILE}u;
  let first_b = group.y * ${TILE}u;
  let own_a = lid / ${TILE / 4}u * 4u;
  let own_b = lid % ${TILE / 4}u * 4u;
  let end = min((group.z + 1u) * p.chunk, p.k);
  var sums: array<vec4f, 4>;
  for (var k0 = group.z * p.chunk; k0 < end; k0 += ${DEPTH}u) {
    ${loadTile('a', LAYOUTS[kind].a, 'm')}
    ${loadTile('b', LAYOUTS[kind].b, 'n')}
    workgroupBarrier();
    ${lanes > 1 ? addTermsPassed(lanes) : ADD_TERMS}
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) {
      let m = first_a + own_a + i;
      let n = first_b + own_b + j;
      if (m < p.m && n < p.n) { ${store('m * p.n + n')} }
    }
  }
}`;

/** Which operands can be read four numbers at a time. */
interface Aligned {
  readonly a: boolean;
  readonly b: boolean;
}

const SIZES = { m: 'u32', n: 'u32', k: 'u32', chunk: 'u32', a_stride: 'u32' } as const;

const plainProduct = memo((kind: Kind, a: boolean, b: boolean, lanes: number) =>
  program({
    name: `${kind} ${a} ${b} ${lanes}`,
    subgroups: lanes > 1,
    params: SIZES,
    buffers: { a: foursType('', a), b: foursType('', b), c: 'mut f32' },
    code: productCode(
      kind,
      { aligned: { a, b }, lanes },
      (index) => `c[p.c_at + ${index}] = sums[i][j];`,
    ),
  }),
);

const productAndResidual = memo((a: boolean, b: boolean, lanes: number) =>
  program({
    name: `linear and residual ${a} ${b} ${lanes}`,
    subgroups: lanes > 1,
    params: SIZES,
    buffers: { a: foursType('', a), b: foursType('', b), added: 'f32', c: 'mut f32' },
    code: productCode(
      'linear',
      { aligned: { a, b }, lanes },
      (index) => `c[p.c_at + ${index}] = sums[i][j] + added[p.added_at + ${index}];`,
    ),
  }),
);

const productInParts = memo((a: boolean, b: boolean, lanes: number) =>
  program({
    name: `linearWeight in parts ${a} ${b} ${lanes}`,
    subgroups: lanes > 1,
    params: SIZES,
    buffers: { a: foursType('', a), b: foursType('', b), parts: 'mut f32' },
    code: productCode(
      'linearWeight',
      { aligned: { a, b }, lanes },
      (index) => `parts[p.parts_at + group.z * p.m * p.n + ${index}] = sums[i][j];`,
    ),
  }),
);

function aligned(slice: GpuSlice, ...widths: readonly number[]): boolean {
  return isAligned(0, slice) && widths.every((width) => width % 4 === 0);
}

const tilesOf = (size: number): number => Math.ceil(size / TILE);

export function linear(
  gpu: GpuDevice,
  { rows, inputs, outputs, x, weight, residual, out }: Args<'linear'>,
): void {
  const operands = [aligned(x, inputs), aligned(weight, inputs), gpu.productLanes] as const;
  const params = { m: rows, n: outputs, k: inputs, chunk: inputs, a_stride: inputs };
  const buffers = { a: x, b: weight, c: out };
  const groups = [tilesOf(rows), tilesOf(outputs)] as const;
  if (residual) {
    const withResidual = { ...buffers, added: residual };
    gpu.run(productAndResidual(...operands), { params, buffers: withResidual, groups });
  } else gpu.run(plainProduct('linear', ...operands), { params, buffers, groups });
}

export function linearInput(
  gpu: GpuDevice,
  { rows, inputs, outputs, dy, dyStride = outputs, weight, dx }: Args<'linearInput'>,
): void {
  const operands = [
    aligned(dy, outputs, dyStride),
    aligned(weight, inputs),
    gpu.productLanes,
  ] as const;
  gpu.run(plainProduct('linearInput', ...operands), {
    params: { m: rows, n: inputs, k: outputs, chunk: outputs, a_stride: dyStride },
    buffers: { a: dy, b: weight, c: dx },
    groups: [tilesOf(rows), tilesOf(inputs)],
  });
}

/** Rows are many and the weight is small: each workgroup adds up this many rows of a tile. */
const ROW_CHUNK = 512;

export function linearWeight(
  gpu: GpuDevice,
  { rows, inputs, outputs, dy, dyStride = outputs, x, dWeight }: Args<'linearWeight'>,
): void {
  const count = Math.ceil(rows / ROW_CHUNK);
  const size = inputs * outputs;
  const parts = gpu.scratch(count * size);
  const operands = [aligned(dy, outputs, dyStride), aligned(x, inputs), gpu.productLanes] as const;
  gpu.run(productInParts(...operands), {
    params: { m: outputs, n: inputs, k: rows, chunk: ROW_CHUNK, a_stride: dyStride },
    buffers: { a: dy, b: x, parts },
    groups: [tilesOf(outputs), tilesOf(inputs), count],
  });
  addParts(gpu, { parts, count, size, to: dWeight });
}
