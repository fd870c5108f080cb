/** Whether the policy got better, in words: held-out quality of a run, beside that of its control. */
import type { Estimate } from '../schema/records.ts';
import { TEST_SPLIT, type ShownEvaluation } from './run.ts';

/** The quality that docs/results.md counts the tokens to. */
const TARGET = 0.8;

/**
 * Of the newest evaluation on the test split; null before there is one.
 * @param control evaluations of the run's control; null where it has none.
 */
export function heldOutNews(
  evaluations: readonly ShownEvaluation[],
  control: readonly ShownEvaluation[] | null,
): string | null {
  const made = ofTest(evaluations);
  const last = made.at(-1);
  if (!last) return null;
  const of = `Held-out quality after ${last.depth} revisions: ${atEnd(last)} at step ${last.step}`;
  const before =
    made[0]!.step < last.step ? `, from ${atEnd(made[0]!)} at step ${made[0]!.step}.` : '.';
  const beside = control === null ? '' : besideControl(made, ofTest(control));
  return of + before + beside;
}

function ofTest(evaluations: readonly ShownEvaluation[]): ShownEvaluation[] {
  return evaluations.filter(({ split, quality }) => split === TEST_SPLIT && quality.length > 0);
}

/** What the control had come to by then: it is no spoiler. */
function besideControl(
  made: readonly ShownEvaluation[],
  control: readonly ShownEvaluation[],
): string {
  const now = made.at(-1)!.step;
  const then = control.filter(({ step }) => step <= now);
  const last = then.at(-1);
  if (!last) return '';
  const [own, other] = [firstAt(made), firstAt(then)];
  return (
    ` ExIt with uniform priority, recorded: ${atEnd(last)} at step ${last.step}.` +
    (own === null && other === null
      ? ''
      : ` ${TARGET} was ${reached(own)}, with uniform priority ${reached(other)}.`) +
    ' One seed each.'
  );
}

function firstAt(evaluations: readonly ShownEvaluation[]): number | null {
  return evaluations.find(({ quality }) => quality.at(-1)!.mean >= TARGET)?.step ?? null;
}

function reached(step: number | null): string {
  return step === null ? 'not reached yet' : `first reached at step ${step}`;
}

function atEnd({ quality }: ShownEvaluation): string {
  const { mean, ci95 }: Estimate = quality.at(-1)!;
  return `${mean.toFixed(2)} ± ${ci95.toFixed(2)}`;
}
