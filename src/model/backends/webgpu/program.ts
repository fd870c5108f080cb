/** A compute shader with the names and types of what it is given, from which its head is written. */
import { reductionCode, type Reduction } from './reduce.ts';

export type ParamType = 'u32' | 'f32';

/** `mut` is written to as well. A `vec4f` slice must begin at a multiple of four numbers. */
export type BufferType = `${'' | 'mut '}${'f32' | 'i32' | 'vec4f'}`;

export interface Program<P extends string = string, B extends string = string> {
  /** Unique: names the kernel and the constants that are written into it. */
  readonly name: string;
  /** In WGSL: `p.name`. Numbers that vary from call to call. */
  readonly params: Readonly<Record<P, ParamType>>;
  /** In WGSL: the array `name`, and `p.name_at`, the element at which the slice begins. */
  readonly buffers: Readonly<Record<B, BufferType>>;
  /** What threads find out together, written by the device: it knows its subgroups. */
  readonly reductions?: readonly Reduction[];
  /** Whether the code exchanges values between the threads of a subgroup by itself. */
  readonly subgroups?: boolean;
  /** Helpers and `fn main`. */
  readonly code: string;
}

/** Keeps the literal types of the names. */
export function program<P extends string, B extends string>(
  definition: Program<P, B>,
): Program<P, B> {
  return definition;
}

/** Made once per combination of arguments. */
export function memo<A extends readonly (string | number | boolean)[], T>(
  make: (...args: A) => T,
): (...args: A) => T {
  const made = new Map<string, T>();
  return (...args) => {
    const key = args.join('/');
    const value = made.get(key) ?? make(...args);
    made.set(key, value);
    return value;
  };
}

/**
 * The whole shader.
 * @param subgroup threads that exchange values without shared memory; 1 where there are none.
 */
export function wgsl(
  { params, buffers, reductions = [], subgroups = false, code }: Program,
  subgroup: number,
): string {
  const fields = [
    ...Object.entries(params).map(([name, type]) => `${name}: ${type},`),
    ...Object.keys(buffers).map((name) => `${name}_at: u32,`),
  ];
  const bindings = Object.entries(buffers).map(([name, type], i) => {
    const access = isWritten(type) ? 'read_write' : 'read';
    const element = type.replace('mut ', '');
    return `@group(0) @binding(${i + 1}) var<storage, ${access}> ${name}: array<${element}>;`;
  });
  const enabled = subgroups || (reductions.length > 0 && subgroup > 1) ? 'enable subgroups;\n' : '';
  return `${enabled}struct Params {
  ${fields.join('\n  ')}
}
@group(0) @binding(0) var<uniform> p: Params;
${bindings.join('\n')}
${reductions.map((reduction) => reductionCode(reduction, subgroup)).join('\n')}
${code}`;
}

export function isWritten(type: BufferType): boolean {
  return type.startsWith('mut ');
}

/** Numbers that one array element stands for. */
export function elementSize(type: BufferType): 1 | 4 {
  return type.endsWith('vec4f') ? 4 : 1;
}

/** Stands for −∞, which WGSL cannot write. */
export const LOWEST = '-3.4e38f';

/** Threads of a workgroup, unless a kernel says otherwise: what every device allows. */
export const THREADS = 256;

/** Where a thread and its workgroup stand. A large grid goes on along y. */
export const BUILTINS = `@builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lid: u32`;

/** One thread per item: `item` in the body; those beyond `p.items` do nothing. */
export function perItem(body: string): string {
  return `
@compute @workgroup_size(${THREADS})
fn main(${BUILTINS}) {
  let item = (group.y * groups.x + group.x) * ${THREADS}u + lid;
  if (item >= p.items) { return; }
  ${body}
}`;
}

/** The grid for `perItem`: at most 65,535 workgroups stand in a row. */
export function itemGroups(items: number): readonly [number, number] {
  return gridOf(Math.ceil(items / THREADS));
}

const MOST_GROUPS = 65_535;

/** `count` workgroups or a few more. */
export function gridOf(count: number): readonly [number, number] {
  const rows = Math.ceil(count / MOST_GROUPS);
  return rows === 0 ? [0, 0] : [Math.ceil(count / rows), rows];
}

/** Whether slices can be read four numbers at a time. */
export function isAligned(
  width: number,
  ...slices: readonly { readonly offset: number }[]
): boolean {
  return width % 4 === 0 && slices.every(({ offset }) => offset % 4 === 0);
}

/** The type of a buffer that `fours` reads. */
export function foursType<M extends '' | 'mut '>(
  access: M,
  aligned: boolean,
): `${M}${'f32' | 'vec4f'}` {
  return `${access}${aligned ? 'vec4f' : 'f32'}`;
}

/**
 * `get_<name>(at, i, width)`: numbers 4i to 4i + 3 of the `width` that begin at number `at`, zeros
 * beyond. Aligned reads need an aligned slice, and `at` and `width` to be multiples of four.
 */
export function getFours(name: string, aligned: boolean): string {
  const lane = (i: number): string => `select(0.0, ${name}[start + ${i}u], 4u * i + ${i}u < width)`;
  const read = aligned
    ? `return ${name}[p.${name}_at + at / 4u + i];`
    : `let start = p.${name}_at + at + 4u * i;
  return vec4f(${[0, 1, 2, 3].map(lane).join(', ')});`;
  return `
fn get_${name}(at: u32, i: u32, width: u32) -> vec4f {
  ${read}
}`;
}

/** `put_<name>(at, i, width, value)`, where `getFours` would read. */
export function putFours(name: string, aligned: boolean): string {
  const lane = (i: number): string =>
    `if (4u * i + ${i}u < width) { ${name}[to + ${i}u] = value[${i}]; }`;
  const write = aligned
    ? `${name}[p.${name}_at + at / 4u + i] = value;`
    : `let to = p.${name}_at + at + 4u * i;
  ${[0, 1, 2, 3].map(lane).join('\n  ')}`;
  return `
fn put_${name}(at: u32, i: u32, width: u32, value: vec4f) {
  ${write}
}`;
}
