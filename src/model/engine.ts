/** Starts what a policy runs on. Engines are loaded when they are needed, and not before. */
import type { Rng } from '../base/rng.ts';
import { chooseBackend, type BackendChoice, type BackendName } from './backend.ts';
import { FusedPolicy, type FusedOptions } from './fused/fused-policy.ts';
import { decodeInTurns } from './fused/generate.ts';
import type { CpuKernels, DeviceBuffer, Kernels } from './fused/kernels.ts';
import { ParallelPolicy } from './parallel/parallel-policy.ts';
import type { Replica } from './parallel/replica.ts';
import type { CallProgress, OpenPolicy, PolicyConfig, PolicySnapshot } from './policy.ts';

export interface EngineOptions {
  readonly requested: 'auto' | BackendName;
  /** Where the browser finds TensorFlow's wasm binaries: file name → URL. Node finds them itself. */
  readonly wasmPaths?: Readonly<Record<string, string>>;
  /** Told of every GPU error that nobody awaited: such an error means stale data. */
  readonly onGpuError?: (message: string) => void;
  /** Holders of the weights that share the work on WebAssembly, the one here included. */
  readonly replicas?: number;
  /** Absent where there are no workers. */
  readonly openReplica?: () => OpenReplica;
  /**
   * Gives the event loop a turn now and then within a call, so that what is waiting there is heard; absent
   * where nothing may come between. Told how far the call has come, where that is known.
   */
  readonly pause?: (progress?: CallProgress) => Promise<void>;
  /**
   * Told what there is once the backend is chosen, before anything is allocated; throws to give up.
   * @param holders of the weights, each within this limit.
   */
  readonly admit?: (limit: MemoryLimit, holders: number) => void;
}

/** What a backend can hold, in bytes. */
export interface MemoryLimit {
  readonly bytes: number;
  /** In one buffer. */
  readonly bufferBytes: number;
  /** In words: "on WebAssembly". */
  readonly where: string;
}

/** A replica in a worker of its own. */
export interface OpenReplica {
  readonly replica: Replica;
  /** Whether its worker has ended; another one then takes its place. Never where absent. */
  isGone?(): boolean;
  close(): void;
}

export interface EngineMemory {
  /** Arrays alive on the device. */
  readonly buffers: number;
  readonly bytes: number;
}

export interface Engine {
  readonly backend: BackendChoice;
  /** Random weights. */
  initialise(config: PolicyConfig, rng: Rng): Promise<OpenPolicy>;
  /** Rejects with a RangeError naming the tensor that does not fit. */
  from(snapshot: PolicySnapshot): Promise<OpenPolicy>;
  memory(): EngineMemory;
  /** To be called when another engine was started and let go of again. */
  resume(): Promise<void>;
  /** After its policies. */
  dispose(): void;
}

/** @throws RefusedError that says why, if the backend asked for cannot run here. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const backend = await chooseBackend(options.requested);
  switch (backend.name) {
    case 'webgpu': {
      // TensorFlow.js owns the device, so that both policies can be compared on one.
      const [{ graphicsDevice, startBackend }, { WebGpuKernels }] = await Promise.all([
        import('./backends/tfjs/backend.ts'),
        import('./backends/webgpu/webgpu-kernels.ts'),
      ]);
      await startBackend('webgpu', options);
      options.admit?.(graphicsLimit(graphicsDevice().limits), 1);
      return fusedEngine(backend, new WebGpuKernels(graphicsDevice()));
    }
    case 'wasm': {
      const { WasmKernels } = await import('./backends/wasm/wasm-kernels.ts');
      options.admit?.(WASM_LIMIT, options.openReplica ? (options.replicas ?? 1) : 1);
      const kernels = new WasmKernels();
      return fusedEngine(backend, kernels, options, inTurns(kernels, options));
    }
    case 'cpu': {
      const { ReferenceKernels } = await import('./fused/reference.ts');
      options.admit?.(SCRIPT_LIMIT, 1);
      const kernels = new ReferenceKernels();
      return fusedEngine(backend, kernels, {}, inTurns(kernels, options));
    }
    case 'tfjs-webgpu':
      return tensorFlowEngine(backend, 'webgpu', options);
    case 'tfjs-wasm':
      return tensorFlowEngine(backend, 'wasm', options);
    case 'tfjs-cpu':
      return tensorFlowEngine(backend, 'cpu', options);
    default:
      return backend.name satisfies never;
  }
}

/** All that 32-bit addresses reach. */
export const WASM_LIMIT: MemoryLimit = {
  bytes: 2 ** 32,
  bufferBytes: 2 ** 32,
  where: 'on WebAssembly',
};

/** No engine says what it has; more than this is hopelessly slow there. */
const SCRIPT_LIMIT: MemoryLimit = { ...WASM_LIMIT, where: 'in JavaScript' };

/** A device does not tell how much memory it has, only how large a buffer may be. */
function graphicsLimit({
  maxBufferSize,
  maxStorageBufferBindingSize,
}: GPUSupportedLimits): MemoryLimit {
  return {
    bytes: Infinity,
    bufferBytes: Math.min(maxBufferSize, maxStorageBufferBindingSize),
    where: 'on this graphics device',
  };
}

type Replicas = Pick<EngineOptions, 'replicas' | 'openReplica'>;

function openReplicas({ replicas = 1, openReplica }: Replicas): OpenReplica[] {
  return openReplica ? Array.from({ length: replicas - 1 }, openReplica) : [];
}

/** @returns another replica in the place of one whose worker has ended; undefined where it has not. */
function replaced(
  others: OpenReplica[],
  replica: Replica,
  { openReplica }: Replicas,
): Replica | undefined {
  const at = others.findIndex((other) => other.replica === replica);
  const former = others[at];
  if (!openReplica || !former?.isGone?.()) return undefined;
  former.close();
  const next = openReplica();
  others[at] = next;
  return next.replica;
}

/** For kernels that keep this thread busy throughout a call. */
function inTurns<B extends DeviceBuffer>(
  kernels: CpuKernels<B>,
  { pause }: EngineOptions,
): FusedOptions<B> {
  if (!pause) return {};
  return {
    turn: pause,
    generate: (args) =>
      decodeInTurns(kernels, args, (done) =>
        pause({ doing: 'sampling', done, of: args.maxTokens }),
      ),
  };
}

/** With `replicas`, one policy at a time: they hold its weights. */
function fusedEngine<B extends DeviceBuffer>(
  backend: BackendChoice,
  kernels: Kernels<B>,
  options: Replicas = {},
  fused: FusedOptions<B> = {},
): Engine {
  const others = openReplicas(options);
  const createPolicy = async (first: FusedPolicy<B>): Promise<OpenPolicy> => {
    await first.warmUp();
    if (others.length === 0) return first;
    const replicas = others.map(({ replica }) => replica);
    const snapshot = await first.save();
    await Promise.all(replicas.map((replica) => replica.load(snapshot)));
    const replace = (gone: Replica): Replica | undefined => replaced(others, gone, options);
    return new ParallelPolicy(first, replicas, replace, fused.turn);
  };
  return {
    backend,
    initialise: async (config, rng) =>
      createPolicy(FusedPolicy.initialise(kernels, config, rng, fused)),
    from: async (snapshot) => createPolicy(FusedPolicy.from(kernels, snapshot, fused)),
    memory: () => kernels.memory(),
    resume: () => Promise.resolve(),
    dispose: () => {
      for (const other of others) other.close();
      kernels.dispose();
    },
  };
}

async function tensorFlowEngine(
  backend: BackendChoice,
  name: 'webgpu' | 'wasm' | 'cpu',
  options: EngineOptions,
): Promise<Engine> {
  const [{ graphicsDevice, startBackend, tensorMemory }, { TfPolicy }] = await Promise.all([
    import('./backends/tfjs/backend.ts'),
    import('./backends/tfjs/tf-policy.ts'),
  ]);
  await startBackend(name, options);
  // It takes more than our own kernels: what does not fit them does not fit it.
  options.admit?.(name === 'webgpu' ? graphicsLimit(graphicsDevice().limits) : WASM_LIMIT, 1);
  return {
    backend,
    initialise: (config, rng) => TfPolicy.initialise(config, rng),
    from: (snapshot) => TfPolicy.from(snapshot),
    memory: () => {
      const { tensors, bytes } = tensorMemory();
      return { buffers: tensors, bytes };
    },
    // TensorFlow has one backend at a time.
    resume: () => startBackend(name, options),
    dispose: () => undefined,
  };
}
