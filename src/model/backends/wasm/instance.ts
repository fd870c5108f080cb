/** Instantiates the kernels that `assembly/` compiles to. */
import { PLAIN, RELAXED } from './binary.ts';

type Call = (...args: number[]) => number;

export interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly call: Readonly<Record<KernelName, Call>>;
}

const NAMES = [
  'adamW',
  'addBias',
  'addVector',
  'attendStep',
  'attendStepSpace',
  'attention',
  'attentionBackward',
  'attentionBackwardSpace',
  'attentionSpace',
  'blend',
  'sampleTokens',
  'fill',
  'gatherRows',
  'gatherSum',
  'multiply',
  'multiplyTransposed',
  'normHeads',
  'normHeadsBackward',
  'packColumns',
  'packRows',
  'packedSize',
  'rmsNorm',
  'rmsNormBackward',
  'rotate',
  'score',
  'scoreBackward',
  'scoreSpace',
  'sumOfSquares',
  'swiglu',
  'swigluBackward',
  'transposedSpace',
] as const;

export type KernelName = (typeof NAMES)[number];

/** One module per binary, however many instances. */
const modules = new Map<string, WebAssembly.Module>();

/** @param relaxed whether to fuse multiply and add; by default where the engine can. */
export function instantiateKernels(relaxed = hasRelaxedSimd()): KernelExports {
  const binary = relaxed ? RELAXED : PLAIN;
  const module = modules.get(binary) ?? new WebAssembly.Module(decode(binary));
  modules.set(binary, module);
  const { exports } = new WebAssembly.Instance(module);
  const { memory } = exports;
  if (!(memory instanceof WebAssembly.Memory)) throw new Error('kernels: no memory is exported');
  const call = Object.fromEntries(NAMES.map((name) => [name, callable(exports, name)]));
  return { memory, call: call as KernelExports['call'] };
}

function callable(exports: WebAssembly.Exports, name: string): Call {
  const exported = exports[name];
  if (typeof exported === 'function') return exported as Call;
  throw new Error(`kernels: "${name}" is not exported`);
}

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** The smallest module that multiplies and adds in one. */
// prettier-ignore
const RELAXED_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15,
  65, 0, 253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
]);

export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_MODULE);
}
