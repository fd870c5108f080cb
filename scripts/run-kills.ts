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
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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
/** Milliseconds after its start in which a run is killed. */
const LIFE = { least: 300, most: 3000 } as const;

const [kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const rng = createRng(seed);
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-run-kills-'));
const disturbed = join(folder, 'disturbed');
const undisturbed = join(folder, 'undisturbed');
const problems: string[] = [];
/** Kills that left a save half done. */
let inSave = 0;
let done = 0;

for (let kill = 1; kill <= kills; kill++) {
  const after = LIFE.least + rng.next() * (LIFE.most - LIFE.least);
  await killAfter(after);
  const before = done;
  done = await stateAfterKill(before);
  say(`kill ${kill} after ${Math.round(after)} ms: step ${done}`);
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

async function killAfter(milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [PROGRAM, ...argsNow()], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds);
  await ended;
  clearTimeout(timer);
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
  const { stdout } = spawnSync('find', [disturbed, '-name', '*.new'], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
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
