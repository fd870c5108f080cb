/**
 * Kills `exit-lab train` at random moments, goes on each time, and compares the run in the end with one
 * that nobody disturbed:
 *
 *     npx tsx scripts/run-kills.ts [kills, 20 where absent] [seed]
 *
 * The run is saved after every step, so that many kills come in the middle of a save. After each it must
 * still be whole, and no shorter than it was; after all of them and further steps it must be equal to the
 * undisturbed one, weights, optimizer, buffer and random streams to the bit. Exits with 1 otherwise.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRng } from '../src/base/rng.ts';
import { fromFiles, type RunBundle } from '../src/runs/bundle.ts';
import { openFolder } from '../src/runs/store/drivers/folder.ts';
import { nodeFolder } from '../src/runs/store/drivers/node-folder.ts';
import { readBundle, recordsOf } from '../src/runs/store/reader.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = join(ROOT, 'scripts', 'exit-lab.mjs');
const SHAPE = (
  '--backend wasm --init scratch --warmStartSteps 1 --hiddenSize 32 --numLayers 1 --numHeads 2 ' +
  '--intermediateSize 48 --batchGroups 4 --groupSize 4 --bufferMin 1 --bufferCapacity 64 --evalEvery 25 ' +
  '--evalTasks 4 --evalDepth 2'
).split(' ');
/** Trained after the last kill. */
const FURTHER = 50;
/** What a kill waits for, in turn, before so many milliseconds more at most. */
const MOMENTS = [
  { name: 'its start', most: 4000, isThere: () => true },
  { name: 'a save', most: 200, isThere: () => savedSince() },
  {
    name: 'a file that is being written',
    most: 0,
    isThere: () => savedSince() && leftovers().length > 0,
  },
  {
    name: 'a file that is being written',
    most: 12,
    isThere: () => savedSince() && leftovers().length > 0,
  },
] as const;
/** Milliseconds: what does not come until then is not waited for. */
const LONGEST = 20_000;

const [kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const rng = createRng(seed);
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-run-kills-'));
const disturbed = join(folder, 'disturbed');
const undisturbed = join(folder, 'undisturbed');
const problems: string[] = [];
/** When the last save was that the run was killed after. */
let saved = 0;
/** Kills that left a save half done. */
let inSave = 0;
let done = 0;

for (let kill = 1; kill <= kills; kill++) {
  const moment = MOMENTS[kill % MOMENTS.length]!;
  const after = rng.next() * moment.most;
  await killAt(moment, after);
  const before = done;
  done = await stateAfterKill(before);
  say(`kill ${kill}, ${Math.round(after)} ms after ${moment.name}: step ${done}`);
  if (done < before) problems.push(`kill ${kill}: step ${before} became ${done}`);
}
const until = done + FURTHER;
finish(['--resume', disturbed, '--out', disturbed, '--steps', String(until)]);
finish([...SHAPE, '--out', undisturbed, '--steps', String(until), '--saveEvery', '1000000']);
const differences = await compare();
problems.push(...differences);
for (const problem of problems) say(problem);
say(
  `${kills} kills, ${inSave} of them within a save: ${problems.length - differences.length} runs lost or mixed, ` +
    `${differences.length} differences after ${until} steps`,
);
rmSync(folder, { recursive: true });
process.exitCode = problems.length === 0 ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What is there already is gone on with. */
function argsNow(): string[] {
  const resumed = done > 0 || existsSync(join(disturbed, 'manifest.json'));
  const from = resumed ? ['--resume', disturbed] : [...SHAPE, '--force'];
  return ['train', ...from, '--out', disturbed, '--steps', '1000000', '--saveEvery', '1'];
}

async function killAt({ isThere }: (typeof MOMENTS)[number], milliseconds: number): Promise<void> {
  saved = manifestTime();
  const began = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...argsNow()], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (!isThere() && child.exitCode === null && performance.now() - began < LONGEST)
    await wait(0);
  if (milliseconds > 0) await wait(milliseconds);
  child.kill('SIGKILL');
  await ended;
  if (child.exitCode !== null) problems.push(`exit code ${child.exitCode} where it should go on`);
}

/** @returns the steps that the run has; it is read as anybody would read it, and left as it was found. */
async function stateAfterKill(least: number): Promise<number> {
  if (!existsSync(join(disturbed, 'manifest.json'))) return least;
  if (leftovers().length > 0) inSave++;
  try {
    const files = await openFolder(nodeFolder(disturbed), { mode: 'read' });
    const { run } = await readBundle(files);
    let steps = 0;
    for await (const { step } of recordsOf(files)) steps = step;
    if (steps !== run!.step) problems.push(`records end at ${steps}, expected ${run!.step}`);
    return run!.step;
  } catch (error) {
    problems.push(String(error));
    return least;
  }
}

function leftovers(): string[] {
  return ['', 'steps', 'checkpoints', 'metrics'].flatMap((inside) => {
    const path = join(disturbed, inside);
    return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.new')) : [];
  });
}

function manifestTime(): number {
  return statSync(join(disturbed, 'manifest.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function savedSince(): boolean {
  return manifestTime() !== saved;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function finish(args: readonly string[]): void {
  const line = [PROGRAM, 'train', ...args];
  const { status, stderr } = spawnSync(process.execPath, line, { encoding: 'utf8' });
  if (status !== 0) problems.push(`exit code ${status}: ${stderr}`);
}

/** Of all that a run goes on from; times and memory are the machine's. */
async function compare(): Promise<string[]> {
  const different: string[] = [];
  for (const name of ['model.safetensors', 'training_state.safetensors', 'run.json']) {
    const [a, b] = [disturbed, undisturbed].map((run) => readFileSync(join(run, name)));
    if (!a!.equals(b!)) different.push(`${name} differs`);
  }
  const [a, b] = await Promise.all([disturbed, undisturbed].map(bundleIn));
  a!.rows.forEach((row, i) => {
    if (JSON.stringify(numerics(row)) !== JSON.stringify(numerics(b!.rows[i]!))) {
      different.push(`metrics of step ${row.step} differ`);
    }
  });
  if (a!.rows.length !== b!.rows.length) different.push('the numbers of rows differ');
  return different;
}

async function bundleIn(run: string): Promise<RunBundle> {
  const files = await openFolder(nodeFolder(run), { mode: 'read' });
  return fromFiles(
    await Promise.all(
      [...files.list().keys()].map(async (path) => ({ path, bytes: await files.read(path) })),
    ),
  );
}

function numerics(row: RunBundle['rows'][number]): [string, unknown][] {
  return Object.entries(row).filter(
    ([id]) => !/^(time|memory)\/|^step_time$|^tokens_per_second$/.test(id),
  );
}
