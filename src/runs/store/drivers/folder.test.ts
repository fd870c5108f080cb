import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { conformanceOfFiles, conformanceOfSets } from '../conformance.testing.ts';
import { faultyFolder } from '../faults.testing.ts';
import { openFolder } from './folder.ts';
import { folderSets, nodeFolder } from './node-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'exit-lab-store-'));
let count = 0;
const newFolder = (): string => join(root, String(count++));

afterAll(() => rmSync(root, { recursive: true, force: true }));

conformanceOfFiles('a folder', async () => {
  const folder = nodeFolder(newFolder());
  return { open: (faults) => openFolder(faults ? faultyFolder(folder, faults) : folder) };
});

conformanceOfSets('folders', async () => folderSets(newFolder()));

const text = (content: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(content);

async function written(): Promise<string> {
  const folder = newFolder();
  const files = await openFolder(nodeFolder(folder));
  await files.commit({
    write: new Map([
      ['a.txt', text('first')],
      ['in/b.txt', text('kept')],
    ]),
  });
  await files.commit({ write: new Map([['a.txt', text('second')]]) });
  return folder;
}

describe('a folder', () => {
  it('holds every file under its own name, and nothing else but the manifest', async () => {
    const folder = await written();
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'in', 'manifest.json']);
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('second');
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
      generation: number;
      files: Record<string, { bytes: number; generation: number }>;
    };
    expect(manifest.generation).toBe(2);
    expect(manifest.files['a.txt']).toMatchObject({ bytes: 6, generation: 2 });
    expect(manifest.files['in/b.txt']).toMatchObject({ bytes: 4, generation: 1 });
  });

  it('leaves files alone that are not its own', async () => {
    const folder = await written();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    const files = await openFolder(nodeFolder(folder));
    await files.commit({ remove: ['a.txt'] });
    expect(readdirSync(folder).sort()).toEqual(['in', 'manifest.json', 'notes.txt']);
  });

  it.each([
    ['of another size', 'changed, and longer'],
    ['of the same size', 'SECOND'],
  ])('refuses a file of the last save %s, naming it', async (_, content) => {
    const folder = await written();
    writeFileSync(join(folder, 'a.txt'), content);
    await expect(openFolder(nodeFolder(folder))).rejects.toThrow(
      /^a\.txt: got other \d+ bytes, expected the 6 bytes that save 2 wrote/,
    );
  });

  it('refuses a file of an earlier save that is another now when it is read', async () => {
    const folder = await written();
    writeFileSync(join(folder, 'in/b.txt'), 'KEPT');
    const files = await openFolder(nodeFolder(folder));
    await expect(files.read('in/b.txt')).rejects.toThrow(/^in\/b\.txt: got 4 bytes, expected/);
  });

  it('refuses a file that is gone, naming it', async () => {
    const folder = await written();
    rmSync(join(folder, 'in/b.txt'));
    await expect(openFolder(nodeFolder(folder))).rejects.toThrow(/^in\/b\.txt: got no file/);
  });

  it.each([
    ['{', 'is not JSON'],
    ['{"name":"my app"}', 'format: got nothing, expected "exit-lab-files"'],
    ['{"format":"exit-lab-files","version":2}', 'version: got 2, expected 1'],
  ])('refuses the manifest %s', async (content, problem) => {
    const folder = newFolder();
    mkdirSync(folder);
    writeFileSync(join(folder, 'manifest.json'), content);
    await expect(openFolder(nodeFolder(folder))).rejects.toThrow(`manifest.json: ${problem}`);
  });

  it.each(['../a', '/etc/passwd', 'a/../../b', 'a//b', 'C:\\a', '.'])(
    'refuses a manifest that lists %s',
    async (path) => {
      const folder = await written();
      const file = join(folder, 'manifest.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('"a.txt"', JSON.stringify(path)));
      await expect(openFolder(nodeFolder(folder))).rejects.toThrow(
        /^manifest\.json: .*expected a relative path/,
      );
    },
  );

  it('lets people change what is theirs to change, and does not write over it', async () => {
    const folder = await written();
    const open = () => openFolder(nodeFolder(folder), { editable: ['a.txt'] });
    writeFileSync(join(folder, 'a.txt'), 'my own words');
    const files = await open();
    expect(new TextDecoder().decode(await files.read('a.txt'))).toBe('my own words');
    await files.commit({
      write: new Map([
        ['a.txt', text('third')],
        ['c.txt', text('new')],
      ]),
    });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('my own words');
    rmSync(join(folder, 'a.txt'));
    await (await open()).commit({ write: new Map([['a.txt', text('fourth')]]) });
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('fourth');
    expect((await open()).list().size).toBe(3);
  });

  it('given up, is replaced whole by the next commit and not before', async () => {
    const folder = await written();
    writeFileSync(join(folder, 'a.txt'), 'spoilt');
    const files = await openFolder(nodeFolder(folder), { replace: true });
    expect([...files.list()]).toEqual([]);
    expect(readFileSync(join(folder, 'in/b.txt'), 'utf8')).toBe('kept');
    await files.commit({ write: new Map([['a.txt', text('second')]]) });
    const again = await openFolder(nodeFolder(folder));
    expect(new TextDecoder().decode(await again.read('a.txt'))).toBe('second');
    expect(readdirSync(join(folder, 'in'))).toEqual([]);
  });

  it('notices that another program has saved meanwhile', async () => {
    const folder = await written();
    const [mine, theirs] = [
      await openFolder(nodeFolder(folder)),
      await openFolder(nodeFolder(folder)),
    ];
    await theirs.commit({ write: new Map([['a.txt', text('theirs')]]) });
    await expect(mine.commit({ write: new Map([['a.txt', text('mine')]]) })).rejects.toThrow(
      'manifest.json: was changed by another program meanwhile',
    );
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('theirs');
    expect(readdirSync(folder).sort()).toEqual(['a.txt', 'in', 'manifest.json']);
  });

  it('is read where it cannot be written, between a commit and its tidying too', async () => {
    const folder = await written();
    cpSync(join(folder, 'a.txt'), join(folder, 'a.txt.2.new'));
    writeFileSync(join(folder, 'a.txt'), 'first');
    chmodSync(folder, 0o555);
    try {
      const files = await openFolder(nodeFolder(folder), { mode: 'read' });
      expect(new TextDecoder().decode(await files.read('a.txt'))).toBe('second');
      expect(readdirSync(folder)).toContain('a.txt.2.new');
    } finally {
      chmodSync(folder, 0o755);
    }
  });
});
