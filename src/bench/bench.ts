/** `npm run bench`: engines side by side, in one run, as ratios. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { CliError, parseCli, runCli } from '../cli/args.ts';
import { compareRatios, lostTwice, readRecord, type Recorded, type Verdict } from './check.ts';
import { growthProblems } from './memory-growth.ts';
import { performancePage } from './page.ts';
import { pairedRatios, WHERES, type Results } from './results.ts';
import { ENGINE_IDS, measureAll, PART_NAMES, type Plan } from './run.ts';
import { textTable } from './table.ts';
import { SIZES } from './workload.ts';

const FLAGS = {
  rounds: {
    kind: 'integer',
    range: [1, 100],
    help: 'Rounds measured (default 5 at S, 3 at M; 9 with --check).',
  },
  sizes: {
    kind: 'string',
    help: 'Of S and M, separated by commas (default both; S with --check).',
  },
  where: {
    kind: 'string',
    help: 'Of node and chromium, separated by commas (default both; node with --check).',
  },
  only: {
    kind: 'string',
    help: `Of ${PART_NAMES.join(', ')}, separated by commas (default all; engines with --check).`,
  },
  engines: {
    kind: 'string',
    help: `Of ${ENGINE_IDS.join(', ')}, separated by commas (default all).`,
  },
  steps: {
    kind: 'integer',
    range: [10, 1_000_000],
    default: 1000,
    help: 'Small steps for memory.',
  },
  software: {
    kind: 'boolean',
    help: 'Looks at the memory of WebGPU on a software adapter too, for a tenth of the steps.',
  },
  json: { kind: 'string', help: 'File for all that was measured, as JSON.' },
  check: {
    kind: 'boolean',
    help: 'Compares ratios with the recorded ones; exit code 1 on a loss.',
  },
  record: { kind: 'boolean', help: 'Writes docs/performance.md and docs/performance.json.' },
} as const;

function listed<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const found = known.find((candidate) => candidate === word);
    if (found !== undefined) return found;
    throw new CliError(`--${flag}: got "${word}", expected some of ${known.join(', ')}`);
  });
}

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

const RECORD = new URL('../../docs/performance.json', import.meta.url);
const PAGE = new URL('../../docs/performance.md', import.meta.url);

async function writeRecord(results: Results): Promise<void> {
  const options = await resolveConfig(PAGE);
  await writeFile(PAGE, await format(performancePage(results), { ...options, parser: 'markdown' }));
  await writeFile(RECORD, await jsonOf(results));
}

async function jsonOf(results: Results): Promise<string> {
  return format(JSON.stringify(results), { ...(await resolveConfig(RECORD)), parser: 'json' });
}

/** Measures a second time before it fails. */
async function checkAgainstRecord(first: Results, plan: Plan): Promise<void> {
  const record = readRecord(await readFile(RECORD, 'utf8'));
  const before = compare(record, first);
  if (before.compared.length === 0) throw new Error('nothing of what was measured is recorded');
  const ratios = `${before.compared.length} ratios compared with the recorded ones`;
  if (Object.keys(before.losses).length > 0) {
    log(`lost, it seems: ${Object.keys(before.losses).join(', ')}; once more`);
    const lost = lostTwice(before, compare(record, await measureAll(plan)));
    if (lost.length > 0) throw new Error(`our engine has lost ground:\n${lost.join('\n')}`);
  }
  process.stdout.write(`${ratios}: none lost.\n`);
}

function compare({ ratios, machine }: Recorded, now: Results): Verdict {
  // Chromium's version, which comes last, is not measured everywhere.
  if (!now.machine.every((word) => machine.includes(word))) {
    log(`recorded on another machine: ${machine.join(', ')}; this is ${now.machine.join(', ')}`);
  }
  return compareRatios(ratios, pairedRatios(now.sections));
}

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'bench',
    summary: 'Measures training, sampling and a whole step beside other engines, as ratios.',
    flags: FLAGS,
    params: [],
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const { rounds, sizes, where, only, engines, steps, software, json, check, record } = cli.flags;
  const ownRounds = rounds ?? (check ? 9 : undefined);
  const plan: Plan = {
    parts: listed('only', only ?? (check ? 'engines' : PART_NAMES.join(',')), PART_NAMES),
    sizes: listed('sizes', sizes ?? (check ? 'S' : 'S,M'), SIZES),
    wheres: listed('where', where ?? (check ? 'node' : 'node,chromium'), WHERES),
    engines: listed('engines', engines ?? ENGINE_IDS.join(','), ENGINE_IDS),
    ...(ownRounds !== undefined && { rounds: ownRounds }),
    steps,
    software,
    log,
  };
  const results = await measureAll(plan);
  process.stdout.write(textTable(results));
  if (json !== undefined) await writeFile(json, await jsonOf(results));
  const grown = results.soaks.flatMap(growthProblems);
  if (grown.length > 0) throw new Error(`memory grew:\n${grown.join('\n')}`);
  if (record) await writeRecord(results);
  if (check) await checkAgainstRecord(results, plan);
});
