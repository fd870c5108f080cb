/** WebGPU in Node: Dawn, the implementation of Chromium, from the optional package `webgpu`. */
import type * as Dawn from 'webgpu';
import { CliError } from './args.ts';

/**
 * Puts `gpu` where a page has it, on `navigator`. Asked for by name only: where no driver is found, Dawn
 * complains on standard error.
 * @throws CliError if the package is not there or does not run on this system.
 */
export async function provideGraphics(): Promise<void> {
  const { create, globals } = await loadDawn();
  Object.assign(globalThis, globals);
  const gpu = create([]);
  // Before version 21 Node has no navigator.
  if (typeof navigator === 'undefined') {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
  }
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
}

async function loadDawn(): Promise<typeof Dawn> {
  try {
    return await import('webgpu');
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    throw new CliError(
      `backend: WebGPU was asked for, but the optional package webgpu cannot be loaded: ${reason}`,
    );
  }
}
