/**
 * Shows each format that a run is exported to by the program it is meant for:
 *
 *     npm run interop [-- CHECK …]
 *
 * Trains two small runs, exports them, and has each program load what it reads: what was loaded and what
 * agreed is printed, a line per check and run. Packages of Python and npm go, in pinned versions, to a
 * folder of the user's cache; what cannot be had is skipped, and said. Exits with 1 where something
 * disagrees, with 2 where a check was stopped or is unknown.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEngine } from '../src/model/engine.ts';
import { readRunFolder } from '../src/node/run-folder.ts';
import { fromFiles } from '../src/runs/bundle.ts';
import { logitsOf, makeCases, PROGRAM, type Case, type Expected } from './interop/cases.ts';
import { readBack } from './interop/adapters.ts';
import { writeAnswers } from './interop/smollm2.ts';
import {
  nodeEnvironment,
  pythonEnvironment,
  smollm2Folder,
  Unavailable,
  verifiersEnvironment,
} from './interop/environment.ts';

const script = (name: string): string => fileURLToPath(new URL(`interop/${name}`, import.meta.url));

interface Check {
  /** The command that runs it on a case; it prints a line. Absent: it runs in this process. */
  readonly command?: (folder: string) => readonly [string, ...string[]];
  readonly here?: (one: Case) => Promise<string>;
  /** The only case that it runs on; all where absent. */
  readonly of?: string;
}

const python = (name: string): Check => ({
  command: (folder) => [pythonEnvironment(), script('checks.py'), name, folder],
});
const node = (name: string): Check => ({
  command: (folder) => [process.execPath, script('checks.mjs'), name, folder, nodeEnvironment()],
});

const CHECKS: Readonly<Record<string, Check>> = {
  transformers: python('transformers'),
  // After `transformers`, which saves the folder anew.
  'back-again': { here: comesBack },
  peft: python('peft'),
  // After `peft`, which saves the adapters anew.
  'peft-back-again': { here: adaptersComeBack },
  onnx: python('onnx'),
  'onnxruntime-node': node('onnxruntime-node'),
  'transformers.js': node('transformers.js'),
  tensorboard: python('tensorboard'),
  datasets: python('datasets'),
  trl: python('trl'),
  // Makes its own tasks: of one run is enough.
  verifiers: {
    command: (folder) => [verifiersEnvironment(), script('stub_rollout.py'), join(folder, 'trl')],
    of: 'locks',
  },
  starts: { command: () => [verifiersEnvironment(), script('test_starts.py')], of: 'locks' },
};

/** Those of a real model, which takes minutes and memory: only where they are asked for by name. */
const BY_NAME: Readonly<Record<string, (folder: string) => Promise<Case>>> = {
  smollm2: async (folder) => {
    const at = join(folder, 'smollm2');
    await writeAnswers(smollm2Folder(), at);
    return { name: '135M', folder: at };
  },
};

/** What `transformers` saved is read by our importer, and means the same. */
async function comesBack({ folder }: Case): Promise<string> {
  pythonEnvironment();
  const { snapshot, words } = fromFiles(await readRunFolder(join(folder, 'resaved'), 'resaved'));
  const before = fromFiles(await readRunFolder(join(folder, 'run'), 'run'));
  if (words.join() !== before.words.join()) throw new Error('the words are others');
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Expected;
  const engine = await startEngine({ requested: 'wasm' });
  const policy = await engine.from(snapshot);
  const rows = expected.sequences.map(({ ids }) => ids);
  const logits = await logitsOf(policy, rows);
  policy.dispose();
  const same = JSON.stringify(logits) === JSON.stringify(expected.logits);
  if (!same) throw new Error('the logits are others than those of the run');
  return `what transformers saved anew is read again: ${words.length} words and the logits of ${rows.length} sequences are equal to the bit`;
}

async function adaptersComeBack({ folder }: Case): Promise<string> {
  pythonEnvironment();
  const { snapshot } = fromFiles(await readRunFolder(join(folder, 'run'), 'run'));
  return readBack(folder, snapshot);
}

type Outcome = 'agreed' | 'disagreed' | 'stopped' | 'skipped';

function say(name: string, one: string, text: string): void {
  process.stdout.write(`${name.padEnd(18)} ${one.padEnd(10)} ${text}\n`);
}

async function check(name: string, one: Case): Promise<Outcome> {
  const { command, here } = CHECKS[name]!;
  try {
    if (here) {
      say(name, one.name, await here(one));
      return 'agreed';
    }
    return command ? runs(name, one, command(one.folder)) : 'skipped';
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isSkipped = error instanceof Unavailable;
    say(name, one.name, `${isSkipped ? 'skipped' : 'DISAGREES'}: ${error.message}`);
    return isSkipped ? 'skipped' : 'disagreed';
  }
}

function runs(
  name: string,
  one: Case,
  [program, ...args]: readonly [string, ...string[]],
): Outcome {
  const { status, signal, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    // What a program installs beside itself, as uv, is found first.
    env: {
      ...process.env,
      PATH: `${dirname(program)}${delimiter}${process.env['PATH'] ?? ''}`,
      EXIT_LAB: `${process.execPath} ${PROGRAM}`,
      STUB_KEY: 'none',
    },
  });
  if (status === 0) {
    say(name, one.name, stdout.trim());
    return 'agreed';
  }
  if (status === null) {
    say(name, one.name, `STOPPED: ${program} was ended by ${signal ?? 'nobody knows what'}`);
    return 'stopped';
  }
  say(name, one.name, `DISAGREES: ${stderr.trim().split('\n').slice(-3).join(' ')}`);
  return 'disagreed';
}

function isOwn(name: string): boolean {
  return Object.hasOwn(CHECKS, name);
}

async function checkByName(name: string, folder: string): Promise<Outcome> {
  try {
    const one = await BY_NAME[name]!(folder);
    return runs(name, one, [pythonEnvironment(), script('checks.py'), name, one.folder]);
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    say(name, '', `skipped: ${error.message}`);
    return 'skipped';
  }
}

async function interop(asked: readonly string[]): Promise<number> {
  const known = [...Object.keys(CHECKS), ...Object.keys(BY_NAME)];
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    process.stderr.write(
      `check: got ${JSON.stringify(unknown)}, expected some of ${known.join(', ')}\n`,
    );
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), 'exit-lab-interop-'));
  try {
    const names = asked.length > 0 ? asked : Object.keys(CHECKS);
    const [own, byName] = [names.filter(isOwn), names.filter((name) => !isOwn(name))];
    const outcomes: Outcome[] = [];
    for (const name of byName) outcomes.push(await checkByName(name, folder));
    const cases = own.length > 0 ? await makeCases(folder) : [];
    for (const name of own) {
      const { of } = CHECKS[name]!;
      for (const one of cases) if (!of || of === one.name) outcomes.push(await check(name, one));
    }
    const count = (what: Outcome): number => outcomes.filter((outcome) => outcome === what).length;
    const [disagreed, stopped] = [count('disagreed'), count('stopped')];
    process.stdout.write(
      `${count('agreed')} agreed, ${disagreed} disagreed, ${stopped} stopped, ${count('skipped')} skipped\n`,
    );
    return stopped > 0 ? 2 : Math.min(disagreed, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

process.exitCode = await interop(process.argv.slice(2));
