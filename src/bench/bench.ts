/** `npm run bench`: engines side by side, in one run, as ratios. */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { CliError, parseCli, runCli } from '../cli/args.ts';
import { compareRatios, readRatios } from './check.ts';
import { startChromium, type Chromium } from './chromium.ts';
import { machineWords } from './machine.ts';
import { measureExitSteps, measureSection, type Setting } from './measure.ts';
import { openNodePlace } from './node.ts';
import { performancePage } from './page.ts';
import {
  ratiosOf,
  WHERES,
  type ExitSteps,
  type Results,
  type Section,
  type Where,
} from './results.ts';
import { textTable } from './table.ts';
import { SIZES, type Size } from './workload.ts';

const FLAGS = {
  rounds: {
    kind: 'integer',
    range: [1, 100],
    help: 'Rounds measured (default 5; 3 with --check).',
  },
  sizes: {
    kind: 'string',
    help: 'Of S and M, separated by commas (default both; S with --check).',
  },
  where: {
    kind: 'string',
    help: 'Of node and chromium, separated by commas (default both; node with --check).',
  },
  json: { kind: 'string', help: 'File for all that was measured, as JSON.' },
  check: {
    kind: 'boolean',
    help: 'Compares ratios with the recorded ones; exit code 1 on a loss.',
  },
  record: { kind: 'boolean', help: 'Writes docs/performance.md and docs/performance.json.' },
} as const;

/** The reference first: the others are compared with it. */
const CONTENDERS = {
  node: ['plain-wasm', 'ours-wasm', 'jax-wasm', 'torch'],
  chromium: ['plain-wasm', 'ours-wasm', 'jax-wasm', 'plain-webgpu', 'ours-webgpu', 'jax-webgpu'],
} as const satisfies Record<Where, readonly string[]>;

interface Plan {
  readonly rounds: number;
  readonly sizes: readonly Size[];
  readonly wheres: readonly Where[];
}

function listed<T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((word) => {
    const found = known.find((candidate) => candidate === word);
    if (found !== undefined) return found;
    throw new CliError(`--${flag}: got "${word}", expected some of ${known.join(', ')}`);
  });
}

async function measureAll({ rounds, sizes, wheres }: Plan): Promise<Results> {
  const sections: Section[] = [];
  const exitSteps: ExitSteps[] = [];
  const chromium = wheres.includes('chromium') ? await startChromium() : undefined;
  try {
    for (const where of wheres) {
      const setting = {
        where,
        rounds,
        log,
        open: opener(where, chromium),
      } satisfies Partial<Setting>;
      for (const size of sizes) {
        sections.push(await measureSection({ ...setting, size }, CONTENDERS[where]));
      }
      exitSteps.push(await measureExitSteps({ ...setting, size: 'S' }));
    }
  } finally {
    await chromium?.close();
  }
  const date = new Date().toISOString().slice(0, 10);
  const machine = machineWords(chromium?.version);
  return { date, machine, rounds, sections, exitSteps, ratios: ratiosOf(sections) };
}

function opener(where: Where, chromium: Chromium | undefined): Setting['open'] {
  return where === 'chromium' && chromium ? chromium.open : openNodePlace;
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

async function checkAgainstRecord({ ratios }: Results): Promise<void> {
  const { compared, losses } = compareRatios(readRatios(await readFile(RECORD, 'utf8')), ratios);
  if (compared.length === 0) throw new Error('nothing of what was measured has been recorded');
  if (losses.length > 0) throw new Error(`the engine has lost ground:\n${losses.join('\n')}`);
  process.stdout.write(`${compared.length} ratios compared with the recorded ones: none lost.\n`);
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
  const { rounds, sizes, where, json, check, record } = cli.flags;
  const results = await measureAll({
    rounds: rounds ?? (check ? 3 : 5),
    sizes: listed('sizes', sizes ?? (check ? 'S' : 'S,M'), SIZES),
    wheres: listed('where', where ?? (check ? 'node' : 'node,chromium'), WHERES),
  });
  process.stdout.write(textTable(results));
  if (json !== undefined) await writeFile(json, await jsonOf(results));
  if (record) await writeRecord(results);
  if (check) await checkAgainstRecord(results);
});
