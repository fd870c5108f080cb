/**
 * Keeps finished experiments with the code, and makes docs/results.md of what is kept: the same files give
 * the same bytes.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { analyse } from '../experiments/analysis.ts';
import { claimsOf } from '../experiments/claims.ts';
import { openFolder, readManifest } from '../experiments/executors/folder.ts';
import { ExperimentError } from '../experiments/experiment.ts';
import { planExperiment } from '../experiments/plan.ts';
import { plots, type Plot } from '../experiments/plots.ts';
import { readArchive, writeArchive, type ResultsArchive } from '../experiments/results-archive.ts';
import { fillText } from '../experiments/results-text.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { machineName } from './machine.ts';

const FLAGS = {
  add: { kind: 'string', help: 'Folder of a finished experiment that is to be kept.' },
  as: { kind: 'string', help: 'Name that it is kept under, with --add.' },
  date: { kind: 'string', help: 'Day on which it was run, with --add: 2026-11-30.' },
  repeat: { kind: 'string', help: 'The command that repeats it, with --add.' },
  commit: { kind: 'string', help: 'The commit that it was run at, with --add; HEAD where absent.' },
  dir: {
    kind: 'string',
    default: 'docs/results',
    help: 'Folder of what is kept: archives, text.md and plots.',
  },
  out: { kind: 'string', default: 'docs/results.md', help: 'File that is made of it.' },
  claims: {
    kind: 'string',
    default: 'src/ui/panels/claims/claims.json',
    help: 'File of what the page says of the paper, made of it too.',
  },
} as const;

const ENDING = '.json.gz';
const TEXT = 'text.md';

export const results = defineCommand({
  flags: FLAGS,
  params: [],
  run: async ({ flags }) => {
    try {
      if (flags.add !== undefined) await keep(flags.add, flags);
      await render(flags);
    } catch (error) {
      throw error instanceof ExperimentError ? new CliError(error.message) : error;
    }
  },
});

interface Keeping {
  readonly as: string | undefined;
  readonly date: string | undefined;
  readonly repeat: string | undefined;
  readonly commit: string | undefined;
  readonly dir: string;
}

async function keep(folder: string, { as, date, repeat, commit, dir }: Keeping): Promise<void> {
  if (as === undefined || date === undefined || repeat === undefined) {
    throw new CliError('--add: got a folder alone, expected --as, --date and --repeat with it');
  }
  const experiment = await readManifest(folder);
  if (!experiment) {
    throw new CliError(`--add: got "${folder}", expected the folder of an experiment`);
  }
  const plan = planExperiment(experiment);
  const finished = (await openFolder(folder, plan)).results();
  if (finished.length < plan.jobs.length) {
    const got = `${finished.length} of ${plan.jobs.length} jobs finished`;
    throw new CliError(`--add: got ${got} in "${folder}", expected all of them`);
  }
  const provenance = {
    commit: commit ?? execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' }).trim(),
    command: repeat,
    machine: finished[0]?.origin.machine ?? machineName(),
    date,
  };
  await mkdir(dir, { recursive: true });
  const bytes = gzipSync(writeArchive(plan, finished, provenance), { level: 9 });
  await writeFile(join(dir, as + ENDING), bytes);
}

interface Rendering {
  readonly dir: string;
  readonly out: string;
  readonly claims: string;
}

async function render({ dir, out, claims }: Rendering): Promise<void> {
  const names = (await readdir(dir)).filter((name) => name.endsWith(ENDING)).sort();
  const archives = new Map<string, ResultsArchive>();
  for (const name of names) {
    const content = gunzipSync(await readFile(join(dir, name))).toString('utf8');
    archives.set(name.slice(0, -ENDING.length), readArchive(content));
  }
  const entries = [...archives].map(([name, archive]) => {
    const analysis = analyse(archive.plan, archive.results);
    return [name, { ...archive, analysis, plots: plots(archive.plan, archive.results) }] as const;
  });
  await replacePictures(
    dir,
    entries.flatMap(([name, kept]) =>
      kept.plots.map((plot) => ({ ...plot, name: `${name}-${plot.name}` })),
    ),
  );
  const text = await readFile(join(dir, TEXT), 'utf8');
  const page = fillText(text, new Map(entries));
  await writeFile(out, page);
  await writeFile(claims, `${JSON.stringify(claimsOf(page), null, 2)}\n`);
}

/** Those of before go first: one that is made no more would stay for ever. */
async function replacePictures(dir: string, pictures: readonly Plot[]): Promise<void> {
  const before = (await readdir(dir)).filter((name) => name.endsWith('.svg'));
  await Promise.all(before.map((name) => rm(join(dir, name))));
  for (const { name, content } of pictures) await writeFile(join(dir, name), content);
}
