/**
 * Workspace: requests in plain English, met by calls on a small file system over several turns. An
 * attempt is executed for real; it is right when the files end as asked and what was asked for was
 * printed last.
 *
 * The prompt has a constant layout, `[workspace][turn before][this turn][previous attempt][marks]
 * [printed][score][mode]`, so that a call and its mark always stand equally far before the call's place
 * in the new attempt. The workspace is shown as this turn finds it: a person at a shell could list it
 * just so. A reference reaches back one turn, so one earlier turn is all that has to be shown.
 */
import type { HeldOutSplit, History, InstanceKind, Task, TaskNames, Token } from '../task.ts';
import {
  ATTEMPT_WORDS,
  paddedAttempt,
  attemptWords,
  readAttempt,
  readSlots,
  SLOT,
} from './calls.ts';
import { DEMONSTRATION, demonstrateCalls, type DemonstrationOptions } from './demonstrate.ts';
import { FileSystem } from './filesystem.ts';
import { FEEDBACK_WORDS, gradeAccepted, gradeAttempt, gradeInVain, type Verdict } from './grade.ts';
import {
  CONVERSATIONS,
  sampleConversation,
  type Conversation,
  type ConversationOptions,
} from './instance.ts';
import { SENTENCE_WORDS, understand } from './language.ts';
import { replay } from './replay.ts';
import { formatConversation, parseConversation } from './text.ts';
import { SHOWN_DIRECTORIES, SHOWN_FILES, type Tree } from './tree.ts';
import { padOrCut, HERE, RIGHT, WORKSPACE_VOCABULARY } from './vocabulary.ts';
import { WORKSPACE_WORDING } from './wording.ts';

export interface WorkspaceOptions extends TaskNames {
  readonly demonstration?: DemonstrationOptions;
  readonly conversations?: ConversationOptions;
}

/** The current directory, then every directory after its parent and every file after its directory. */
const TREE_WORDS = 1 + 2 * SHOWN_DIRECTORIES + 2 * SHOWN_FILES;

export function createWorkspace(options: WorkspaceOptions): Task<Conversation> {
  const { id, label, summary, demonstration = DEMONSTRATION } = options;
  const { conversations = CONVERSATIONS } = options;
  return {
    id,
    label,
    summary,
    vocabulary: WORKSPACE_VOCABULARY,
    maxPromptTokens: TREE_WORDS + 2 * SENTENCE_WORDS + ATTEMPT_WORDS + FEEDBACK_WORDS + 1,
    maxCompletionTokens: ATTEMPT_WORDS + 1,
    feedback: true,
    heldOut: heldOutSplits(conversations),
    turns: ({ turns }) => turns.length,
    sample: (split, rng) => sampleConversation(split, rng, conversations),
    unsolvable: (conversation) => ({ ...conversation, kind: 'unsolvable' }),
    trivial: (conversation) => ({ ...conversation, kind: 'trivial' }),
    kindOf: ({ kind }) => kind ?? 'normal',
    prompt: ({ tree, turns }, { earlier, latest }, mode) => [
      ...treeWords(replay(tree, earlier)),
      ...sentenceWords(turns[earlier.length - 1]),
      ...sentenceWords(turns[earlier.length]),
      ...paddedAttempt(latest?.tokens ?? []),
      ...padOrCut(latest?.feedback ?? [], FEEDBACK_WORDS),
      mode,
    ],
    grade: (instance, { earlier }, completion) => {
      const { quality, solved, valid, feedback } = verdict(instance, earlier, completion);
      return { quality, solved, valid, feedback };
    },
    demonstrate: ({ tree, turns }, { earlier, latest }, mode, rng) =>
      demonstrateCalls({
        tree: replay(tree, earlier),
        request: understand(turns, earlier.length),
        options: demonstration,
        latest,
        mode,
        rng,
      }),
    spans: ({ tokens, feedback }) =>
      readSlots(tokens).map((_, slot) => {
        const from = slot * SLOT;
        return { from, to: from + SLOT, right: feedback[from] === RIGHT };
      }),
    solutionKey: ({ tree }, completion) => solutionKey(tree, completion),
    wording: WORKSPACE_WORDING,
    parse: parseConversation,
    format: formatConversation,
  };
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven'] as const;

function heldOutSplits({ mostTurns }: ConversationOptions): HeldOutSplit[] {
  const [more, most] = [NUMBERS[mostTurns + 1]!, NUMBERS[mostTurns]!];
  const trained = mostTurns === 2 ? most : mostTurns === 3 ? 'two or three' : `two to ${most}`;
  return [
    {
      id: 'test',
      label: 'unseen combinations',
      summary: 'Intents, names and depths in combinations that training never has.',
    },
    {
      id: 'long',
      label: `${more} turns`,
      summary: `Unseen combinations in conversations of ${more} turns; training has ${trained}.`,
    },
  ];
}

const GRADERS = {
  normal: gradeAttempt,
  unsolvable: gradeInVain,
  trivial: gradeAccepted,
} as const satisfies Readonly<Record<InstanceKind, typeof gradeAttempt>>;

/** The attempt's verdict, with each call as it went: what a view shows. */
export function verdict(
  { tree, turns, kind }: Conversation,
  earlier: History['earlier'],
  completion: readonly Token[],
): Verdict {
  const gradeAs = GRADERS[kind ?? 'normal'];
  return gradeAs(replay(tree, earlier), understand(turns, earlier.length), completion);
}

/** What `find .` would list: what a file says is not shown, and the current directory is a dot. */
function treeWords({ cwd, dirs, files }: Tree): Token[] {
  const relative = (dir: Token): Token => (dir === cwd ? HERE : dir);
  const directoryWords = dirs.flatMap(({ name, parent }) => [relative(parent), name]);
  const fileWords = files.flatMap(({ name, dir }) => [relative(dir), name]);
  return [
    cwd,
    ...padOrCut(directoryWords, 2 * SHOWN_DIRECTORIES),
    ...padOrCut(fileWords, 2 * SHOWN_FILES),
  ];
}

function sentenceWords(sentence: string | undefined): Token[] {
  return padOrCut(sentence?.split(' ') ?? [], SENTENCE_WORDS);
}

/**
 * The tree that the calls leave and what they print last. Calls that fail are named too: a later turn
 * may find the files they need, which the first one does not have.
 */
function solutionKey(tree: Tree, completion: readonly Token[]): string {
  const calls = readAttempt(completion);
  if (!calls) return completion.join(' ');
  const files = new FileSystem(tree);
  const results = calls.map((call) => ({ call, result: files.run(call) }));
  const failed = results.filter(({ result }) => result.error).map(({ call }) => call);
  const printed = results.findLast(({ result }) => result.printed)?.result.printed ?? null;
  const { dirs, files: left } = files.tree();
  return JSON.stringify([dirs, left, printed, attemptWords(failed)]);
}
