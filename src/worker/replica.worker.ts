/** Composition root of a replica's worker: its kernels, and the calls it answers. */
import { hostReplica, REPLICA_METHODS } from '../model/parallel/host.ts';
import { WasmKernels } from '../model/backends/wasm/wasm-kernels.ts';
import { announceLife, serveCalls } from './calls.ts';

serveCalls(self, hostReplica(new WasmKernels()), REPLICA_METHODS);
if ('locks' in navigator) announceLife(self, navigator.locks, 'exit-lab replica');
