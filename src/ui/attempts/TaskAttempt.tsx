import { createElement, Suspense } from 'react';
import { useConfig, useRunConfig, useShownModel } from '../../app/hooks.ts';
import { viewFor } from '../../tasks/views.ts';
import { TextAttempt, Words } from './TextAttempt.tsx';
import type { AttemptViewProps } from '../../tasks/attempt-view.ts';

/** An attempt in the view of the domain that the run shown is of; its words until that is there. */
export function TaskAttempt(props: AttemptViewProps) {
  const chosen = useConfig(({ current }) => current.task);
  const task = useRunConfig()?.task ?? chosen;
  const model = useShownModel();
  if (model) {
    return (
      <Suspense fallback={<Words tokens={props.attempt?.tokens ?? []} />}>
        <TextAttempt domain={task} view={viewFor(task)} model={model} shown={props} />
      </Suspense>
    );
  }
  return (
    <Suspense fallback={<span>{props.attempt?.tokens.join(' ')}</span>}>
      {createElement(viewFor(task), props)}
    </Suspense>
  );
}
