/** The React view of each domain; a task without one does not compile. */
import { createElement, type ComponentType } from 'react';
import * as v from 'valibot';
import type { Config } from '../spec/params.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import type { Json } from './task.ts';
import { CountdownAttemptView } from './countdown/view.tsx';
import { LockAttemptView } from './locks/view.tsx';
import { WorkspaceAttemptView } from './workspace/view.tsx';

const VIEWS: Readonly<Record<Config['task'], ComponentType<AttemptViewProps>>> = {
  locks: LockAttemptView,
  'locks-large': LockAttemptView,
  countdown: CountdownAttemptView,
  'countdown-large': CountdownAttemptView,
  workspace: WorkspaceAttemptView,
  mixture: MixedAttemptView,
};

const Mixed = v.looseObject({ domain: v.string() });

/** Each base task as its own domain shows it. */
function MixedAttemptView({ instance, ...props }: AttemptViewProps) {
  if (!v.is(Mixed, instance)) return null;
  const View = Object.entries(VIEWS).find(([id]) => id === instance.domain)?.[1];
  return View && createElement(View, { ...props, instance: instance.instance as Json });
}

export function viewFor(taskId: Config['task']): ComponentType<AttemptViewProps> {
  return VIEWS[taskId];
}
