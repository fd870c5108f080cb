/** The machine in a few words, without naming it. */
import { cpus, totalmem, type } from 'node:os';

export function describeMachine(chromium: string | undefined): string[] {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return [
    `${cpus().length} cores, ${process.arch}`,
    `${gigabytes} GB of memory`,
    type(),
    `Node ${process.versions.node}`,
    ...(chromium === undefined ? [] : [`Chromium ${chromium}`]),
  ];
}
