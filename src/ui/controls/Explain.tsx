import type { Explanation } from '../../spec/glossary.ts';
import { Popover } from './Popover.tsx';
import { Symbol } from './Symbol.tsx';

/**
 * A symbol that explains itself where it stands: pressed by pointer, finger or key, and read out with
 * its button. A button, so it must not stand inside a label, a summary or another button.
 */
export function Explain({ what }: { readonly what: Explanation }) {
  const { symbol, title, text, source } = what;
  return (
    <Popover
      className="explain"
      label={`About ${title}`}
      describes
      face={symbol ? <Symbol of={symbol} /> : <span className="explain-face">?</span>}
    >
      <span className="explain-title">{title}</span>
      <span className="explain-text">{text}</span>
      {source && <span className="explain-source">{source}</span>}
    </Popover>
  );
}
