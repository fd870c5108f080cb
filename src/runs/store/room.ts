/** What is given up where the disk is full: earlier checkpoints, never what a run stands at. */
import { checkpointPath, checkpointSteps } from '../run-paths.ts';
import type { AtomicFiles } from './files.ts';

/** What was given up to make room. */
export interface Room {
  readonly checkpoints: number;
  readonly bytes: number;
}

export const NO_ROOM: Room = { checkpoints: 0, bytes: 0 };

/**
 * Asks one run after the other until so many bytes are free.
 * @param drop gives up checkpoints of a run; rejects where it cannot, so that the next one is asked.
 */
export async function makeRoom(
  ids: readonly string[],
  bytes: number,
  drop: (id: string, wanted: number) => Promise<Room>,
): Promise<Room> {
  let room = NO_ROOM;
  for (const id of ids) {
    if (room.bytes >= bytes) break;
    const more = await drop(id, bytes - room.bytes).catch(() => NO_ROOM);
    room = { checkpoints: room.checkpoints + more.checkpoints, bytes: room.bytes + more.bytes };
  }
  return room;
}

/** The oldest first. */
export async function dropCheckpoints(files: AtomicFiles, wanted: number): Promise<Room> {
  const remove: string[] = [];
  let bytes = 0;
  for (const step of checkpointSteps(files.list().keys())) {
    if (bytes >= wanted) break;
    remove.push(checkpointPath(step));
    bytes += files.list().get(checkpointPath(step))!;
  }
  if (remove.length > 0) await files.commit({ remove });
  return { checkpoints: remove.length, bytes };
}
