import { useRef, useState } from 'react';
import type { CSSProperties, KeyboardEvent } from 'react';
import {
  describeSequence,
  describeToken,
  markOf,
  type TokenMeasure,
  type TokenNumbers,
} from './tokens.ts';

export interface TokenStripProps {
  readonly label: string;
  readonly tokens: readonly TokenNumbers[];
  readonly measure: TokenMeasure;
}

/** The tokens as they were sampled, marked by a measure. One tab stop; arrow keys walk along it. */
export function TokenStrip({ label, tokens, measure }: TokenStripProps) {
  const list = useRef<HTMLOListElement>(null);
  const [focused, setFocused] = useState(0);
  const [looked, setLooked] = useState<number | null>(null);
  const walk = (event: KeyboardEvent): void => {
    const to = destination(event.key, focused, tokens.length);
    if (to === null) return;
    event.preventDefault();
    list.current?.querySelectorAll('button')[to]?.focus();
  };
  const shown = looked === null ? undefined : tokens[looked];
  return (
    <div className="tokens" onMouseLeave={() => setLooked(null)}>
      {/* Keys pressed on its buttons bubble up to it. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol ref={list} aria-label={label} onKeyDown={walk}>
        {tokens.map((token, i) => (
          <li key={i}>
            <Token
              token={token}
              measure={measure}
              isStop={i === Math.min(focused, tokens.length - 1)}
              look={() => setLooked(i)}
              focus={() => {
                setFocused(i);
                setLooked(i);
              }}
              leave={() => setLooked(null)}
            />
          </li>
        ))}
      </ol>
      <TokenLine token={shown} tokens={tokens} />
    </div>
  );
}

interface TokenLineProps {
  readonly token: TokenNumbers | undefined;
  readonly tokens: readonly TokenNumbers[];
}

/** The numbers of the token that is looked at, which its name says too; else those of all. */
function TokenLine({ token, tokens }: TokenLineProps) {
  if (!token) return <p className="token-numbers">{describeSequence(tokens)}</p>;
  return (
    <p className="token-numbers" aria-hidden="true">
      <b>{token.word}</b> {describeToken(token)}
    </p>
  );
}

function destination(key: string, from: number, length: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return Math.min(length - 1, from + 1);
    case 'ArrowLeft':
      return Math.max(0, from - 1);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

interface TokenProps {
  readonly token: TokenNumbers;
  readonly measure: TokenMeasure;
  /** Whether the tab key stops here. */
  readonly isStop: boolean;
  readonly look: () => void;
  readonly focus: () => void;
  readonly leave: () => void;
}

function Token({ token, measure, isStop, look, focus, leave }: TokenProps) {
  const { tone, strength } = markOf(token, measure);
  const outside = token.now?.outside;
  const style: CSSProperties & Record<'--strength', number> = { '--strength': strength };
  return (
    <button
      type="button"
      className={`token is-${tone}`}
      style={style}
      tabIndex={isStop ? 0 : -1}
      aria-label={`${token.word}: ${describeToken(token)}`}
      onMouseEnter={look}
      onFocus={focus}
      onBlur={leave}
    >
      {token.word}
      {outside && (measure === 'clipping' || measure === 'ratio') && (
        <span className="token-clip" aria-hidden="true">
          {outside === 'above' ? '▲' : '▼'}
        </span>
      )}
    </button>
  );
}
