/** What each scene says, with the numbers of the run that is shown. */
import { Fragment, useMemo, type ComponentType, type ReactNode } from 'react';
import { isUnchanged } from '../../../app/control.ts';
import { curriculumVerdict, verdictSentence } from '../../../app/curriculumVerdict.ts';
import { heldOutNews } from '../../../app/heldOutNews.ts';
import { useControlBaseline, useRun } from '../../../app/hooks.ts';
import type { Config } from '../../../schema/params.ts';
import type { GroupRecord, StepRecord } from '../../../schema/records.ts';
import { MANIFESTS } from '../../../tasks/manifests.ts';
import { byVariant } from '../../../tasks/manifest.ts';
import type { SessionInfo } from '../../../training/session-info.ts';
import { startCounts, type GroupTable } from '../../attempts/groupTable.ts';
import { isFlat, signed, whyChosen } from '../../attempts/groups.ts';
import { formatFixed, formatNumber } from '../../format.ts';
import type { SceneId } from './drive.ts';

/** What the scenes tell of. */
export interface Told {
  readonly record: StepRecord;
  /** Of the group among those of the step. */
  readonly index: number;
  /** Whether a person chose the group; else it is the one whose returns differ most. */
  readonly isChosen: boolean;
  readonly group: GroupRecord;
  readonly table: GroupTable;
  readonly config: Config;
  readonly info: SessionInfo;
}

interface SceneProps {
  /** Null before the first step. */
  readonly told: Told | null;
}

export const SCENE_TITLES: { readonly [K in SceneId]: string } = {
  task: 'One task',
  attempt: 'One attempt',
  group: 'A group of attempts',
  worth: 'What is worth practising',
  starts: 'Where starts come from',
  outcome: 'What comes of it',
};

export const SCENE_TEXTS: { readonly [K in SceneId]: ComponentType<SceneProps> } = {
  task: TaskScene,
  attempt: AttemptScene,
  group: GroupScene,
  worth: WorthScene,
  starts: StartsScene,
  outcome: OutcomeScene,
};

/** As this program says them, whatever a recording has. */
const SUMMARIES = new Map<string, string>(
  Object.entries(byVariant(MANIFESTS, ({ summary }) => summary)),
);

function TaskScene({ told }: SceneProps) {
  const domains = told?.info.domains ?? [];
  return (
    <>
      {domains.length > 1 ? (
        <p>This run mixes {domains.length} kinds of task; one of them is drawn here.</p>
      ) : (
        domains.map(({ id, summary }) => <p key={id}>{SUMMARIES.get(id) ?? summary}</p>)
      )}
      <p>
        The model is a small transformer
        {told && ` of ${formatNumber(told.info.parameters)} numbers`}. Nobody shows it a solution.
        It writes an answer word by word and is told how good that was: its <em>quality</em>, from 0
        to 1. At 1 the task is solved.
      </p>
      {told && <Choice told={told} />}
    </>
  );
}

/** By which rule the group that is drawn was chosen. */
function Choice({ told: { record, index, isChosen } }: { readonly told: Told }) {
  return (
    <p className="scenes-rule">
      {isChosen
        ? `Drawn here: group ${index + 1} of step ${record.step}, which you chose.`
        : `Drawn here: of the ${record.groups.length} groups of step ${record.step}, the one whose returns differ most.`}
    </p>
  );
}

const ASKED = {
  solve: 'asked to solve it',
  improve: 'asked to write a better one',
  diverge: 'asked to write a different one',
} as const;

function AttemptScene({ told }: SceneProps) {
  if (!told) return <p>An attempt is what the model writes, with the marks that it gets.</p>;
  const { start, completions } = told.group;
  const best = completions[told.table.best]!;
  return (
    <>
      <p>
        {start.latest
          ? `Here it begins at an attempt of its own, of quality ${formatFixed(start.latest.quality)}. It reads the task, that attempt and its marks, and is ${ASKED[start.mode]}.`
          : `Here it begins from nothing: it reads the task and is ${ASKED[start.mode]}.`}
      </p>
      <p>
        The attempt beside this comes to quality {formatFixed(best.quality)}
        {best.solved ? ': solved' : ''}. It is the best paid of {completions.length}.
      </p>
    </>
  );
}

function GroupScene({ told }: SceneProps) {
  return (
    <>
      {told && <Returns told={told} />}
      <p>
        That is <strong>GRPO</strong>, <em>Group Relative Policy Optimization</em>: a group is its
        own yardstick, so no second network has to say what a fair return would have been.
      </p>
    </>
  );
}

function Returns({ told: { table, config } }: { readonly told: Told }) {
  const { rows, distinct, mean, spread, above, below, even } = table;
  return (
    <>
      <p>
        From the same start it writes {rows.length} attempts, {distinct} of them different. Each is
        paid a <strong>return</strong>; here the mean is {formatFixed(mean)}.
      </p>
      <p>
        The <strong>advantage</strong> of an attempt is its return minus that mean
        {config.scaleRewards === 'none' ? '' : `, divided by ${spreadWords(config, spread)}`}. Above
        0 the update pushes the attempt to be likelier ({above} here), below 0 to be less likely (
        {below}
        {even > 0 && `; ${even} are left alone`}).
        {table.hasBonus && ` ${bonusWords(table, config)}`}
      </p>
    </>
  );
}

function spreadWords(config: Config, spread: number): string {
  return config.scaleRewards === 'group'
    ? `the spread of the group, ${formatFixed(spread)}`
    : 'the spread of all returns of the step';
}

/** The attempt whose advantage the bonus changed most. */
function bonusWords({ rows }: GroupTable, { diversityStrength }: Config): string {
  const change = (row: (typeof rows)[number]): number =>
    Math.abs(row.completion.advantage - row.completion.baseAdvantage);
  const most = rows.reduce((one, row) => (change(row) > change(one) ? row : one));
  const { baseAdvantage, advantage } = most.completion;
  return `A bonus (λ = ${formatNumber(diversityStrength)}) weighs an attempt by how unlike the others it is: it turned ${signed(baseAdvantage)} into ${signed(advantage)}.`;
}

function WorthScene({ told }: SceneProps) {
  return (
    <>
      <p>
        If all attempts of a group fare alike, every advantage is 0: nothing is learned from a{' '}
        <em>flat</em> group.{' '}
        {told &&
          `In step ${told.record.step}, ${told.record.groups.filter(isFlat).length} of ${told.record.groups.length} groups are flat (hatched).`}
      </p>
      <p>
        So what a start can teach is the variance of its returns, its{' '}
        <strong>learnability S</strong>: 0 where all fare alike, highest where half of the attempts
        succeed. {told && `S of this group is ${formatNumber(told.group.learnability)}.`} Choose
        another group to compare. The map of the run is coloured by S while you read this.
      </p>
    </>
  );
}

function StartsScene({ told }: SceneProps) {
  const history = useRun((run) => run.history);
  const verdict = useMemo(() => verdictSentence(curriculumVerdict(history)), [history]);
  return (
    <>
      {told && (told.config.bufferContent === 'none' ? <NoBuffer /> : <Buffer told={told} />)}
      <p>
        That is <strong>ExIt</strong>, <em>Exploratory Iteration</em>: the model explores from its
        own attempts, and training comes back to those that can still teach.{' '}
        <strong>Uniform priority</strong> is the control: the same, but each stored attempt is as
        likely to be drawn as any other. Only what ExIt does better than that is owed to the
        choosing.
      </p>
      <p data-testid="curriculum-verdict">
        {verdict ?? 'Whether choosing starts can matter here is said as soon as some were chosen.'}
      </p>
    </>
  );
}

function NoBuffer() {
  return (
    <p>This run keeps no attempts: every start is a fresh task. With ExIt, attempts are kept.</p>
  );
}

function Buffer({ told: { record, config } }: { readonly told: Told }) {
  const { fresh, improve, diverge, again, deepest, likeliest } = startCounts(record);
  const size = record.metrics['buffer/size'] ?? null;
  const parts = [
    `${fresh} fresh`,
    ...(again > 0 ? [`${again} base tasks again`] : []),
    `${improve} to improve`,
    `${diverge} to diverge`,
  ];
  return (
    <>
      <p>
        Attempts go into a <strong>buffer</strong>
        {size !== null && `, which holds ${formatNumber(size)} now`}. With probability{' '}
        {formatNumber(config.selectProbability)} a group starts at one of them
        {config.priority === 'uniform' ? '' : ', the likelier the higher its S'}; else at a fresh
        task.{' '}
        {likeliest
          ? `The likeliest start of step ${record.step} was ${lower(whyChosen(likeliest, size))}`
          : 'So far all starts were fresh.'}
      </p>
      <p>
        What is drawn is to be <strong>improved</strong>, or, with probability{' '}
        {formatNumber(config.divergeProbability)}, answered differently (<strong>diverge</strong>).
        What comes of it goes back into the buffer, so starts grow <strong>deeper</strong>: step{' '}
        {record.step} had {list(parts)}; behind the deepest lay {deepest}{' '}
        {deepest === 1 ? 'revision' : 'revisions'}.
      </p>
    </>
  );
}

function OutcomeScene({ told }: SceneProps) {
  const evaluations = useRun((run) => run.evaluations);
  const marks = useRun((run) => run.marks);
  const control = useControlBaseline();
  const beside = control !== null && isUnchanged(marks) ? control.evaluations : null;
  const news = useMemo(() => heldOutNews(evaluations, beside), [evaluations, beside]);
  const depth = evaluations.at(-1)?.depth ?? told?.config.evalDepth;
  return (
    <>
      <p>
        Now and then the model is given <em>held-out</em> tasks, which it never trains on, and
        revises its answer{depth !== undefined && ` ${depth} times`}. The fair comparison is the
        best of as many tries from nothing
        {depth !== undefined && `: ${depth + 1}, the first one counted`}.
        {control !== null && ' The controls are the same run with another method.'}
      </p>
      <p data-testid="held-out-news">
        {news ?? 'Held-out quality is said here as soon as it was measured.'}
      </p>
    </>
  );
}

function list(parts: readonly string[]): ReactNode {
  return parts.map((part, i) => (
    <Fragment key={part}>
      {i > 0 && (i === parts.length - 1 ? ' and ' : ', ')}
      {part}
    </Fragment>
  ));
}

function lower(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
