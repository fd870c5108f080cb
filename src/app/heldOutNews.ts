/** Whether the policy got better, in words: held-out quality of a run, beside that of its control. */
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
  const first = made[0]!;
  const before = first.step < last.step ? `, ${qualityOf(first)} at step ${first.step}` : '';
  const beside = control === null ? '' : besideControl(made, ofTest(control));
  return `Held-out quality after ${last.depth} revisions: ${estimateOf(last)} at step ${last.step}${before}.${beside}`;
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
  const at = last.step < now ? ` at step ${last.step}` : '';
  return ` With uniform priority, recorded: ${estimateOf(last)}${at}.${firstWords(made, then)} One seed each.`;
}

/** How soon each was good; nothing while neither was. */
function firstWords(made: readonly ShownEvaluation[], control: readonly ShownEvaluation[]): string {
  const [own, other] = [made, control].map((all) =>
    all.find(({ quality }) => quality.at(-1)!.mean >= TARGET),
  );
  if (!own && !other) return '';
  const when = (one: ShownEvaluation | undefined): string => (one ? `step ${one.step}` : 'not yet');
  return ` First at ${TARGET}: ${when(own)}, with uniform priority ${when(other)}.`;
}

function estimateOf(evaluation: ShownEvaluation): string {
  return `${qualityOf(evaluation)} ± ${evaluation.quality.at(-1)!.ci95.toFixed(2)}`;
}

function qualityOf({ quality }: ShownEvaluation): string {
  return quality.at(-1)!.mean.toFixed(2);
}
