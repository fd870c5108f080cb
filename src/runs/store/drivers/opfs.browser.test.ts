import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyPlainFolder } from '../faults.testing.ts';
import { openAlternating } from './alternating.ts';
import { opfsFolder, opfsSets } from './opfs.ts';

let count = 0;

async function newFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  const name = `conformance-${count++}`;
  await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  return root.getDirectoryHandle(name, { create: true });
}

// A page has no access that waits for the disk: this is the way of the fallback.
conformanceOfFiles('the origin private file system, on a page', async () => {
  const folder = opfsFolder(await newFolder());
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});

conformanceOfSets('the origin private file system', async () => opfsSets(await newFolder()));
