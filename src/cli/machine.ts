/** What results were made on. */
import { arch, availableParallelism, cpus, platform } from 'node:os';

export function machineName(): string {
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  const cores = availableParallelism();
  return `${platform()} ${arch()}, ${processor}, ${cores} cores, Node ${process.version}`;
}
