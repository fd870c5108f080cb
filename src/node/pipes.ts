/** What happens when nobody reads any more what a command prints: `| head`, a closed terminal. */

/** Exit code by which shells know it: 128 and the number of SIGPIPE. */
export const CLOSED_PIPE_CODE = 141;

const GONE: readonly unknown[] = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'];

/** Without a listener such an error would end the process with a stack, in the middle of whatever it does. */
export function onClosedPipe(handler: () => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (GONE.includes(error.code)) handler();
      else process.exitCode = 1;
    });
  }
}
