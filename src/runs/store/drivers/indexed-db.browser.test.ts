import { expect, it } from 'vitest';
import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyPlainFolder } from '../faults.testing.ts';
import { openAlternating } from './alternating.ts';
import { connectTo, indexedDbFolder, openIndexedDbSets } from './indexed-db.ts';

const freshName = (): string => `conformance-${crypto.randomUUID()}`;

conformanceOfFiles('a database of the browser', async () => {
  const folder = indexedDbFolder(connectTo(freshName()), 'set');
  return {
    open: (faults) => openAlternating(faults ? faultyPlainFolder(folder, faults) : folder),
  };
});

conformanceOfSets('a database of the browser', async () => openIndexedDbSets(freshName()));

it('a connection that the browser has ended is followed by another one', async () => {
  const connect = connectTo(freshName());
  const folder = indexedDbFolder(connect, 'set');
  await folder.write('one', new Uint8Array([1]));
  const first = await connect();
  first.close();
  await expect(folder.read('one')).rejects.toThrow();
  // What a browser says of it.
  first.dispatchEvent(new Event('close'));
  expect(await folder.read('one')).toEqual(new Uint8Array([1]));
  expect(await connect()).not.toBe(first);
});

it('sets whose names begin alike are kept apart', async () => {
  const sets = await openIndexedDbSets(freshName());
  const files = { write: new Map([['a.txt', new Uint8Array([1])]]) };
  for (const name of ['run', 'run-1', 'run1', 'ru']) await (await sets.open(name)).commit(files);
  await sets.remove('run');
  expect(await sets.names()).toEqual(['ru', 'run-1', 'run1']);
  expect([...(await sets.open('run-1')).list().keys()]).toEqual(['a.txt']);
});
