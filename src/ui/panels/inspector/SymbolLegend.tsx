import { Symbol } from '../../controls/Symbol.tsx';
import { SYMBOL_HELP } from './symbols.ts';

export function SymbolLegend() {
  return (
    <details className="meanings">
      <summary>What the numbers mean</summary>
      <dl>
        {SYMBOL_HELP.map(([symbol, text]) => (
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
