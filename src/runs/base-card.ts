/** README.md of a base policy: how it was made, and how it writes and reads before reinforcement. */
import type { DomainReport } from '../exit/revision-stats.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { Config } from '../schema/params.ts';
import { manifestOf } from '../tasks/manifests.ts';
import { decoderOf, FRONT_MATTER, interval, LOADING } from './model-card.ts';

export interface BaseModelReport {
  /** E.g. `All domains, mixed`. */
  readonly task: string;
  /** What remakes it. */
  readonly command: string;
  readonly seed: number;
  readonly steps: number;
  /** Per step. */
  readonly examples: number;
  /** At its peak. */
  readonly learningRate: number;
  /** Of the domains in a mixture; absent where there is one domain only. */
  readonly weights?: Partial<Config>;
  readonly backend: string;
  /** Sampling temperature of what was measured. */
  readonly temperature: number;
  readonly portraits: readonly DomainReport[];
}

export function baseCard(config: PolicyConfig, story: BaseModelReport): string {
  const sections = [
    FRONT_MATTER,
    `# ExIt Lab: base policy, ${story.task}`,
    `${decoderOf(config)}, warm-started on imperfect demonstrations and not yet trained by reinforcement: where runs start.`,
    howMade(story),
    heldOut(story),
    revisionSection(story),
    LOADING,
    LIMITATIONS,
  ];
  return sections.join('\n\n') + '\n';
}

function howMade({
  command,
  seed,
  steps,
  examples,
  learningRate,
  weights,
  backend,
}: BaseModelReport) {
  const mixed = Object.entries(weights ?? {}).map(([param, weight]) => `\`${param}\` ${weight}`);
  const total = (steps * examples).toLocaleString('en-US');
  return `## How it was made

| | |
|---|---|
| command | \`${command}\` |
| steps | ${steps} of ${examples} examples, ${total} in all, none seen twice on purpose |
| learning rate | ${learningRate} at its peak, after a twentieth of the steps; a tenth of it at the end |
${mixed.length > 0 ? `| weights of the domains | ${mixed.join(', ')} |\n` : ''}| seed | ${seed} |
| backend | ${backend} |

A quarter of the examples are first attempts; the others continue a history of one to four demonstrated
attempts, three quarters of them by an improvement and the rest by a different attempt.`;
}

function heldOut({ portraits, temperature }: BaseModelReport): string {
  const { samples, depth } = portraits[0]!;
  const rows = portraits.map(({ label, tasks, quality, solved, netCorrections }) => {
    const cells = [solved[0]!, solved[depth]!, quality[0]!, quality[depth]!];
    const curves = cells.map((cell) => interval(cell, 3)).join(' | ');
    return `| ${label} | ${tasks} | ${curves} | ${interval(netCorrections, 1)} |`;
  });
  return `## Held-out results

On tasks never trained on, ${samples} chains each at temperature ${temperature}; means with 95% intervals over tasks.
k is the number of self-improvement steps; net corrections are wrong to right minus right to wrong between
k = 0 and k = ${depth}, per hundred.

| domain | tasks | solved, k = 0 | solved, k = ${depth} | quality, k = 0 | quality, k = ${depth} | net corrections |
|---|---|---|---|---|---|---|
${rows.join('\n')}`;
}

function revisionSection({ portraits }: BaseModelReport): string {
  const rows = portraits.map(
    ({ label, revisionStats: { wellFormed, changesWrong, changesRight } }) => {
      const cells = [wellFormed, changesWrong, changesRight].map((cell) => interval(cell, 3));
      return `| ${label} | ${cells.join(' | ')} |`;
    },
  );
  return `## How it writes and reads

In the same chains. ${meaningOfPart(portraits)}

| domain | well-formed attempts | changes a part that was wrong | changes a part that was right |
|---|---|---|---|
${rows.join('\n')}`;
}

function meaningOfPart(portraits: BaseModelReport['portraits']): string {
  const parts = portraits.map(({ task }) => manifestOf(task)?.part);
  const marked = parts.filter((part) => part !== undefined);
  return [
    ...(marked.length > 0 ? [`A part is what the feedback marks: ${marked.join('; ')}.`] : []),
    ...(marked.length < parts.length
      ? ['Where it marks nothing, a part is the whole attempt.']
      : []),
  ].join('\n');
}

const LIMITATIONS = `## Limitations

This is where demonstrations of a training method start, not a language model. It reads and writes only the
words of its vocabulary, and is of no use outside of it. It was made with one seed, and the intervals cover
the held-out tasks and not the seeds.`;
