/** A policy that lets others have a turn: a step on WebAssembly may take seconds without leaving its own. */
import type { Policy } from '../model/policy.ts';

/** The same policy, that awaits `pause` before each call that computes. */
export function yieldingPolicy(policy: Policy, pause: () => Promise<void>): Policy {
  const after = async <T>(compute: () => Promise<T>): Promise<T> => {
    await pause();
    return compute();
  };
  return {
    config: policy.config,
    sample: (request) => after(() => policy.sample(request)),
    update: (batch, options) => after(() => policy.update(batch, options)),
    updateReference: (mix) => after(() => policy.updateReference(mix)),
    sftStep: (batch, options) => after(() => policy.sftStep(batch, options)),
    logits: (sequences) => after(() => policy.logits(sequences)),
    save: (part) => policy.save(part),
    load: (snapshot) => policy.load(snapshot),
    dispose: () => policy.dispose(),
  };
}
