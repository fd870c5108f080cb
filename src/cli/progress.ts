/** A progress bar on standard error: standard output belongs to results. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, status: string): void;
  stop(): void;
}

/**
 * Without a terminal, one line every `total / 10` units. Stops when `signal` aborts, so that the terminal
 * has its cursor back whatever comes then.
 */
export function createProgress(label: string, total: number, signal: AbortSignal): Progress {
  if (!process.stderr.isTTY) return plainProgress(label, total);
  const bar = new SingleBar(
    {
      format: `${label} {bar} {value}/{total} · {eta_formatted} left · {status}`,
      hideCursor: true,
      // Its own way with signals keeps them from ending anything.
      gracefulExit: false,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { status: '' });
  signal.addEventListener('abort', () => bar.stop(), { once: true });
  // However the process ends: a bar that was stopped does nothing.
  process.once('exit', () => bar.stop());
  return { update: (done, status) => bar.update(done, { status }), stop: () => bar.stop() };
}

/** Shows what takes many units while a session is built. */
export function showLoading(
  signal: AbortSignal,
): (message: string, done: number, total: number) => void {
  let bar: Progress | undefined;
  return (message, done, total) => {
    if (total <= 1) return;
    bar ??= createProgress(message, total, signal);
    bar.update(done, '');
    if (done === total) bar.stop();
  };
}

function plainProgress(label: string, total: number): Progress {
  const stride = Math.max(1, Math.round(total / 10));
  return {
    update: (done, status) => {
      if (done % stride === 0 || done === total) {
        process.stderr.write(`${label} ${done}/${total} ${status}\n`);
      }
    },
    stop: () => undefined,
  };
}
