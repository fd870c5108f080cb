/** The React view of each domain; a task without one does not compile. */
import type { ComponentType } from 'react';
import type { Config } from '../spec/params.ts';
import type { AttemptViewProps } from './attempt-view.ts';
import { LockAttemptView } from './locks/view.tsx';

const VIEWS: Readonly<Record<Config['task'], ComponentType<AttemptViewProps>>> = {
  locks: LockAttemptView,
  'locks-large': LockAttemptView,
};

export function viewFor(taskId: Config['task']): ComponentType<AttemptViewProps> {
  return VIEWS[taskId];
}
