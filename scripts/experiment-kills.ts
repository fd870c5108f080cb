/**
 * Kills an experiment at random moments, begins it again each time, and compares what it says in the end
 * with a run that nobody disturbed:
 *
 *     npx tsx scripts/experiment-kills.ts [kills, 10 where absent] [seed]
 *
 * Every process of it is killed at once, without a chance to write anything. Exits with 1 if a finished
 * job was lost or changed, or if the merged tables or plots differ in a byte.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRng } from '../src/base/rng.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND = ['scripts/exit-lab.mjs', 'experiment'];

const EXPERIMENT = join(ROOT, 'src/experiments/fixtures/sixteen-jobs.json');

const [kills = 10, seed = 1] = process.argv.slice(2).map(Number);
const rng = createRng(seed);
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-kills-'));
const undisturbed = join(folder, 'undisturbed');
const disturbed = join(folder, 'disturbed');

const began = performance.now();
finish(undisturbed);
const took = performance.now() - began;
const lost: string[] = [];
let killed = 0;
for (; killed < kills; killed++) {
  const before = finishedJobs(disturbed);
  const after = 500 + rng.next() * (took / (kills / 2));
  const ended = await killAfter(after);
  const now = finishedJobs(disturbed);
  for (const [name, content] of before) if (now.get(name) !== content) lost.push(name);
  say(`kill ${killed + 1} after ${Math.round(after)} ms: ${now.size} of 16 jobs finished`);
  // What is left to kill where all is done is nothing.
  if (ended) break;
}
finish(disturbed);
const different = reportFiles(undisturbed).filter(
  (name) => read(undisturbed, name) !== read(disturbed, name),
);
say(
  `${killed} kills: ${lost.length} finished jobs lost or changed, ` +
    `${different.length} of ${reportFiles(undisturbed).length} merged files differ`,
);
rmSync(folder, { recursive: true });
process.exitCode = lost.length + different.length === 0 && killed === kills ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function finish(out: string): void {
  const { status, stderr } = spawnSync(process.execPath, argsFor(out), {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`exit code ${status}: ${stderr}`);
}

function argsFor(out: string): string[] {
  return [
    ...COMMAND,
    '--file',
    EXPERIMENT,
    '--out',
    out,
    '--jobs',
    '2',
    '--checkpointSeconds',
    '0',
  ];
}

/** @returns whether it had come to its end before. */
async function killAfter(milliseconds: number): Promise<boolean> {
  // A group of its own, so that its children are killed with it.
  const child = spawn(process.execPath, argsFor(disturbed), {
    cwd: ROOT,
    detached: true,
    stdio: 'ignore',
  });
  const ended = ending(child);
  const first = await Promise.race([
    ended.then(() => true),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), milliseconds)),
  ]);
  if (!first) process.kill(-child.pid!, 'SIGKILL');
  await ended;
  return first;
}

function ending(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => child.once('exit', () => resolve()));
}

function finishedJobs(out: string): Map<string, string> {
  const names = namesIn(join(out, 'jobs')).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, read(join(out, 'jobs'), name)]));
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** All but the one that says how long it took. */
function reportFiles(out: string): string[] {
  const plots = namesIn(join(out, 'plots')).map((name) => join('plots', name));
  return ['experiment.json', 'report.md', 'report.json', 'runs.csv', 'metrics.csv', ...plots];
}

function read(out: string, name: string): string {
  return readFileSync(join(out, name), 'utf8');
}
