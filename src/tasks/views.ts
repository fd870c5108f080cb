/** The React view of each domain; a task without one does not compile. */
import { createElement, lazy, type ComponentType } from 'react';
import type { Config } from '../schema/params.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { LockAttemptView } from './locks/view.tsx';
import { readMixed } from './mixture.ts';

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

/** Each base task as its own domain shows it. */
function MixedAttemptView({ instance, ...props }: AttemptViewProps) {
  const mixed = readMixed(instance);
  const View = Object.entries(VIEWS).find(([id]) => id === mixed?.domain)?.[1];
  return View && mixed && createElement(View, { ...props, instance: mixed.instance });
}

/** To be shown inside a `Suspense`. */
export function viewFor(taskId: Config['task']): AttemptView {
  return VIEWS[taskId];
}
