/** Composition root of a replica's worker: its kernels, and the calls it answers. */
import { hostReplica, REPLICA_METHODS } from '../policy/parallel/host.ts';
import { WasmKernels } from '../policy/wasm/wasm-kernels.ts';
import { serveCalls } from './calls.ts';

serveCalls(self, hostReplica(new WasmKernels()), REPLICA_METHODS);
