/** How a person reads Countdown: the numbers and the target, and each step with what is wrong with it. */
import * as v from 'valibot';
import { KindNote, KindSchema, type AttemptViewProps } from '../attempt-view.ts';
import type { Json, Token } from '../task.ts';
import {
  COUNTDOWN_KINDS,
  LARGEST_NUMBER,
  MOST_NUMBERS,
  type CountdownInstance,
} from './instance.ts';
import { countSolutions } from './solutions.ts';
import { checkSteps, readSteps, writeSteps, type Check, type Fault, type Step } from './steps.ts';
import './view.css';

const NumberSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(LARGEST_NUMBER));
const CountdownSchema = v.object({
  numbers: v.pipe(v.array(NumberSchema), v.minLength(1), v.maxLength(MOST_NUMBERS)),
  target: v.number(),
  kind: KindSchema,
});

export function CountdownAttemptView({ instance, attempt, compareTo }: AttemptViewProps) {
  const parsed = v.safeParse(CountdownSchema, instance);
  if (!parsed.success) return <NotCountdown instance={instance} />;
  const { numbers, target, kind } = parsed.output;
  const steps = attempt ? readSteps(attempt.tokens) : undefined;
  const check = steps && checkSteps(numbers, steps);
  return (
    <div className="countdown attempt-frame">
      <Puzzle numbers={numbers} target={target} check={check} />
      {attempt && !steps && <Malformed tokens={attempt.tokens} />}
      {steps && check && (
        <>
          <Steps steps={steps} check={check} before={compareTo?.tokens} />
          <Outcome steps={steps} check={check} target={target} />
        </>
      )}
      <KindNote kind={kind} names={COUNTDOWN_KINDS} tried={attempt !== null} />
    </div>
  );
}

function NotCountdown({ instance }: { instance: Json }) {
  return (
    <p className="countdown attempt-frame">not a Countdown instance: {JSON.stringify(instance)}</p>
  );
}

/** Without an attempt there is nothing that could have used a number. */
function Puzzle({ numbers, target, check }: CountdownInstance & { check: Check | undefined }) {
  const used = check && usedNumbers(numbers, check);
  return (
    <div className="countdown-puzzle attempt-task">
      <ul className="countdown-numbers" aria-label="numbers">
        {numbers.map((value, i) => (
          <li key={i} className={used?.[i] ? 'countdown-number is-used' : 'countdown-number'}>
            {value}
            {used && <span className="countdown-use"> {used[i] ? 'used' : 'unused'}</span>}
          </li>
        ))}
      </ul>
      <p className="countdown-target">
        target {target}
        <span className="countdown-count">
          , <SolutionCount numbers={numbers} target={target} />
        </span>
      </p>
    </div>
  );
}

function SolutionCount(instance: CountdownInstance) {
  const count = countSolutions(instance);
  return `${count} distinct solution${count === 1 ? '' : 's'}`;
}

/** Of equal numbers the last ones count as used. */
function usedNumbers(numbers: readonly number[], { unused, unusedGiven }: Check): boolean[] {
  let next = 0;
  return numbers.map((value) => {
    if (next >= unusedGiven || unused[next] !== value) return true;
    next++;
    return false;
  });
}

interface StepsProps {
  readonly steps: readonly Step[];
  readonly check: Check;
  readonly before: readonly Token[] | undefined;
}

function Steps({ steps, check, before }: StepsProps) {
  const earlier = before && (readSteps(before) ?? []).map(stepText);
  return (
    <ol className="countdown-steps">
      {steps.map((step, i) => (
        <StepLine
          key={i}
          step={step}
          fault={check.faults[i]}
          before={earlier && (earlier[i] ?? 'no such step')}
        />
      ))}
      {earlier && earlier.length > steps.length && (
        <li className="countdown-before">without {earlier.slice(steps.length).join(' ; ')}</li>
      )}
    </ol>
  );
}

interface StepLineProps {
  readonly step: Step;
  readonly fault: Fault | undefined;
  readonly before: string | undefined;
}

function StepLine({ step, fault, before }: StepLineProps) {
  const text = stepText(step);
  const changed = before !== undefined && before !== text;
  const right = fault === undefined;
  const classes = ['countdown-step', right ? 'is-right' : 'is-wrong', changed && 'changed'];
  return (
    <li className={classes.filter(Boolean).join(' ')}>
      <span className="countdown-words">{text}</span>{' '}
      <span className="countdown-mark" role="img" aria-label={right ? 'right' : 'wrong'}>
        {right ? '✓' : '✗'}
      </span>
      {fault && <span className="countdown-fault"> {faultText(step, fault)}</span>}
      {changed && <span className="countdown-before"> was {before}</span>}
    </li>
  );
}

function stepText(step: Step): string {
  return writeSteps([step]).join(' ');
}

function faultText({ left, operator, right, result }: Step, fault: Fault): string {
  switch (fault.kind) {
    case 'unavailable':
      return `there is no ${fault.value} left`;
    case 'miscalculated':
      return `${left} ${operator} ${right} is ${fault.value}, not ${result}`;
    case 'undefined':
      if (operator === '-') return `${left} - ${right} is below 0`;
      return right === 0 ? 'nothing divides by 0' : `${right} does not divide ${left}`;
    default:
      return fault satisfies never;
  }
}

interface OutcomeProps {
  readonly steps: readonly Step[];
  readonly check: Check;
  readonly target: number;
}

function Outcome({ steps, check, target }: OutcomeProps) {
  const faulty = check.faults.findIndex((fault) => fault !== undefined);
  const value = steps.at(-1)!.result;
  const distance = Math.abs(value - target);
  const side = value < target ? 'below' : 'above';
  const verdict = distance === 0 ? 'the target' : `${distance} ${side} the target`;
  return (
    <p className="countdown-outcome">
      {faulty < 0 ? `reaches ${value}, ${verdict}` : `does not count: step ${faulty + 1} is wrong`}
    </p>
  );
}

function Malformed({ tokens }: { tokens: readonly Token[] }) {
  return (
    <p className="countdown-malformed">
      <span className="countdown-words">{tokens.join(' ') || 'nothing'}</span>{' '}
      <span className="countdown-fault">is not of the form x op y = r ; x op y = r</span>
    </p>
  );
}
