/**
 * Compares strategies on equal terms: the same base policy, steps, groups and held-out tasks, several
 * seeds each. Prints a table with 95% intervals over seeds and writes every evaluation to a file.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import type { Evaluation } from '../exit/records.ts';
import { meanWithInterval } from '../lib/statistics.ts';
import { EVAL_POINTS } from '../spec/metrics.ts';
import { describeIssue, type Config } from '../spec/params.ts';
import { STRATEGIES, type StrategyId } from '../spec/presets.ts';
import { createSession } from '../worker/create-session.ts';
import { CliError, parseCli, runCli } from './args.ts';
import { nodePlatform } from './platform.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  strategies: {
    kind: 'string',
    default: 'grpo,improve,exit,uniform',
    help: 'Strategies compared, separated by commas.',
  },
  seeds: { kind: 'integer', range: [1, 100], default: 3, help: 'Runs of each, from --seed up.' },
  steps: {
    kind: 'integer',
    range: [0, 100_000],
    default: 150,
    help: 'Training steps of each run.',
  },
  tasks: { kind: 'integer', range: [1, 1000], default: 200, help: 'Held-out tasks at the end.' },
  samples: { kind: 'integer', range: [1, 64], default: 4, help: 'Chains per held-out task.' },
  out: { kind: 'string', required: true, help: 'File that gets one JSON line per run.' },
} as const;

interface Outcome {
  readonly strategy: StrategyId;
  readonly seed: number;
  readonly tokens: number;
  readonly evaluation: Evaluation;
}

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'study',
    summary:
      'Trains strategies on equal terms over several seeds and compares them on held-out tasks.',
    flags: FLAGS,
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const { strategies, seeds, steps, tasks, samples, out } = cli.flags;
  const chosen = strategies.split(',').map(strategyId);
  await writeFile(out, '');
  const outcomes: Outcome[] = [];
  const bar = createProgress('runs', chosen.length * seeds);
  for (let i = 0; i < seeds; i++) {
    for (const strategy of chosen) {
      const config = {
        ...cli.config,
        ...STRATEGIES[strategy].values,
        ...cli.given,
        seed: cli.config.seed + i,
        evalEvery: 0,
        evalTasks: tasks,
        evalSamples: samples,
      };
      const outcome = { strategy, seed: config.seed, ...(await runOnce(config, steps)) };
      outcomes.push(outcome);
      await appendFile(out, `${JSON.stringify(outcome)}\n`);
      bar.update(outcomes.length, `${strategy} seed ${config.seed}`);
    }
  }
  bar.stop();
  process.stdout.write(table(chosen, outcomes));
});

function strategyId(name: string): StrategyId {
  if (Object.hasOwn(STRATEGIES, name)) return name as StrategyId;
  const expected = `some of ${Object.keys(STRATEGIES).join(', ')}`;
  throw new CliError(describeIssue({ field: '--strategies', value: `"${name}"`, expected }));
}

async function runOnce(
  config: Config,
  steps: number,
): Promise<Pick<Outcome, 'tokens' | 'evaluation'>> {
  const session = await createSession(
    config,
    nodePlatform(() => undefined),
  );
  for (let i = 0; i < steps; i++) await session.step();
  const evaluation = await session.evaluate();
  const { tokensTrained: tokens } = session.history.state;
  session.dispose();
  return { tokens, evaluation };
}

function table(strategies: readonly StrategyId[], outcomes: readonly Outcome[]): string {
  const head = ['strategy', ...EVAL_POINTS.map((k) => `k=${k}`), 'solved', 'net/100', 'best of 17'];
  const rows = strategies.map((strategy) => {
    const own = outcomes.filter((outcome) => outcome.strategy === strategy);
    const over = (value: (evaluation: Evaluation) => number, digits: number): string => {
      const { mean, ci95 } = meanWithInterval(own.map(({ evaluation }) => value(evaluation)));
      return `${mean.toFixed(digits)} ± ${ci95.toFixed(digits)}`;
    };
    return [
      strategy,
      ...EVAL_POINTS.map((k) => over(({ quality }) => quality[k]?.mean ?? NaN, 3)),
      over(({ solved }) => solved.at(-1)!.mean, 3),
      over(({ netCorrections }) => netCorrections.mean, 1),
      over(({ resampleQuality }) => resampleQuality.at(-1)!.mean, 3),
    ];
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[head, head.map(() => '---'), ...rows].map(line).join('\n')}\n`;
}
