/**
 * How fast attempts are graded on one core, by processor time, and which part of a training step that
 * is. Half of the attempts are demonstrations, half have one word replaced by any other.
 */
import { createRng, type Rng } from '../src/base/rng.ts';
import { DEFAULT_CONFIG } from '../src/schema/params.ts';
import { allPipelines } from '../src/tasks/tables/choices.ts';
import { competitionsOf, tableOf } from '../src/tasks/tables/competitions.ts';
import { evaluate } from '../src/tasks/tables/evaluate.ts';
import { MANIFESTS } from '../src/tasks/manifests.ts';
import { taskById } from '../src/tasks/registry.ts';
import { EMPTY_HISTORY, type Json, type Task, type Token } from '../src/tasks/task.ts';
import { createSession } from '../src/training/create-session.ts';
import { trainingLoop } from '../src/training/loop.ts';
import { nextTask, nodePlatform } from '../src/node/platform.ts';

const DOMAINS = Object.values(MANIFESTS).map(({ variants }) => variants[0].id);
const ATTEMPTS = 20_000;
const NEW_PIPELINES = 300;
const STEPS = 6;
const PHASES = ['time/sample', 'time/grade', 'time/update'] as const;

interface Work {
  readonly instance: Json;
  readonly tokens: readonly Token[];
}

function attemptsAt(task: Task, rng: Rng): Work[] {
  return Array.from({ length: ATTEMPTS }, (_, i) => {
    const instance = task.sample('train', rng);
    const tokens = task.demonstrate(instance, EMPTY_HISTORY, 'solve', rng);
    const other = tokens.with(rng.int(tokens.length), rng.pick(task.vocabulary));
    return { instance, tokens: i % 2 === 0 ? tokens : other };
  });
}

/** Processor time in seconds. */
async function timed(body: () => Promise<void> | void): Promise<number> {
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

async function gradeAll(task: Task, work: readonly Work[]): Promise<void> {
  for (const { instance, tokens } of work) {
    const grade = task.grade(instance, EMPTY_HISTORY, tokens);
    if (grade instanceof Promise) await grade;
  }
}

function report(what: string, count: number, seconds: number): void {
  const rate = Math.round(count / seconds).toLocaleString('en-US');
  const each = ((1e6 * seconds) / count).toFixed(1);
  process.stdout.write(`${what.padEnd(28)} ${rate.padStart(12)} a second, ${each} µs each\n`);
}

async function measureDomain(id: string): Promise<void> {
  const task = taskById(id);
  const work = attemptsAt(task, createRng(1));
  // Once unmeasured: code is compiled, precomputed scores are decoded.
  await gradeAll(task, work);
  report(
    id === 'pipelines' ? 'pipelines, precomputed' : id,
    ATTEMPTS,
    await timed(() => gradeAll(task, work)),
  );
}

async function measureNewPipelines(): Promise<void> {
  const rng = createRng(2);
  const all = allPipelines();
  const seconds = await timed(() => {
    for (let i = 0; i < NEW_PIPELINES; i++) {
      evaluate(tableOf(rng.pick(competitionsOf('train'))), rng.pick(all));
    }
  });
  report('pipelines, trained anew', NEW_PIPELINES, seconds);
}

/** By the clock, as the run itself records it. */
async function measureStep(task: (typeof DOMAINS)[number]): Promise<void> {
  const config = { ...DEFAULT_CONFIG, task, evalEvery: 0, warmStartSteps: 20 };
  const session = await createSession(config, nodePlatform());
  await trainingLoop(session, { budget: { steps: STEPS }, pause: nextTask });
  const rows = session.history.rows.slice(1);
  const mean = (id: (typeof PHASES)[number]): number =>
    rows.reduce((sum, row) => sum + (row[id] ?? 0), 0) / rows.length;
  const whole = PHASES.reduce((sum, id) => sum + mean(id), 0);
  const share = ((100 * mean('time/grade')) / whole).toFixed(1);
  process.stdout.write(`${task.padEnd(28)} ${share.padStart(5)}% of ${Math.round(whole)} ms\n`);
  session.dispose();
}

process.stdout.write('Attempts graded on one core:\n');
for (const id of DOMAINS) await measureDomain(id);
await measureNewPipelines();
process.stdout.write('\nGrading in a training step (32 groups of 8, one core):\n');
for (const id of DOMAINS) await measureStep(id);
