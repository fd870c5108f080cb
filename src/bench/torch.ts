/** PyTorch on one CPU thread, as a mark of what a processor can do outside a browser. Node only. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import type { Engine, PreparedEngine, Workload } from './engine.ts';

const SCRIPT = fileURLToPath(new URL('./torch_engine.py', import.meta.url));

/** Another Python may come first on the path; Debian's `python3-torch` belongs to this one. */
const DEBIANS = '/usr/bin/python3';

const lossSchema = v.object({ loss: v.number() });
const tokensSchema = v.object({ tokens: v.array(v.number()) });

export const torchCpu: Engine = {
  id: 'torch',
  label: 'PyTorch, one CPU thread',
  prepare: async (workload) => {
    const first = describe(workload);
    return start('python3', first).catch(() => start(DEBIANS, first));
  },
};

async function start(command: string, first: string): Promise<PreparedEngine> {
  const python = spawn(command, [SCRIPT], { env: { ...process.env, OPENBLAS_NUM_THREADS: '1' } });
  const ask = createAsker(python);
  await ask(first);
  return createEngine(python, ask);
}

type Ask = (line: string) => Promise<unknown>;

function createEngine(python: ChildProcessWithoutNullStreams, ask: Ask): PreparedEngine {
  return {
    train: async () => v.parse(lossSchema, await ask('"train"')).loss,
    sample: async () => Int32Array.from(v.parse(tokensSchema, await ask('"sample"')).tokens),
    dispose: () => void python.stdin.end(),
  };
}

/** One line of JSON there, one back. Rejects with Python's last words if it ends. */
function createAsker(python: ChildProcessWithoutNullStreams): Ask {
  let words = '';
  let ended = false;
  python.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
  python.on('close', () => (ended = true));
  // Nobody asks any more where it ended: the rejection below says why.
  python.stdin.on('error', () => undefined);
  const lines = createInterface({ input: python.stdout });
  return (line) =>
    new Promise((resolve, reject) => {
      const fail = (): void => reject(new Error(lastLine(words) ?? 'python3 did not start'));
      if (ended) return fail();
      python.once('close', fail);
      python.once('error', fail);
      lines.once('line', (answer) => {
        python.off('close', fail);
        python.off('error', fail);
        resolve(JSON.parse(answer));
      });
      python.stdin.write(`${line}\n`);
    });
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1) || undefined;
}

function describe({ config, weights, train, sample }: Workload): string {
  return JSON.stringify({
    config,
    weights: weights.map(({ name, shape, values }) => ({ name, shape, values: [...values] })),
    train,
    sample: { ...sample, uniforms: [...sample.uniforms] },
  });
}
