import { Symbol } from '../../controls/Symbol.tsx';
import { MEANINGS } from './symbols.ts';

export function Meanings() {
  return (
    <details className="meanings">
      <summary>What the numbers mean</summary>
      <dl>
        {MEANINGS.map(([symbol, text]) => (
          <div key={symbol}>
            <dt>
              <Symbol of={symbol} />
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
