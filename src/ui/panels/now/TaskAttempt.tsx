import { createElement } from 'react';
import { useConfig } from '../../../store/hooks.ts';
import { viewFor } from '../../../tasks/views.ts';
import type { AttemptViewProps } from '../../../tasks/attempt-view.ts';

/** An attempt in the view of the domain that the session trains on. */
export function TaskAttempt(props: AttemptViewProps) {
  const task = useConfig(({ applied, current }) => (applied ?? current).task);
  return createElement(viewFor(task), props);
}
