import { createElement, Suspense } from 'react';
import { useConfig } from '../../store/hooks.ts';
import { viewFor } from '../../tasks/views.ts';
import type { AttemptViewProps } from '../../tasks/attempt-view.ts';

/** An attempt in the view of the domain that the session trains on; its words until that is there. */
export function TaskAttempt(props: AttemptViewProps) {
  const task = useConfig(({ applied, current }) => (applied ?? current).task);
  return (
    <Suspense fallback={<span>{props.attempt?.tokens.join(' ')}</span>}>
      {createElement(viewFor(task), props)}
    </Suspense>
  );
}
