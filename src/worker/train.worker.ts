/** Composition root of the training worker: the trainer, this worker's wire, and where files are. */
import plain from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import { REPLICA_METHODS } from '../model/parallel/host.ts';
import type { Replica } from '../model/parallel/replica.ts';
import { openBrowserModels, openBrowserStore } from './browser-store.ts';
import { remote, type RemoteOptions } from './calls.ts';
import { fetchBytes } from './fetch-bytes.ts';
import { createTrainer } from './trainer.ts';
import { createEmit, serve } from './wire.ts';

const emit = createEmit(self);

/** Messages that were there before come first. */
const turns = new MessageChannel();
const nextMessage = (): Promise<void> =>
  new Promise((resolve) => {
    turns.port1.onmessage = () => resolve();
    turns.port2.postMessage(null);
  });

/** Absent where there are no locks. */
const whenFree: RemoteOptions['whenFree'] =
  'locks' in navigator
    ? (lock, callBack) => void navigator.locks.request(lock, callBack)
    : undefined;

/** Absolute, since a built worker's relative addresses start from its own folder. */
const absolute = (url: string): string => new URL(url, self.location.href).href;

serve(
  self,
  createTrainer({
    emit,
    openAssets: (base) => (path) => fetchBytes(new URL(path, base)),
    wasmPaths: {
      'tfjs-backend-wasm.wasm': absolute(plain),
      'tfjs-backend-wasm-simd.wasm': absolute(simd),
      // Never asked for: threads need an isolated page, and bring nothing on two cores.
      'tfjs-backend-wasm-threaded-simd.wasm': absolute(simd),
    },
    openStore: openBrowserStore,
    openModels: openBrowserModels,
    cores: navigator.hardwareConcurrency,
    openReplica: () => {
      const worker = new Worker(new URL('./replica.worker.ts', import.meta.url), {
        type: 'module',
      });
      let isGone = false;
      const onGone = (): void => void (isGone = true);
      const replica = remote<Replica>(worker, REPLICA_METHODS, { whenFree, onGone });
      return { replica, isGone: () => isGone, close: () => worker.terminate() };
    },
    clock: () => performance.now(),
    nextTask: () => new Promise((resolve) => setTimeout(resolve, 0)),
    nextMessage,
  }),
);

// Whoever waits for the lock hears of this worker's end, and of nothing else: a busy worker holds it too.
if ('locks' in navigator) {
  const lock = `exit-lab training worker ${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  void navigator.locks.request(lock, () => {
    emit('alive', { lock });
    return new Promise<never>(() => undefined);
  });
}

// Unlike errors, these do not reach the page by themselves.
self.addEventListener('unhandledrejection', ({ reason }) => {
  emit('failure', { message: reason instanceof Error ? reason.message : String(reason) });
});
