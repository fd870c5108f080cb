/** One training step told in six states: which step, of which group of it, and in what words. */
import type { Lab } from '../../../app/lab.ts';
import type { TokenStats } from '../../../runs/index/queries.ts';
import type { Config } from '../../../schema/params.ts';
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';
import {
  groupTable,
  movedAsPushed,
  type GroupStage,
  type GroupTable,
} from '../../attempts/groupTable.ts';
import { isFlat, whyChosen } from '../../attempts/groups.ts';
import { formatFixed, formatNumber } from '../../format.ts';

export const STATES = [
  'start',
  'written',
  'marked',
  'paid',
  'moved',
  'stored',
] as const satisfies readonly GroupStage[];
export type State = (typeof STATES)[number];

export const STATE_NAMES: { readonly [K in State]: string } = {
  start: 'A start is chosen',
  written: 'Attempts are written',
  marked: 'They are marked',
  paid: 'They are paid',
  moved: 'The policy moves',
  stored: 'Some return',
};

type Stepped = Pick<Lab, 'focus' | 'run' | 'session' | 'recording' | 'actions' | 'ask'>;

/**
 * The step after the one in view, which is in view then: of the past where one is pinned there, of the
 * recording, else a step that is trained for it. At the end of a recording its last step again. Null where
 * there is none.
 */
export async function stepOn(lab: Stepped): Promise<StepRecord | null> {
  const { focus, run } = lab;
  const { pinned } = focus.store.getState();
  const newest = run.getState().latest?.step ?? 0;
  if (pinned !== null && pinned < newest) {
    focus.actions.pin(pinned + 1);
    return recordOf(lab, pinned + 1);
  }
  await newestOn(lab);
  const latest = run.getState().latest;
  if (pinned !== null && latest !== null) focus.actions.pin(latest.step);
  const isNew = latest !== null && latest.step > newest;
  return isNew || lab.session.getState().source === 'recording' ? latest : null;
}

async function newestOn({ session, recording, actions }: Stepped): Promise<void> {
  const { source, running } = session.getState();
  if (source === 'recording') return recording.actions.step();
  if (running) await actions.pause();
  await actions.step();
}

async function recordOf({ run, ask }: Stepped, step: number): Promise<StepRecord | null> {
  const { latest } = run.getState();
  if (latest?.step === step) return latest;
  return ask('stepRecord', { step }).catch(() => null);
}

const ASKED = {
  solve: 'It is to be solved.',
  improve: 'The attempt is to be improved.',
  diverge: 'It is to be answered differently.',
} as const;

/** What is said of each state, with the numbers of the group. */
export function wordsOf(
  { metrics, groups }: StepRecord,
  group: GroupRecord,
  config: Config,
  after: readonly TokenStats[] | null,
): { readonly [K in State]: string } {
  const { start, completions } = group;
  const table = groupTable(group);
  const { rows, distinct, solved } = table;
  const qualities = completions.map(({ quality }) => quality);
  const [least, most] = [Math.min(...qualities), Math.max(...qualities)].map(formatFixed);
  const range = least === most ? `${least} each` : `${least} to ${most}`;
  return {
    start: `${whyChosen(start, metrics['buffer/size'] ?? null)} ${ASKED[start.mode]}`,
    written: `${rows.length} from this start, ${distinct} of them different.`,
    marked: `${solved} of ${rows.length} solve the task; quality ${range}.`,
    paid: `Returns with a mean of ${formatFixed(table.mean)} and a spread of ${formatFixed(table.spread)}.`,
    moved: `${pushWords(group, table, groups.length)} ${movedWords(group, after)}`.trim(),
    stored: storedWords(group, table.stored.length, config),
  };
}

function pushWords(group: GroupRecord, { above, below }: GroupTable, groups: number): string {
  const all = groups > 1 ? ` All ${groups} groups of the step push at once.` : '';
  return isFlat(group)
    ? 'All fared alike: every advantage is 0, and nothing is learned here.'
    : `The update pushes ${above} attempts to be likelier, ${below} to be less likely.${all}`;
}

/** Nothing where nobody knows. */
function movedWords(group: GroupRecord, after: readonly TokenStats[] | null): string {
  if (after === null || isFlat(group)) return '';
  return `${movedAsPushed(group, after)} of ${group.completions.length} moved as they were pushed.`;
}

function storedWords({ learnability, completions }: GroupRecord, stored: number, config: Config) {
  const score = `with S = ${formatNumber(learnability)}, the variance of these returns, as score`;
  switch (config.bufferContent) {
    case 'none':
      return 'This run keeps no buffer: nothing goes back.';
    case 'base':
      return `The task goes back into the buffer, ${score}.`;
    case 'histories':
      return stored === 0
        ? 'None of them goes into the buffer.'
        : `${stored} of ${completions.length} attempts ${stored === 1 ? 'goes' : 'go'} into the buffer, ${score}: starts for later steps.`;
    default:
      return config.bufferContent satisfies never;
  }
}
