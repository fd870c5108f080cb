/** How a person reads a workspace: the conversation, each call with what came of it, and the files. */
import * as v from 'valibot';
import { KindNote, KindSchema, type AttemptViewProps } from '../attempt-view.ts';
import type { Attempt, Json } from '../task.ts';
import { callWords, readSlots, SLOT } from './calls.ts';
import type { Step } from './grade.ts';
import { directoriesIn } from './goal.ts';
import { WORKSPACE_KINDS, type Conversation } from './instance.ts';
import { formatConversation, parseConversation } from './text.ts';
import { differences, type Difference, type Tree } from './tree.ts';
import { BLANK, IDLE, RIGHT } from './vocabulary.ts';
import { replay } from './replay.ts';
import { verdict } from './workspace.ts';
import './view.css';

const ConversationSchema = v.pipe(
  v.object({
    tree: v.object({
      cwd: v.string(),
      dirs: v.array(v.object({ name: v.string(), parent: v.string() })),
      files: v.array(v.object({ name: v.string(), dir: v.string(), text: v.string() })),
    }),
    turns: v.array(v.string()),
    kind: KindSchema,
  }),
  v.check((conversation) => isMeaningful(conversation)),
);

/** Whether a person could have typed it: then every sentence asks for something. */
function isMeaningful(conversation: Conversation): boolean {
  try {
    parseConversation(formatConversation(conversation));
    return true;
  } catch {
    return false;
  }
}

export function WorkspaceAttemptView(props: AttemptViewProps) {
  const { instance, attempt, compareTo, earlier = [] } = props;
  const parsed = v.safeParse(ConversationSchema, instance);
  if (!parsed.success) return <NotAWorkspace instance={instance} />;
  const conversation = parsed.output;
  return (
    <div className="workspace attempt-frame attempt-rows">
      <Turns turns={conversation.turns} current={earlier.length} />
      {attempt && earlier.length < conversation.turns.length ? (
        <Outcome {...{ conversation, attempt, earlier, before: compareTo ?? undefined }} />
      ) : (
        <Files tree={replay(conversation.tree, earlier)} differing={[]} />
      )}
      <KindNote kind={conversation.kind} names={WORKSPACE_KINDS} tried={attempt !== null} />
    </div>
  );
}

function NotAWorkspace({ instance }: { instance: Json }) {
  return <p className="workspace attempt-frame">not a workspace: {JSON.stringify(instance)}</p>;
}

function Turns({ turns, current }: { turns: Conversation['turns']; current: number }) {
  return (
    <ol className="workspace-turns attempt-task">
      {turns.map((sentence, turn) => (
        <li key={turn} aria-current={turn === current ? 'step' : undefined}>
          {turn === current && <span className="workspace-now">now: </span>}
          {sentence}
        </li>
      ))}
    </ol>
  );
}

interface OutcomeProps {
  readonly conversation: Conversation;
  readonly attempt: Attempt;
  readonly earlier: readonly Attempt[];
  readonly before: Attempt | undefined;
}

function Outcome({ conversation, attempt, earlier, before }: OutcomeProps) {
  const { valid, steps, goal, after, solved } = verdict(conversation, earlier, attempt.tokens);
  return (
    <>
      {valid ? (
        <Calls steps={steps} before={before?.tokens} />
      ) : (
        <p className="workspace-malformed">not calls: {attempt.tokens.join(' ') || 'nothing'}</p>
      )}
      {goal.output && <p className="workspace-asked">{askedFor(goal.output, goal.absent)}</p>}
      <Files tree={after} differing={differences(after, goal.tree)} />
      <p className="workspace-quality attempt-quality">
        {solved ? 'as asked' : 'not as asked'}, quality {attempt.quality.toFixed(2)}
      </p>
    </>
  );
}

function askedFor(output: readonly string[], absent: string | undefined): string {
  if (absent === undefined) return `asked for: ${output.join(' ') || 'nothing'}`;
  return `cannot be met: ${absent} is not there, which is to be said`;
}

interface CallsProps {
  readonly steps: readonly Step[];
  readonly before: Attempt['tokens'] | undefined;
}

/** The calls in their places, and those of the earlier attempt that have no counterpart. */
function Calls({ steps, before }: CallsProps) {
  const old = before && readSlots(before).map((_, i) => slotText(before, i));
  const dropped = old?.slice(steps.length) ?? [];
  return (
    <ol className="workspace-calls">
      {steps.map((step, i) => (
        <CallLine key={i} step={step} before={old && (old[i] ?? 'nothing')} />
      ))}
      {dropped.map((text, i) => (
        <li key={steps.length + i} className="workspace-call changed">
          <span className="workspace-before">dropped: {text}</span>
        </li>
      ))}
    </ol>
  );
}

function slotText(tokens: readonly string[], slot: number): string {
  const words = tokens.slice(slot * SLOT, (slot + 1) * SLOT);
  return words.filter((word) => word !== BLANK).join(' ');
}

function CallLine({ step, before }: { step: Step; before: string | undefined }) {
  const text = slotText(callWords(step.call), 0);
  const changed = before !== undefined && before !== text;
  const right = step.marks[0] === RIGHT;
  const classes = [
    'workspace-call',
    right ? 'is-right' : 'is-wrong',
    ...(changed ? ['changed'] : []),
  ];
  return (
    <li className={classes.join(' ')}>
      <code>{text}</code>{' '}
      <span className="workspace-mark" role="img" aria-label={markName(step)}>
        {right ? '✓' : step.marks[0] === IDLE ? '–' : '✗'}
      </span>{' '}
      <span className="workspace-result">{resultText(step)}</span>
      {changed && <span className="workspace-before"> was {before}</span>}
    </li>
  );
}

function markName({ marks: [mark] }: Step): string {
  return mark === RIGHT ? 'right' : mark === IDLE ? 'no effect' : 'wrong';
}

const PROBLEMS = {
  absent: 'is not there',
  exists: 'is there already',
  misfit: 'is not the kind of thing that this command takes',
} as const;

function problemText({ kind, elsewhere }: NonNullable<Step['result']['error']>): string {
  return elsewhere === undefined ? PROBLEMS[kind] : `is not here but in ${elsewhere}`;
}

function resultText({ call, result: { error, printed }, marks: [mark] }: Step): string {
  if (error) return `failed: ${call.args[error.argument] ?? BLANK} ${problemText(error)}`;
  if (call.command === 'missing') return `said that ${call.args[0]} is not there`;
  if (printed) return `printed ${printed.join(' ') || 'nothing'}`;
  if (mark === RIGHT) return 'done';
  return mark === IDLE ? 'changed nothing' : 'done, but not asked for';
}

/** The files by directory, and below them what should be otherwise. */
function Files({ tree, differing }: { tree: Tree; differing: readonly Difference[] }) {
  return (
    <>
      <ul className="workspace-files attempt-state">
        {directoriesIn(tree).map((dir) => (
          <li key={dir}>
            <Directory tree={tree} dir={dir} />
            {dir === tree.cwd && <span className="workspace-here"> ← here</span>}
          </li>
        ))}
      </ul>
      {differing.length > 0 && (
        <ul className="workspace-differences" aria-label="Not as asked">
          {differing.map((difference) => (
            <li key={difference.kind + difference.what} className={`is-${difference.kind}`}>
              {differenceText(difference)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** `home/ in root: notes=piano` */
function Directory({ tree, dir }: { tree: Tree; dir: string }) {
  const parent = tree.dirs.find(({ name }) => name === dir)?.parent;
  const files = tree.files.filter((file) => file.dir === dir);
  const words = files.map(({ name, text }) => (text === '' ? name : `${name}=${text}`));
  return (
    <code>
      {dir}/
      <span className="workspace-parent">{parent === undefined ? ':' : ` in ${parent}:`}</span>
      {['', ...words].join(' ')}
    </code>
  );
}

function differenceText({ kind, what, elsewhere }: Difference): string {
  switch (kind) {
    case 'extra':
      return elsewhere === undefined
        ? `+ added: ${what}`
        : `→ moved: ${what}, wanted in ${elsewhere}`;
    case 'lacking':
      return `− missing: ${what}`;
    case 'text':
      return `≠ other text: ${what}`;
    default:
      return kind satisfies never;
  }
}
