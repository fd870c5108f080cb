import { useId, useState } from 'react';
import type { ChangeEvent, SubmitEvent } from 'react';
import {
  ARMS,
  CONTROL,
  experimentOf,
  FORM_RANGES,
  runsOf,
  VARIED,
} from '../../../app/comparison-form.ts';
import type { ComparisonForm } from '../../../app/comparison-form.ts';
import { useCompared, useComparison } from '../../../app/comparison-hooks.ts';
import { useConfig } from '../../../app/hooks.ts';
import { STRATEGIES } from '../../../schema/presets.ts';
import type { StrategyId } from '../../../schema/presets.ts';
import { expectation, PARAMS } from '../../../schema/params.ts';
import type { Param, ParamId } from '../../../schema/params.ts';
import { formatNumber } from '../../format.ts';
import { parametersText } from './labels.ts';

/** As it opens, it stands for fifteen runs: ExIt, its control and GRPO from five seeds each. */
export function CompareForm() {
  const { actions } = useComparison();
  const onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    void actions.run();
  };
  return (
    <form className="compare-form" onSubmit={onSubmit} aria-label="What is compared">
      <Varied />
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

/** What the runs differ in: their strategy, or the value of one parameter. */
function Varied() {
  const id = useId();
  const { actions } = useComparison();
  const vary = useCompared(({ form }) => form.vary);
  const config = useConfig(({ current }) => current);
  const choose = (chosen: 'strategies' | ParamId): void => {
    const values = chosen === 'strategies' ? '' : String(config[chosen]);
    actions.change({ vary: chosen, values });
  };
  return (
    <>
      <div className="compare-field">
        <label htmlFor={id}>Compare</label>
        <select
          id={id}
          value={vary}
          onChange={({ currentTarget: { selectedIndex } }) =>
            choose(VARIED[selectedIndex - 1] ?? 'strategies')
          }
        >
          <option value="strategies">Strategies</option>
          <optgroup label="Values of a parameter">
            {VARIED.map((one) => (
              <option key={one} value={one}>
                {PARAMS[one].label}
              </option>
            ))}
          </optgroup>
        </select>
      </div>
      {vary === 'strategies' ? <Arms /> : <Values key={vary} id={vary} />}
    </>
  );
}

/** One run per seed and value; the value of the page is what the others are held against. */
function Values({ id }: { readonly id: ParamId }) {
  const domId = useId();
  const { actions } = useComparison();
  const values = useCompared(({ form }) => form.values);
  const param: Param = PARAMS[id];
  const options = param.kind === 'choice' ? Object.keys(param.options) : null;
  return (
    <div className="compare-field compare-values">
      <label htmlFor={domId}>Values, parted by commas</label>
      <input
        id={domId}
        className="number-field"
        type="text"
        required
        value={values}
        aria-describedby={`${domId}-help`}
        onChange={(event) => actions.change({ values: event.currentTarget.value })}
      />
      <p id={`${domId}-help`} className="compare-note">
        {param.help} Each is{' '}
        {param.kind === 'boolean' ? 'true or false' : (options?.join(', ') ?? expectation(param))}.
      </p>
    </div>
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
        Judge before training and at each quarter too, for a curve and for the tokens that a quality
        takes
      </label>
      {onTheWay && <NumberField name="target" label="Quality to reach" step="any" />}
    </div>
  );
}

/** What Run would do. */
function Plan() {
  const form = useCompared((state) => state.form);
  const config = useConfig(({ current }) => current);
  const runs = runsOf(form);
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
        Stop
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
