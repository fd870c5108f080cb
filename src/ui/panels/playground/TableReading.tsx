import { useId } from 'react';
import { usePlayground, usePlaygroundActions } from '../../../app/hooks.ts';
import type { ColumnReading, ColumnUse, TableReading as Reading } from '../../../tasks/task.ts';
import {
  columnFacts,
  DECIMAL_MARKS,
  FIRST_LINES,
  SEPARATORS,
  tableSummary,
  USES,
} from './tableLabels.ts';

/** What was understood of the table in the field, before it is used; every part can be put right. */
export function TableReading() {
  const id = useId();
  const reading = usePlayground((state) => state.reading);
  if (reading === null) return null;
  return (
    <section className="playground-table" aria-labelledby={id}>
      <h3 id={id}>What was understood</h3>
      <p className="playground-about" aria-live="polite">
        {tableSummary(reading)}
      </p>
      {reading.problem !== null && <p className="playground-issue">{reading.problem}</p>}
      <Form reading={reading} />
      <ul className="playground-columns">
        {reading.columns.map((column) => (
          <ColumnItem key={column.name} column={column} />
        ))}
      </ul>
    </section>
  );
}

/** How the text was taken apart. */
function Form({ reading: { separator, firstLine, decimalMark } }: { readonly reading: Reading }) {
  const { correct } = usePlaygroundActions();
  const encoding = usePlayground((state) => state.encoding);
  return (
    <div className="playground-form-facts">
      <Choice
        label="Between values"
        options={SEPARATORS}
        value={separator}
        choose={(value) => void correct({ separator: value })}
      />
      <Choice
        label="First line"
        options={FIRST_LINES}
        value={firstLine}
        choose={(value) => void correct({ firstLine: value })}
      />
      {decimalMark !== null && (
        <Choice
          label="Decimal mark"
          options={DECIMAL_MARKS}
          value={decimalMark}
          choose={(value) => void correct({ decimalMark: value })}
        />
      )}
      {encoding !== null && (
        <span className="playground-choice">
          Encoding <strong>{encoding}</strong>
        </span>
      )}
    </div>
  );
}

function ColumnItem({ column }: { readonly column: ColumnReading }) {
  const id = useId();
  const { correct } = usePlaygroundActions();
  const { name, use, problem } = column;
  return (
    <li className={use === 'left out' ? 'playground-column is-left-out' : 'playground-column'}>
      <label htmlFor={id}>{name}</label>
      <Select<ColumnUse>
        id={id}
        options={USES}
        value={use}
        choose={(value) => void correct({ column: { name, use: value } })}
      />
      <span className="playground-column-facts">
        {columnFacts(column).map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
        {problem !== null && <span className="playground-issue">{problem}</span>}
      </span>
    </li>
  );
}

interface SelectProps<T extends string> {
  readonly options: Readonly<Record<T, string>>;
  readonly value: T;
  readonly choose: (value: T) => void;
}

function Choice<T extends string>({
  label,
  ...select
}: SelectProps<T> & { readonly label: string }) {
  const id = useId();
  return (
    <span className="playground-choice">
      <label htmlFor={id}>{label}</label>
      <Select id={id} {...select} />
    </span>
  );
}

function Select<T extends string>({
  id,
  options,
  value,
  choose,
}: SelectProps<T> & { readonly id: string }) {
  const known = Object.keys(options) as T[];
  return (
    <select
      id={id}
      value={value}
      onChange={(event) => {
        const chosen = known.find((option) => option === event.currentTarget.value);
        if (chosen !== undefined) choose(chosen);
      }}
    >
      {known.map((option) => (
        <option key={option} value={option}>
          {options[option]}
        </option>
      ))}
    </select>
  );
}
