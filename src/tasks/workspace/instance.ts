/** Conversations: a small workspace, and two to seven requests in a row. */
import { hashString, type Rng } from '../../base/rng.ts';
import type { KindNames } from '../kind-text.ts';
import type { Split, Token, UnevenKind } from '../task.ts';
import { directoriesIn, goalOf, lacking, locate } from './goal.ts';
import {
  canRepeat,
  INTENTS,
  lastNamed,
  PHRASINGS,
  SAME_PHRASINGS,
  say,
  understand,
  type Request,
} from './language.ts';
import { endOf, plan } from './plan.ts';
import { depthOf, distance, hasDirectory, placesOf, sorted, type Tree } from './tree.ts';
import { DIRECTORIES, FILES, IT, ROOT, TEXTS } from './vocabulary.ts';

/** Plain JSON: the workspace before the first turn, and what the user says at each. */
export type Conversation = {
  readonly tree: Tree;
  readonly turns: readonly string[];
  /**
   * Since the listing was made all that it shows has gone, and no answer will do; or all that is asked for
   * has been done, and any attempt will.
   */
  readonly kind?: UnevenKind;
};

export const WORKSPACE_KINDS = {
  unsolvable: 'requests about what is not there',
  trivial: 'requests met already',
} as const satisfies KindNames;

const SPLIT_SEED = 47;
/** One combination in this many is held out. */
const TEST_EVERY = 4;

/** What conversations are like. */
export interface ConversationOptions {
  /**
   * Chance per turn that it is made to ask for a file or directory that is not there; in [0, 1]. About one
   * in twelve of the others is so by chance.
   */
  readonly absentShare: number;
  /** Of training and the `test` split, whose fewest are two; the `long` split has one more. */
  readonly mostTurns: number;
}

export const CONVERSATIONS: ConversationOptions = { absentShare: 0, mostTurns: 3 };

const FEWEST_TURNS = 2;
/** Of the `long` split, where `mostTurns` is largest. */
export const LONGEST_TURNS = 7;

/** Chance that a later turn refers back where it can. */
const REFERENCE_SHARE = 0.5;
/** Chance that it does so by asking for the same again. */
const REPETITION_SHARE = 0.3;
/** Chance that a name that should exist is drawn from all names, whether it exists or not. */
const STRAY_SHARE = 0.12;
/** The same where the name is wanted that does not. */
const ABSENT_STRAY_SHARE = 0.8;
/** Chance that a file of a new workspace says something. */
const TEXT_SHARE = 0.7;
/** Chance that the user is right about where a file is. */
const HINT_SHARE = 0.6;

/**
 * What a request combines: the intent, all names, and how deep the file or directory that it is about
 * lay before the first turn. Every combination belongs either to training or to the held-out splits.
 */
export function combination({ tree }: Conversation, request: Request): string {
  const { intent, file, dir, name, text } = request;
  const place = file === undefined ? dir : locate(tree, file);
  const depth = place === undefined || !hasDirectory(tree, place) ? '-' : depthOf(tree, place);
  return [intent, file, request.new, dir, name, text, depth].join(' ');
}

export function isHeldOut(combined: string): boolean {
  return (hashString(combined, SPLIT_SEED) >>> 0) % TEST_EVERY === 0;
}

/** @throws RangeError if there is no such split. */
export function sampleConversation(
  split: Split,
  rng: Rng,
  options: ConversationOptions = CONVERSATIONS,
): Conversation {
  const [fewest, most] = turnsOf(split, options);
  const count = fewest + rng.int(most - fewest + 1);
  const tree = sampleTree(rng);
  const turns: string[] = [];
  let now = tree;
  while (turns.length < count) {
    const absent = options.absentShare > 0 && rng.chance(options.absentShare);
    const { sentence, request } = sampleTurn({ tree, turns }, now, { split, absent }, rng);
    turns.push(sentence);
    now = afterPlan(now, request);
  }
  return { tree, turns };
}

/** Of a conversation of the split, fewest and most. */
function turnsOf(split: Split, { mostTurns }: ConversationOptions): readonly [number, number] {
  const turns: Readonly<Partial<Record<Split, readonly [number, number]>>> = {
    train: [FEWEST_TURNS, mostTurns],
    test: [FEWEST_TURNS, mostTurns],
    long: [mostTurns + 1, mostTurns + 1],
  };
  const expected = Object.keys(turns).join(', ');
  const range = turns[split];
  if (!range) throw new RangeError(`split: got "${split}", expected one of ${expected}`);
  return range;
}

/** The next turn, where those before were met: one that asks for something, in a combination of the split. */
function sampleTurn(
  { tree, turns }: Conversation,
  now: Tree,
  { split, absent }: { readonly split: Split; readonly absent: boolean },
  rng: Rng,
): { readonly sentence: string; readonly request: Request } {
  const strayShare = absent ? ABSENT_STRAY_SHARE : STRAY_SHARE;
  for (;;) {
    const sentence = sampleSentence({ tree: now, before: turns.at(-1), strayShare }, rng);
    const request = understand([...turns, sentence], turns.length);
    if (isHeldOut(combination({ tree, turns }, request)) !== (split !== 'train')) continue;
    if (absent && lacking(now, request) === undefined) continue;
    if (asksForSomething(now, request)) return { sentence, request };
  }
}

function asksForSomething(tree: Tree, request: Request): boolean {
  const { tree: wanted, output } = goalOf(tree, request);
  return output !== null || distance(tree, wanted) > 0;
}

/** The workspace that the next turn finds if this one is met. */
function afterPlan(tree: Tree, request: Request): Tree {
  return { ...goalOf(tree, request).tree, cwd: endOf(tree, plan(tree, request)) };
}

/** Three or four directories, one of them perhaps inside another; four or five files, named once each. */
function sampleTree(rng: Rng): Tree {
  const names = rng.permutation(DIRECTORIES.length).slice(0, 3 + rng.int(2));
  const dirs = names.map((at, i) => {
    const nested = i === names.length - 1 && rng.chance(0.5);
    return { name: DIRECTORIES[at]!, parent: nested ? DIRECTORIES[names[rng.int(i)]!]! : ROOT };
  });
  const places = [ROOT, ...dirs.map(({ name }) => name)];
  const files = rng
    .permutation(FILES.length)
    .slice(0, 4 + rng.int(2))
    .map((at) => ({
      name: FILES[at]!,
      dir: rng.pick(places),
      text: rng.chance(TEXT_SHARE) ? rng.pick(TEXTS) : '',
    }));
  return sorted({ cwd: rng.pick(places), dirs, files });
}

/** What a sentence is drawn for. */
interface Scene {
  readonly tree: Tree;
  /** The turn before, if there is one to refer to. */
  readonly before: string | undefined;
  /** Chance that a file is named whether it exists or not; half of it for a directory. */
  readonly strayShare: number;
}

/** A request that need not make sense here. */
function sampleSentence(scene: Scene, rng: Rng): string {
  const { before } = scene;
  const refer = before !== undefined && rng.chance(REFERENCE_SHARE);
  if (refer && rng.chance(REPETITION_SHARE)) return sampleRepetition(scene, before, rng);
  const intent = rng.pick(INTENTS);
  const there = refer && lastNamed(before, 'directory') !== undefined && rng.chance(0.5);
  const phrasings = phrasingsOf(intent, there);
  const names = sampleNames(scene, intent, rng);
  const it = refer && intent !== 'create' && lastNamed(before, 'file') !== undefined;
  return say(rng.pick(phrasings), it ? { ...names, file: IT } : names);
}

/** Those that say `there` for the turn before, where there are any; else those that do not. */
function phrasingsOf(intent: Request['intent'], there: boolean): readonly string[] {
  const all: readonly string[] = PHRASINGS[intent];
  const back = all.filter((phrasing) => phrasing.includes('{there}'));
  return there && back.length > 0 ? back : all.filter((phrasing) => !back.includes(phrasing));
}

function sampleRepetition(scene: Scene, before: string, rng: Rng): string {
  const phrasing = rng.pick(SAME_PHRASINGS);
  const file = canRepeat(before, 'file');
  if (!file && !canRepeat(before, 'directory')) {
    return sampleSentence({ ...scene, before: undefined }, rng);
  }
  return say(phrasing, { thing: file ? knownFile(scene, rng) : knownDirectory(scene, rng) });
}

function sampleNames(scene: Scene, intent: Request['intent'], rng: Rng): Record<string, Token> {
  const { tree } = scene;
  const file = intent === 'create' ? rng.pick(FILES) : knownFile(scene, rng);
  const place = locate(tree, file);
  return {
    file,
    dir: knownDirectory(scene, rng),
    new: rng.pick(DIRECTORIES.filter((name) => !hasDirectory(tree, name))),
    parent: knownDirectory(scene, rng),
    hint: place !== undefined && rng.chance(HINT_SHARE) ? place : knownDirectory(scene, rng),
    name: rng.pick(FILES.filter((name) => placesOf(tree, name).length === 0)),
    text: rng.pick(TEXTS),
  };
}

function knownFile({ tree, strayShare }: Scene, rng: Rng): Token {
  const stray = tree.files.length === 0 || rng.chance(strayShare);
  return rng.pick(stray ? FILES : tree.files.map(({ name }) => name));
}

function knownDirectory({ tree, strayShare }: Scene, rng: Rng): Token {
  return rng.pick(rng.chance(strayShare / 2) ? DIRECTORIES : directoriesIn(tree));
}
