import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyPlainFolder } from '../faults.testing.ts';
import { openAlternating, type PlainFolder } from './alternating.ts';
import { memoryFiles, memorySets } from './memory.ts';
import type { Bytes } from '../files.ts';

conformanceOfFiles('memory', async () => {
  const files = memoryFiles();
  return { open: async () => files };
});

conformanceOfSets('memory', async () => memorySets());

function plainMemory(): PlainFolder {
  const files = new Map<string, Bytes>();
  return {
    read: async (name) => files.get(name)?.slice(),
    names: async () => [...files.keys()],
    write: async (name, bytes) => void files.set(name, bytes.slice()),
    remove: async (name) => void files.delete(name),
  };
}

conformanceOfFiles('alternating indices', async () => {
  const folder = plainMemory();
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});
