/** A replica on kernels of its own, for a worker that holds nothing else. */
import { FusedPolicy } from '../fused/fused-policy.ts';
import type { DeviceBuffer, Kernels } from '../fused/kernels.ts';
import type { Replica } from './replica.ts';

export const REPLICA_METHODS = [
  'load',
  'sample',
  'shardGradient',
  'shardSftGradient',
  'applyGradient',
  'updateReference',
] as const satisfies readonly (keyof Replica)[];

/** Its policy is made by the first `load`, and made anew where a model of another shape is loaded. */
export function hostReplica<B extends DeviceBuffer>(kernels: Kernels<B>): Replica {
  let policy: FusedPolicy<B> | undefined;
  const loaded = (): FusedPolicy<B> => {
    if (policy) return policy;
    throw new Error('replica: expected `load` first');
  };
  return {
    load: (snapshot) => {
      policy?.dispose();
      policy = FusedPolicy.from(kernels, snapshot);
      return Promise.resolve();
    },
    sample: (...args) => loaded().sample(...args),
    shardGradient: (...args) => loaded().shardGradient(...args),
    shardSftGradient: (...args) => loaded().shardSftGradient(...args),
    applyGradient: (...args) => loaded().applyGradient(...args),
    updateReference: (...args) => loaded().updateReference(...args),
  };
}
