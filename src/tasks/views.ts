/** The React view of each domain; a task without one does not compile. */
import { createElement, lazy, type ComponentType } from 'react';
import * as v from 'valibot';
import type { Config } from '../spec/params.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { LockAttemptView } from './locks/view.tsx';
import type { Json } from './task.ts';

type AttemptView = ComponentType<AttemptViewProps>;

/** Fetched when the domain is first shown: some bring an environment along to replay attempts in. */
const CountdownAttemptView = lazy(async () => ({
  default: (await import('./countdown/view.tsx')).CountdownAttemptView,
}));
const WorkspaceAttemptView = lazy(async () => ({
  default: (await import('./workspace/view.tsx')).WorkspaceAttemptView,
}));
const PipelinesAttemptView = lazy(async () => ({
  default: (await import('./pipelines/view.tsx')).PipelinesAttemptView,
}));

const VIEWS: Readonly<Record<Config['task'], AttemptView>> = {
  locks: LockAttemptView,
  'locks-large': LockAttemptView,
  countdown: CountdownAttemptView,
  'countdown-large': CountdownAttemptView,
  workspace: WorkspaceAttemptView,
  pipelines: PipelinesAttemptView,
  mixture: MixedAttemptView,
};

const Mixed = v.looseObject({ domain: v.string() });

/** Each base task as its own domain shows it. */
function MixedAttemptView({ instance, ...props }: AttemptViewProps) {
  if (!v.is(Mixed, instance)) return null;
  const View = Object.entries(VIEWS).find(([id]) => id === instance.domain)?.[1];
  return View && createElement(View, { ...props, instance: instance.instance as Json });
}

/** To be shown inside a `Suspense`. */
export function viewFor(taskId: Config['task']): AttemptView {
  return VIEWS[taskId];
}
