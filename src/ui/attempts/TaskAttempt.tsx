import { createElement, Suspense } from 'react';
import { useConfig, useRunConfig } from '../../app/hooks.ts';
import { viewFor } from '../../tasks/views.ts';
import type { AttemptViewProps } from '../../tasks/attempt-view.ts';

/** An attempt in the view of the domain that the run shown is of; its words until that is there. */
export function TaskAttempt(props: AttemptViewProps) {
  const chosen = useConfig(({ current }) => current.task);
  const task = useRunConfig()?.task ?? chosen;
  return (
    <Suspense fallback={<span>{props.attempt?.tokens.join(' ')}</span>}>
      {createElement(viewFor(task), props)}
    </Suspense>
  );
}
