/** A progress bar on standard error: standard output belongs to results. */
import { Presets, SingleBar } from 'cli-progress';

export interface Progress {
  update(done: number, status: string): void;
  stop(): void;
}

/** Without a terminal, one line every `total / 10` units. */
export function createProgress(label: string, total: number): Progress {
  if (!process.stderr.isTTY) return plainProgress(label, total);
  const bar = new SingleBar(
    {
      format: `${label} {bar} {value}/{total} · {eta_formatted} left · {status}`,
      hideCursor: true,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { status: '' });
  return { update: (done, status) => bar.update(done, { status }), stop: () => bar.stop() };
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
