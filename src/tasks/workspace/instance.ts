/** Conversations: a small workspace, and two to four requests in a row. */
import { hashString, type Rng } from '../../base/rng.ts';
import type { Split, Token } from '../task.ts';
import { directoriesIn, goalOf, locate } from './goal.ts';
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
};

const SPLIT_SEED = 47;
/** One combination in this many is held out. */
const TEST_EVERY = 4;

/** Turns of a conversation, fewest and most. */
const TURNS: Readonly<Partial<Record<Split, readonly [number, number]>>> = {
  train: [2, 3],
  test: [2, 3],
  long: [4, 4],
};

/** Chance that a later turn refers back where it can. */
const REFERENCE_SHARE = 0.5;
/** Chance that it does so by asking for the same again. */
const REPETITION_SHARE = 0.3;
/** Chance that a name that should exist is drawn from all names, whether it exists or not. */
const STRAY_SHARE = 0.12;
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
export function sampleConversation(split: Split, rng: Rng): Conversation {
  const range = TURNS[split];
  if (!range) {
    throw new RangeError(`split: got "${split}", expected one of ${Object.keys(TURNS).join(', ')}`);
  }
  const [fewest, most] = range;
  const count = fewest + rng.int(most - fewest + 1);
  const tree = sampleTree(rng);
  const turns: string[] = [];
  let now = tree;
  while (turns.length < count) {
    const sentence = sampleSentence(now, turns.at(-1), rng);
    const request = understand([...turns, sentence], turns.length);
    if (isHeldOut(combination({ tree, turns }, request)) !== (split !== 'train')) continue;
    if (!asksForSomething(now, request)) continue;
    turns.push(sentence);
    now = afterPlan(now, request);
  }
  return { tree, turns };
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

/** A request that need not make sense here. */
function sampleSentence(tree: Tree, before: string | undefined, rng: Rng): string {
  const refer = before !== undefined && rng.chance(REFERENCE_SHARE);
  if (refer && rng.chance(REPETITION_SHARE)) return sampleRepetition(tree, before, rng);
  const intent = rng.pick(INTENTS);
  const there = refer && lastNamed(before, 'directory') !== undefined && rng.chance(0.5);
  const phrasings = phrasingsOf(intent, there);
  const names = sampleNames(tree, intent, rng);
  const it = refer && intent !== 'create' && lastNamed(before, 'file') !== undefined;
  return say(rng.pick(phrasings), it ? { ...names, file: IT } : names);
}

/** Those that say `there` for the turn before, where there are any; else those that do not. */
function phrasingsOf(intent: Request['intent'], there: boolean): readonly string[] {
  const all: readonly string[] = PHRASINGS[intent];
  const back = all.filter((phrasing) => phrasing.includes('{there}'));
  return there && back.length > 0 ? back : all.filter((phrasing) => !back.includes(phrasing));
}

function sampleRepetition(tree: Tree, before: string, rng: Rng): string {
  const phrasing = rng.pick(SAME_PHRASINGS);
  const file = canRepeat(before, 'file');
  if (!file && !canRepeat(before, 'directory')) return sampleSentence(tree, undefined, rng);
  return say(phrasing, { thing: file ? knownFile(tree, rng) : knownDirectory(tree, rng) });
}

function sampleNames(tree: Tree, intent: Request['intent'], rng: Rng): Record<string, Token> {
  const file = intent === 'create' ? rng.pick(FILES) : knownFile(tree, rng);
  const place = locate(tree, file);
  return {
    file,
    dir: knownDirectory(tree, rng),
    new: rng.pick(DIRECTORIES.filter((name) => !hasDirectory(tree, name))),
    parent: knownDirectory(tree, rng),
    hint: place !== undefined && rng.chance(HINT_SHARE) ? place : knownDirectory(tree, rng),
    name: rng.pick(FILES.filter((name) => placesOf(tree, name).length === 0)),
    text: rng.pick(TEXTS),
  };
}

function knownFile(tree: Tree, rng: Rng): Token {
  const stray = tree.files.length === 0 || rng.chance(STRAY_SHARE);
  return rng.pick(stray ? FILES : tree.files.map(({ name }) => name));
}

function knownDirectory(tree: Tree, rng: Rng): Token {
  return rng.pick(rng.chance(STRAY_SHARE / 2) ? DIRECTORIES : directoriesIn(tree));
}
