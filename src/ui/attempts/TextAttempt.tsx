import { createElement, Suspense, use } from 'react';
import { textOfPieces } from '../../base/pieces.ts';
import { newParts } from '../../base/text-diff.ts';
import { useShownModel } from '../../app/hooks.ts';
import type { AttemptViewProps } from '../../tasks/attempt-view.ts';
import type { Attempt, Token } from '../../tasks/task.ts';
import { writtenReader, type AttemptView } from '../../tasks/views.ts';
import type { ModelInfo } from '../../training/session-info.ts';

interface TextAttemptProps {
  /** Id of the domain. */
  readonly domain: string;
  readonly view: AttemptView;
  readonly model: ModelInfo;
  readonly shown: AttemptViewProps;
}

/** An attempt as the model wrote it, what is new in it marked; then as its domain draws what was read. */
export function TextAttempt({ domain, view, model, shown }: TextAttemptProps) {
  const { attempt, compareTo = null } = shown;
  const textOf = ({ tokens }: Attempt): string => textOfPieces(tokens, model.pieceKind);
  return (
    <div className="text-attempt">
      {attempt && <Written text={textOf(attempt)} before={compareTo && textOf(compareTo)} />}
      <Suspense fallback={null}>
        <Read {...{ domain, view, model, shown }} />
      </Suspense>
    </div>
  );
}

function Written({ text, before }: { readonly text: string; readonly before: string | null }) {
  if (text.trim() === '') return <p className="text-attempt-written">(nothing)</p>;
  return (
    <p className="text-attempt-written" data-testid="written">
      {newParts(text, before).map((part, i) =>
        part.isNew ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
      )}
    </p>
  );
}

function Read({ domain, view, model, shown }: TextAttemptProps) {
  const { instance, attempt, compareTo, earlier } = shown;
  const reader = use(writtenReader());
  const read = ({ tokens }: Attempt): readonly Token[] | null =>
    reader(domain, instance, textOfPieces(tokens, model.pieceKind));
  const own = attempt && read(attempt);
  const former = compareTo && read(compareTo);
  if (attempt && !own)
    return <p className="text-attempt-unread">No attempt can be read of this.</p>;
  const asRead = (one: Attempt, tokens: readonly Token[] | null): Attempt => ({
    ...one,
    tokens: [...(tokens ?? [])],
  });
  return createElement(view, {
    instance,
    attempt: attempt && asRead(attempt, own),
    ...(compareTo && former && { compareTo: asRead(compareTo, former) }),
    ...(earlier && { earlier: earlier.map((one) => asRead(one, read(one))) }),
  });
}

/** Tokens in a line of text: a model's as the text that they are, a small policy's as words. */
export function Words({ tokens }: { readonly tokens: readonly Token[] }) {
  const model = useShownModel();
  return model ? textOfPieces(tokens, model.pieceKind) : tokens.join(' ');
}
