import type { Config, Param } from '../../schema/params.ts';
import { NumberControl } from './NumberControl.tsx';
import { Segmented } from './Segmented.tsx';

export interface ParamControlProps {
  /** Of the element that the label names. */
  readonly id: string;
  readonly param: Param;
  readonly value: Config[keyof Config];
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly setValue: (value: unknown) => boolean;
}

/** Choices up to this many lie open. */
const MOST_OPEN_OPTIONS = 3;

/** The control that a parameter's kind asks for. */
export function ParamControl({ param, value, ...props }: ParamControlProps) {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return <NumberControl {...props} param={param} value={Number(value)} />;
    case 'boolean':
      return <Switch {...props} on={value === true} />;
    case 'choice':
      return <Choice {...props} param={param} value={String(value)} />;
    default:
      return param satisfies never;
  }
}

type Common = Pick<ParamControlProps, 'id' | 'describedBy' | 'setValue'>;

function Switch({ id, on, describedBy, setValue }: Common & { readonly on: boolean }) {
  return (
    <input
      id={id}
      type="checkbox"
      role="switch"
      className="switch"
      checked={on}
      aria-describedby={describedBy}
      onChange={(event) => setValue(event.currentTarget.checked)}
    />
  );
}

interface ChoiceProps extends Common {
  readonly param: Param & { kind: 'choice' };
  readonly value: string;
}

function Choice({ id, param, value, describedBy, setValue }: ChoiceProps) {
  const options = Object.entries(param.options).map(([key, label]) => ({ value: key, label }));
  if (options.length <= MOST_OPEN_OPTIONS) {
    return (
      <Segmented
        label={param.label}
        options={options}
        value={value}
        describedBy={describedBy}
        choose={setValue}
      />
    );
  }
  return (
    <select
      id={id}
      value={value}
      aria-describedby={describedBy}
      onChange={(event) => setValue(event.currentTarget.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
