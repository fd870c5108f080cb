/** The React view of each domain; how a domain is added is told in `manifests.ts`. */
import { createElement, lazy, type ComponentType } from 'react';
import type { Config } from '../schema/params.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { LockAttemptView } from './locks/view.tsx';
import { byVariant, MIXTURE, type DomainOf, type Manifests, type TaskIdOf } from './manifest.ts';
import { MANIFESTS, type Domain } from './manifests.ts';
import { readMixed } from './mixture.ts';
import type { Json, Token } from './task.ts';

export type AttemptView = ComponentType<AttemptViewProps>;

/** Locks are there at once, since a page opens with them. */
const DOMAIN_VIEWS: Readonly<Record<Domain, AttemptView>> = {
  locks: LockAttemptView,
  countdown: lazyView(async () => (await import('./countdown/view.tsx')).CountdownAttemptView),
  workspace: lazyView(async () => (await import('./workspace/view.tsx')).WorkspaceAttemptView),
  pipelines: lazyView(async () => (await import('./pipelines/view.tsx')).PipelinesAttemptView),
  ensembles: lazyView(async () => (await import('./ensembles/view.tsx')).EnsemblesAttemptView),
};

const TASK_VIEWS = taskViews(MANIFESTS, DOMAIN_VIEWS);

/** Fetched when the domain is first shown: some bring an environment along to replay attempts in. */
function lazyView(load: () => Promise<AttemptView>): AttemptView {
  return lazy(async () => ({ default: await load() }));
}

/** The view of every variant is its domain's; the mixture shows each base task as its own domain does. */
export function taskViews<M extends Manifests>(
  manifests: M,
  views: Readonly<Record<DomainOf<M>, AttemptView>>,
): Readonly<Record<TaskIdOf<M>, AttemptView>> {
  const own = byVariant(manifests, (_variant, domain) => views[domain]);
  return { ...own, [MIXTURE.id]: mixedView(own) };
}

function mixedView(views: Readonly<Record<string, AttemptView>>): AttemptView {
  const byId = new Map(Object.entries(views));
  return function MixedAttemptView({ instance, ...props }) {
    const mixed = readMixed(instance);
    const View = mixed && byId.get(mixed.domain);
    return View && createElement(View, { ...props, instance: mixed.instance });
  };
}

const BY_ID = new Map<string, AttemptView>(Object.entries(TASK_VIEWS));

/** That of a task by its id, as records name it; undefined where this program has no such task. */
export function viewNamed(taskId: string): AttemptView | undefined {
  return BY_ID.get(taskId);
}

/** To be shown inside a `Suspense`. */
export function viewFor(taskId: Config['task']): AttemptView {
  return TASK_VIEWS[taskId];
}

/** Reads what a language model wrote; null where that is no attempt of the domain. */
export type WrittenReader = (taskId: string, instance: Json, text: string) => Token[] | null;

let reader: Promise<WrittenReader> | undefined;

/** Fetched when it is first asked for, since domains come along; the same promise from then on. */
export function writtenReader(): Promise<WrittenReader> {
  reader ??= import('./registry.ts').then(({ TASKS }) => {
    const wordings = new Map(TASKS.map(({ id, wording }) => [id, wording]));
    return (taskId, instance, text) => wordings.get(taskId)?.read(instance, text) ?? null;
  });
  return reader;
}
