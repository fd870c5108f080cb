/**
 * All domains as plain data. A new one is a folder beside `locks/` and a line in each of the three lists
 * of domains: here, in `registry.ts`, which makes their tasks, and in `views.ts`, which shows them. They
 * are three because a page must not load what computes, nor a worker what draws; a domain that one of
 * them lacks does not compile.
 */
import { COUNTDOWN } from './countdown/manifest.ts';
import { ENSEMBLES } from './ensembles/manifest.ts';
import { LOCKS } from './locks/manifest.ts';
import type { DomainOf, Manifest, Manifests } from './manifest.ts';
import { PIPELINES } from './pipelines/manifest.ts';
import { WORKSPACE } from './workspace/manifest.ts';

export const MANIFESTS = {
  locks: LOCKS,
  countdown: COUNTDOWN,
  workspace: WORKSPACE,
  pipelines: PIPELINES,
  ensembles: ENSEMBLES,
} as const satisfies Manifests;

export type Domain = DomainOf<typeof MANIFESTS>;

/** What the domain of this task says of itself; undefined for the mixture. */
export function manifestOf(taskId: string, manifests: Manifests = MANIFESTS): Manifest | undefined {
  const all = Object.values(manifests);
  return all.find(({ variants }) => variants.some(({ id }) => id === taskId));
}
