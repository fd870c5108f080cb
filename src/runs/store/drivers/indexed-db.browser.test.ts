import { deleteDB } from 'idb';
import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyPlainFolder } from '../faults.testing.ts';
import { openAlternating } from './alternating.ts';
import { indexedDbFolder, openFilesDatabase, openIndexedDbSets } from './indexed-db.ts';

let count = 0;

async function freshName(): Promise<string> {
  const name = `conformance-${count++}`;
  await deleteDB(name);
  return name;
}

conformanceOfFiles('a database of the browser', async () => {
  const folder = indexedDbFolder(await openFilesDatabase(await freshName()), 'set');
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});

conformanceOfSets('a database of the browser', async () => openIndexedDbSets(await freshName()));
