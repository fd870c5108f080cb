/** Engines in Node: each in a process of its own. */
import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { readAnswer, type EngineClient } from './protocol.ts';
import type { Size } from './workload.ts';

const CHILD = fileURLToPath(new URL('./node.child.ts', import.meta.url));

/** The child runs under the same loader as this process. */
export function openNodeEngine(engine: string, size: Size): Promise<EngineClient> {
  // What TensorFlow.js remarks about itself is no result.
  const child = fork(CHILD, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // So that what is left of the process's memory is no garbage.
    execArgv: [...process.execArgv, '--expose-gc'],
  });
  return Promise.resolve({
    ask: async (question, detail) => {
      const answer = await ask(child, { question, engine, size, ...detail });
      return readAnswer(question, answer);
    },
    close: async () => {
      child.kill();
      return Promise.resolve();
    },
  });
}

function ask(child: ChildProcess, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const leave = (code: number | null): void => {
      reject(new Error(`the process ended with ${code ?? 'a signal'}`));
    };
    child.once('exit', leave);
    child.once('message', (answer) => {
      child.off('exit', leave);
      resolve(answer);
    });
    child.send(request);
  });
}
