/**
 * A second grader, written from the description and not from the code: it works with words, replays the
 * whole chain from its first attempt, and ranks by counting. Of the domain it takes the stored predictions
 * and the draw of the ensembles that others are ranked among.
 */
import { createRng, hashString } from '../../base/rng.ts';
import { tableOf } from '../tables/competitions.ts';
import type { Token } from '../task.ts';
import { MEMBERS } from './members.ts';
import { predictionsOf, type PredictedTable } from './predictions.ts';
import { drawEnsemble } from './score.ts';

export interface Judgement {
  readonly quality: number;
  readonly feedback: string;
  readonly cost: number;
}

type Rows = 'leftOut' | 'unseen';

export async function judgeChain(
  name: string,
  chain: readonly (readonly Token[])[],
): Promise<Judgement[]> {
  const predicted = await predictionsOf(tableOf(name));
  let best: string[] = [];
  let failed: string[] = [];
  return chain.map((words) => {
    const verdict = judgeOne(predicted, words, best, failed);
    ({ best, failed } = verdict);
    const skill = best.length === 0 ? '·' : bucket(skillOf(predicted, best, 'leftOut'));
    const feedback = [
      verdict.outcome,
      `cost${verdict.cost}`,
      best.length === 0 ? '·' : weakest(predicted, best),
      skill,
      ...slots(best, 3),
      ...slots(failed, 4),
    ].join(' ');
    const graded = verdict.outcome !== 'malformed' && best.length > 0;
    return { quality: graded ? rank(predicted, best) : 0, feedback, cost: verdict.cost };
  });
}

interface Verdict {
  readonly outcome: string;
  readonly cost: number;
  readonly best: string[];
  readonly failed: string[];
}

function judgeOne(
  predicted: PredictedTable,
  words: readonly Token[],
  best: string[],
  failed: string[],
): Verdict {
  const validation = (members: string[]): number => skillOf(predicted, members, 'leftOut');
  if (words.length === 9) {
    const members = [0, 3, 6].map((at) => plain(words.slice(at, at + 3)));
    const valid = members.every((member) => member !== '') && new Set(members).size === 3;
    if (!valid) return { outcome: 'malformed', cost: 0, best, failed };
    const full = members.filter((member): member is string => member !== '');
    if (best.length === 0) return { outcome: 'first', cost: 3, best: full, failed: [] };
    if (full.toSorted().join() === best.toSorted().join()) {
      return { outcome: 'known', cost: 0, best, failed };
    }
    return validation(full) > validation(best)
      ? { outcome: 'better', cost: 3, best: full, failed: [] }
      : { outcome: 'no-better', cost: 3, best, failed };
  }
  const place = ['m1', 'm2', 'm3'].indexOf(words[0] ?? '');
  const member = plain(words.slice(1));
  if (words.length !== 4 || place < 0 || member === '' || best.length === 0) {
    return { outcome: 'malformed', cost: 0, best, failed };
  }
  if ([...best, ...failed].includes(member)) return { outcome: 'known', cost: 0, best, failed };
  const next = best.map((own, i) => (i === place ? member : own));
  if (validation(next) > validation(best)) {
    const out = best[place]!;
    return { outcome: 'better', cost: 1, best: next, failed: [out, ...failed].slice(0, 4) };
  }
  return { outcome: 'no-better', cost: 1, best, failed: [member, ...failed].slice(0, 4) };
}

const NAMES = MEMBERS.map((member) => member.join(' '));

/** The words of the member that stands for all which compute the same; empty where there is none. */
function plain([scale, features, model]: readonly Token[]): string {
  const columnwise = features === 'all' || features === 'best3';
  const rigid = /^(linear|neighbours)/.test(model ?? '');
  const word = scale === 'standard' && columnwise && !rigid ? 'raw' : scale;
  const name = `${word} ${features} ${model}`;
  return NAMES.includes(name) ? name : '';
}

function slots(members: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => members[i] ?? '· · ·');
}

function bucket(skill: number): string {
  if (skill < 0) return 'v<';
  return `v${Math.min(9, Math.floor(skill * 10))}`;
}

function weakest(predicted: PredictedTable, best: readonly string[]): string {
  const without = best.map((own) =>
    skillOf(
      predicted,
      best.filter((other) => other !== own),
      'leftOut',
    ),
  );
  if (new Set(without).size === 1) return '·';
  return `m${without.indexOf(Math.max(...without)) + 1}`;
}

function rank(predicted: PredictedTable, best: readonly string[]): number {
  const own = skillOf(predicted, best, 'unseen');
  if (own === -Infinity) return 0;
  const all = drawnSkills(predicted);
  const notWorse = all.filter((skill) => skill > own).length + 1;
  return Math.min(1, Math.log10(notWorse / (all.length + 1)) / -2);
}

const DRAWN = new Map<PredictedTable, number[]>();

function drawnSkills(predicted: PredictedTable): number[] {
  const known = DRAWN.get(predicted);
  if (known) return known;
  const rng = createRng(hashString(predicted.table.name)).fork('reference ensembles');
  const skills = Array.from({ length: 5000 }, () => {
    const names = drawEnsemble(rng).map((member) => NAMES[member]!);
    return skillOf(predicted, names, 'unseen');
  });
  DRAWN.set(predicted, skills);
  return skills;
}

/** 1 − the error as a share of the error of the best constant, to six digits after the point. */
function skillOf(predicted: PredictedTable, members: readonly string[], rows: Rows): number {
  const { table, unseenTargets, predictions } = predicted;
  const truth = rows === 'leftOut' ? table.targets : unseenTargets;
  const own = members
    .map((member) => predictions[NAMES.indexOf(member)]?.[rows])
    .filter((column) => column !== undefined);
  if (own.length === 0) return -Infinity;
  const at = (row: number): number[] => own.map((column) => column[row]!);
  const skill =
    table.classes.length === 0
      ? numberSkill(table.metric === 'rmse', truth, at)
      : classSkill(table.metric === 'f1', { truth, at, classes: table.classes.length });
  return Math.round(skill * 1e6) / 1e6;
}

function numberSkill(
  rooted: boolean,
  truth: readonly number[],
  at: (row: number) => number[],
): number {
  const average = (values: readonly number[]): number =>
    values.reduce((a, b) => a + b, 0) / values.length;
  const centre = average(truth);
  const errors = truth.map((value, row) => (average(at(row)) - value) ** 2);
  const spread = truth.map((value) => (centre - value) ** 2);
  const left = average(errors) / average(spread);
  return 1 - (rooted ? Math.sqrt(left) : left);
}

interface Classified {
  readonly truth: readonly number[];
  readonly at: (row: number) => number[];
  readonly classes: number;
}

function classSkill(isF1: boolean, { truth, at, classes }: Classified): number {
  const labels = Array.from({ length: classes }, (_, label) => label);
  const chances = truth.map((_, row) => {
    const counts = labels.map((label) => at(row).filter((vote) => vote === label).length);
    const tops = labels.filter((label) => counts[label] === Math.max(...counts));
    return labels.map((label) => (tops.includes(label) ? 1 / tops.length : 0));
  });
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  const score = (of: readonly (readonly number[])[]): number => {
    if (!isF1) return sum(truth.map((label, row) => of[row]![label]!)) / truth.length;
    const both = sum(truth.map((label, row) => (label === 1 ? of[row]![1]! : 0)));
    return (2 * both) / (truth.filter((label) => label === 1).length + sum(of.map((c) => c[1]!)));
  };
  const constants = labels.map((label) =>
    score(truth.map(() => labels.map((other) => Number(other === label)))),
  );
  const dummy = Math.max(...constants);
  return (score(chances) - dummy) / (1 - dummy);
}
