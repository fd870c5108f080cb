/** What every driven browser needs: to be found, started with a home of its own, and ended with all it started. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A page in a browser.
 * @typedef {object} Driven
 * @property {string} version name and number
 * @property {(url: string) => Promise<void>} open waits until the page is loaded
 * @property {() => Promise<void>} reload
 * @property {(expression: string) => Promise<unknown>} evaluate its value in the page, as JSON carries it
 * @property {(expression: string) => Promise<void>} click in the middle of the element that it names
 * @property {() => Promise<Buffer>} screenshot PNG of the window
 * @property {() => readonly string[]} problems errors that the page wrote on its console, where they are told
 * @property {() => Promise<void>} close
 */

/** Which of these programs the PATH lacks. */
export function missing(programs, path = process.env.PATH ?? '') {
  const folders = path.split(delimiter).filter(Boolean);
  return programs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
}

/** @returns a function that ends the program and whatever it started. */
export function start(command, args, home) {
  const child = spawn(command, args, {
    // Settings and downloads of the person stay out of it.
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: undefined, XDG_DOWNLOAD_DIR: undefined },
    stdio: 'ignore',
    // A group of its own, so that the children end with it.
    detached: true,
  });
  const ended = new Promise((resolve) => {
    child.once('exit', resolve);
    child.once('error', resolve);
  });
  return async () => {
    signalGroup(child.pid, 'SIGTERM');
    await Promise.race([ended, sleep(5_000)]);
    signalGroup(child.pid, 'SIGKILL');
  };
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** Asks until there is an answer: neither undefined nor false, nor a throw. */
export async function until(what, ask, ms = 60_000) {
  const deadline = performance.now() + ms;
  let last;
  for (;;) {
    try {
      last = await ask();
      if (last !== undefined && last !== false) return last;
    } catch (error) {
      last = error;
    }
    if (performance.now() > deadline) throw new Error(`waited ${ms / 1000} s: ${what} (${last})`);
    await sleep(100);
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
