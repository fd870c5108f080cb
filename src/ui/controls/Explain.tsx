import type { Explanation } from '../../schema/glossary.ts';
import { Floating } from './Floating.tsx';
import { Symbol } from './Symbol.tsx';

interface ExplainProps {
  readonly what: Explanation;
  /** A word that the title has; its symbol, or a question mark, where absent. */
  readonly face?: string;
}

/**
 * A symbol that explains itself where it stands: pressed by pointer, finger or key, and read out with
 * its button. A button, so it must not stand inside a label, a summary or another button.
 */
export function Explain({ what, face }: ExplainProps) {
  return (
    <Floating
      className="explain"
      label={`About ${what.title}`}
      describes
      face={face ? <span className="explain-word">{face}</span> : <Face symbol={what.symbol} />}
    >
      <Entry what={what} />
    </Floating>
  );
}

function Face({ symbol }: { readonly symbol: string | undefined }) {
  return symbol ? <Symbol of={symbol} /> : <span className="explain-face">?</span>;
}

function Entry({ what: { symbol, title, text, source } }: { readonly what: Explanation }) {
  return (
    <span className="explain-entry">
      <span className="explain-title">
        {title} {symbol && <Symbol of={symbol} />}
      </span>
      <span className="explain-text">{text}</span>
      {source && <span className="explain-source">{source}</span>}
    </span>
  );
}
