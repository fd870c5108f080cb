/** What an analysis allows to be said of its arms, in one sentence. */
import type { Comparison } from './analysis.ts';

/** By Student's interval of the paired differences; null of one seed, which says nothing of others. */
export type Finding = 'above' | 'below' | 'undecided' | null;

type Compared = Pick<Comparison, 'arm' | 'seeds'>;

export function findingOf({ seeds: { student } }: Pick<Comparison, 'seeds'>): Finding {
  if (student === null) return null;
  if (student.low > 0) return 'above';
  return student.high < 0 ? 'below' : 'undecided';
}

/** @param comparisons of arms with one control, at one budget. */
export function verdict(comparisons: readonly Compared[]): string {
  if (comparisons.length === 0) {
    return 'Nothing to compare yet: an arm and the control need a finished seed in common.';
  }
  const of = (finding: Finding): readonly Compared[] =>
    comparisons.filter((one) => findingOf(one) === finding);
  const decided = [
    ...of('above').map((one) => `${one.arm} is above the control by ${amount(one, 1)}`),
    ...of('below').map((one) => `${one.arm} is below the control by ${amount(one, -1)}`),
  ];
  const open = of('undecided').map((one) => `${one.arm} (${amount(one, 1)})`);
  const single = of(null).map(({ arm }) => arm);
  const clauses = [
    ...decided,
    ...(open.length > 0 ? [`no difference to the control can be told for ${list(open)}`] : []),
    ...(single.length > 0 ? [`one seed tells nothing of others for ${list(single)}`] : []),
  ];
  return `By held-out quality of the last attempt, ${clauses.join('; ')}.`;
}

/** @param sign −1 for how far below it is. */
function amount({ seeds: { difference, student, pairs } }: Compared, sign: 1 | -1): string {
  const [low, high] = [sign * student!.low, sign * student!.high].sort((a, b) => a - b);
  return `${fixed(sign * difference)} [${fixed(low!)}, ${fixed(high!)}] on ${pairs} seeds`;
}

/** Three digits, as in tables: an end that is near 0 must show on which side of it. */
function fixed(value: number): string {
  const text = value.toFixed(3);
  return Number(text) === 0 ? '0.000' : text.replace('-', '−');
}

function list(names: readonly string[]): string {
  const first = names.slice(0, -1).join(', ');
  return first === '' ? names[0]! : `${first} and ${names.at(-1)!}`;
}
