import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toFiles } from '../runs/bundle.ts';
import { BUNDLE } from '../runs/bundle.testing.ts';
import { RunWriter } from '../runs/store/writer.ts';
import { CliError } from './args.ts';
import { claimRunFolder, readRunFolder } from './run-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'exit-lab-folder-'));
let count = 0;
const newPath = (): string => join(root, String(count++));

afterAll(() => rmSync(root, { recursive: true }));

const claim = (
  folder: string,
  { force = false, resume }: { force?: boolean; resume?: string } = {},
) => claimRunFolder(folder, '--out', { force, resume });

async function savedRun(folder = newPath()): Promise<string> {
  const { files } = await claim(folder, { force: true });
  await (await RunWriter.open(files, { now: () => 0 })).save(BUNDLE);
  return folder;
}

/** As an export that was unpacked: no manifest. */
function exportedRun(): string {
  const folder = newPath();
  mkdirSync(folder);
  for (const { path, bytes } of toFiles(BUNDLE)) writeFileSync(join(folder, path), bytes);
  return folder;
}

const pathsIn = async (folder: string): Promise<string[]> =>
  (await readRunFolder(folder, '--resume')).map(({ path }) => path).sort();

describe('a folder to write to', () => {
  it('is made, with those around it, and taken away again if nothing was written', async () => {
    const outer = newPath();
    const { discardIfEmpty } = await claim(join(outer, 'a', 'b'));
    expect(readdirSync(join(outer, 'a', 'b'))).toEqual([]);
    await discardIfEmpty();
    expect(readdirSync(root)).not.toContain(outer.slice(root.length + 1));
  });

  it('that was there, or that holds something by now, stays', async () => {
    const empty = newPath();
    mkdirSync(empty);
    await (await claim(empty)).discardIfEmpty();
    expect(readdirSync(empty)).toEqual([]);
    const used = newPath();
    const { discardIfEmpty } = await claim(used);
    writeFileSync(join(used, 'a'), '');
    await discardIfEmpty();
    expect(readdirSync(used)).toEqual(['a']);
  });

  it.each(['', '/inside'])('is no file, and lies in none: "file%s"', async (inside) => {
    const file = newPath();
    writeFileSync(file, '');
    await expect(claim(file + inside)).rejects.toThrow(CliError);
    await expect(claim(file + inside)).rejects.toThrow(
      `--out: got "${file}${inside}", expected a folder that can be written: E`,
    );
  });

  it('holds no files of somebody else, unless told', async () => {
    const folder = newPath();
    mkdirSync(folder);
    writeFileSync(join(folder, 'README.md'), 'my own notes');
    writeFileSync(join(folder, 'thesis.tex'), 'mine');
    await expect(claim(folder)).rejects.toThrow(
      'which holds other files (README.md and 1 more); expected a new or empty folder, or --force',
    );
    await savedRun(folder);
    expect(readFileSync(join(folder, 'thesis.tex'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toContain('model.safetensors');
  });

  it('may hold what a system puts there', async () => {
    const folder = newPath();
    mkdirSync(folder);
    writeFileSync(join(folder, '.DS_Store'), '');
    await expect(claim(folder)).resolves.toMatchObject({ isSame: false });
  });

  it.each(['saved', 'exported'])(
    'holds no other run, one that was %s, unless told',
    async (how) => {
      const folder = how === 'saved' ? await savedRun() : exportedRun();
      const before = readFileSync(join(folder, 'run.json'));
      await expect(claim(folder)).rejects.toThrow('which holds another run; expected');
      await expect(claim(folder, { resume: newPath() })).rejects.toThrow('another run');
      expect(readFileSync(join(folder, 'run.json'))).toEqual(before);
      const { files } = await claim(folder, { force: true });
      expect(files.list().size).toBe(0);
      expect(readFileSync(join(folder, 'run.json'))).toEqual(before);
    },
  );

  it.each(['saved', 'exported'])(
    'is that of the run that is gone on with, which was %s',
    async (how) => {
      const folder = how === 'saved' ? await savedRun() : exportedRun();
      expect((await claim(folder, { resume: `${folder}/.` })).isSame).toBe(true);
    },
  );
});

describe('a folder to read', () => {
  const FILES = toFiles(BUNDLE).map(({ path }) => path);

  it('gives the files of its run, whatever else lies there', async () => {
    const folder = await savedRun();
    writeFileSync(join(folder, 'thesis.tex'), 'mine');
    expect(await pathsIn(folder)).toEqual(FILES.filter((path) => path !== 'README.md').sort());
  });

  it('without a manifest gives all that is there, steps where they are asked for', async () => {
    const folder = exportedRun();
    mkdirSync(join(folder, 'steps'));
    writeFileSync(join(folder, 'steps', '000001-000012.bin'), '');
    writeFileSync(join(folder, 'manifest.json'), '{"name":"an app"}');
    expect(await pathsIn(folder)).toEqual([...FILES, 'manifest.json'].sort());
    const all = await readRunFolder(folder, '--resume', { steps: true });
    expect(all.map(({ path }) => path)).toContain('steps/000001-000012.bin');
  });

  it('is refused as a mixture where a file is of another save', async () => {
    const folder = await savedRun();
    writeFileSync(join(folder, 'training_state.safetensors'), 'of another run');
    await expect(pathsIn(folder)).rejects.toThrow(
      /^training_state\.safetensors: got other 14 bytes, expected the \d+ bytes that save 1 wrote/,
    );
  });

  it('that is not there is named with its flag', async () => {
    const folder = newPath();
    await expect(pathsIn(folder)).rejects.toThrow(`--resume: got "${folder}", expected a folder`);
  });
});
