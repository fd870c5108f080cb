import { useId, useState } from 'react';
import type { ChangeEvent, SubmitEvent } from 'react';
import { ARMS, CONTROL, experimentOf, FORM_RANGES } from '../../../app/comparison-form.ts';
import type { ComparisonForm } from '../../../app/comparison-form.ts';
import { useCompared, useComparison } from '../../../app/comparison-hooks.ts';
import { useConfig } from '../../../app/hooks.ts';
import { STRATEGIES } from '../../../schema/presets.ts';
import type { StrategyId } from '../../../schema/presets.ts';
import { formatNumber } from '../../format.ts';
import { parametersText } from './labels.ts';

export function CompareForm() {
  const { actions } = useComparison();
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void actions.run();
  };
  return (
    <form className="compare-form" onSubmit={onSubmit} aria-label="What is compared">
      <Arms />
      <div className="compare-fields">
        <NumberField name="seeds" label="Seeds" />
        <NumberField name="firstSeed" label="First seed" />
        <NumberField name="tokens" label="Sampled tokens of each run" />
        <NumberField name="tasks" label="Held-out tasks" />
      </div>
      <Price />
      <Plan />
      <Buttons />
    </form>
  );
}

function Arms() {
  return (
    <fieldset className="compare-arms">
      <legend>Strategies</legend>
      {ARMS.map((id) => (
        <Arm key={id} id={id} />
      ))}
      <label title={STRATEGIES[CONTROL].help}>
        <input type="checkbox" checked disabled readOnly />
        {STRATEGIES[CONTROL].label} <span className="unit">the control, always run</span>
      </label>
    </fieldset>
  );
}

function Arm({ id }: { readonly id: StrategyId }) {
  const { actions } = useComparison();
  const arms = useCompared(({ form }) => form.arms);
  const { label, help } = STRATEGIES[id];
  const others = arms.filter((arm) => arm !== id);
  return (
    <label title={help}>
      <input
        type="checkbox"
        checked={arms.includes(id)}
        onChange={(event) =>
          actions.change({ arms: event.currentTarget.checked ? [...others, id] : others })
        }
      />
      {label}
    </label>
  );
}

interface NumberFieldProps {
  readonly name: keyof typeof FORM_RANGES & keyof ComparisonForm;
  readonly label: string;
  /** Between two values; whole numbers where absent. */
  readonly step?: number | 'any';
}

/** What does not fit stays in the field, and the browser says so before anything is run. */
function NumberField({ name, label, step = 1 }: NumberFieldProps) {
  const id = useId();
  const { actions } = useComparison();
  const value = useCompared(({ form }) => form[name]);
  const [draft, setDraft] = useState<string | null>(null);
  const [low, high] = FORM_RANGES[name];
  const take = ({ currentTarget }: ChangeEvent<HTMLInputElement>): void => {
    setDraft(currentTarget.value);
    if (currentTarget.validity.valid) actions.change({ [name]: currentTarget.valueAsNumber });
  };
  return (
    <div className="compare-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="number-field"
        type="number"
        required
        min={low}
        max={high}
        step={step}
        value={draft ?? String(value)}
        onChange={take}
        onBlur={(event) => event.currentTarget.validity.valid && setDraft(null)}
      />
    </div>
  );
}

/** Whether, and for which quality, it is asked how many tokens it takes. */
function Price() {
  const { actions } = useComparison();
  const onTheWay = useCompared(({ form }) => form.onTheWay);
  return (
    <div className="compare-price">
      <label>
        <input
          type="checkbox"
          checked={onTheWay}
          onChange={(event) => actions.change({ onTheWay: event.currentTarget.checked })}
        />
        Judge four times on the way, to tell how many tokens a quality takes
      </label>
      {onTheWay && <NumberField name="target" label="Quality to reach" step="any" />}
    </div>
  );
}

/** What Run would do. */
function Plan() {
  const form = useCompared((state) => state.form);
  const config = useConfig(({ current }) => current);
  const runs = form.seeds * (form.arms.length + 1);
  const { base } = experimentOf(form, config);
  return (
    <p className="compare-plan">
      {runs} runs of {formatNumber(form.tokens)} tokens each, with the parameters of this page:{' '}
      {parametersText(base)}. The run above is paused when they begin; played meanwhile, it shares
      the processor with them.
    </p>
  );
}

/** Both stay where they are and can be focused at any time, so that no focus is lost. */
function Buttons() {
  const { actions } = useComparison();
  const phase = useCompared((state) => state.phase);
  const outlasts = useCompared((state) => state.outlasts);
  const hasShown = useCompared(({ shown }) => shown !== null);
  const working = phase === 'planning' || phase === 'running' || phase === 'stopping';
  return (
    <div className="compare-buttons">
      <button type="submit" className="primary" aria-disabled={phase !== 'resting'}>
        Run
      </button>
      <button type="button" aria-disabled={!working} onClick={actions.stop}>
        {phase === 'stopping' ? 'Stop at once' : 'Stop'}
      </button>
      {hasShown && !working && (
        <button type="button" className="quiet" onClick={() => void actions.forget()}>
          Forget all results
        </button>
      )}
      <span className="compare-kept">
        {outlasts === false
          ? 'This browser keeps nothing: results last as long as the page.'
          : 'Finished runs are kept in this browser, and are not run again.'}
      </span>
    </div>
  );
}
