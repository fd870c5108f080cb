import { useId } from 'react';

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  /** Null where none of the options holds. */
  readonly value: T | null;
  readonly describedBy?: string | undefined;
  readonly choose: (value: T) => void;
}

/** One of a few, as native radio buttons: arrow keys and names come with them. */
export function Segmented<T extends string>(props: SegmentedProps<T>) {
  const { label, options, value, describedBy, choose } = props;
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label} aria-describedby={describedBy}>
      {options.map((option) => (
        <label key={option.value} className="segment">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => choose(option.value)}
          />
          <span>{option.label}</span>
        </label>
      ))}
    </div>
  );
}
