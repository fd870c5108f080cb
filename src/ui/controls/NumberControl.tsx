import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { IntegerParam, NumberParam } from '../../schema/params.ts';
import { formatEntry } from '../format.ts';
import { sliderScale } from './scale.ts';

export interface NumberControlProps {
  /** Of the number field; the label element names it. */
  readonly id: string;
  readonly param: NumberParam | IntegerParam;
  readonly value: number;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  /** False where the entry was refused: the field then keeps it to be mended. */
  readonly setValue: (value: unknown) => boolean;
}

export function NumberControl(props: NumberControlProps) {
  const { id, param, value, invalid, describedBy, setValue } = props;
  return (
    <div className="number-control">
      <Slider param={param} value={value} setValue={setValue} />
      <NumberField
        id={id}
        value={value}
        invalid={invalid}
        describedBy={describedBy}
        setValue={setValue}
      />
    </div>
  );
}

function Slider({
  param,
  value,
  setValue,
}: Pick<NumberControlProps, 'param' | 'value' | 'setValue'>) {
  const scale = sliderScale(param);
  if (scale === null) return null;
  return (
    <input
      type="range"
      min={0}
      max={scale.positions}
      step={1}
      value={scale.toPosition(value)}
      aria-label={`${param.label}, slider`}
      aria-valuetext={`${formatEntry(value)}${param.unit ? ` ${param.unit}` : ''}`}
      onChange={(event) => setValue(scale.toValue(event.currentTarget.valueAsNumber))}
    />
  );
}

/** Takes effect on Enter or when it is left, so that a half-typed number never reaches the training. */
function NumberField(props: Omit<NumberControlProps, 'param'>) {
  const { id, value, invalid, describedBy, setValue } = props;
  // A draft is void once the value changes under it, by the slider or a preset.
  const [draft, setDraft] = useState<{ text: string; over: number } | null>(null);
  const text = draft?.over === value ? draft.text : null;
  const commit = (): void => {
    if (text !== null && setValue(text)) setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') commit();
    if (event.key !== 'Escape' || text === null) return;
    // The draft is what is given up, and nothing around it.
    event.stopPropagation();
    if (setValue(value)) setDraft(null);
  };
  return (
    <input
      id={id}
      className="number-field"
      type="text"
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      value={text ?? formatEntry(value)}
      aria-invalid={invalid}
      aria-describedby={describedBy}
      onChange={(event) => setDraft({ text: event.currentTarget.value, over: value })}
      onBlur={commit}
      onKeyDown={onKeyDown}
    />
  );
}
