import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { RunFormatError } from '../runs/checks.ts';
import { CliError } from './args.ts';
import { readRunFolder } from './run-folder.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'exit-lab-folder-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('reads the files of a run, and names on standard error what it passes over', async () => {
  for (const name of ['config.json', 'log.txt', '.DS_Store']) {
    writeFileSync(join(folder, name), name);
  }
  mkdirSync(join(folder, 'checkpoints'));
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await readRunFolder(folder, '--resume')).toEqual([
    { path: 'config.json', bytes: new TextEncoder().encode('config.json') },
  ]);
  expect(said).toHaveBeenCalledExactlyOnceWith(`${folder}: passed over .DS_Store, log.txt\n`);
});

it('refuses a file that is too large before it reads it', async () => {
  writeFileSync(join(folder, 'config.json'), '');
  truncateSync(join(folder, 'config.json'), 2 ** 30);
  const reading = readRunFolder(folder, '--resume');
  await expect(reading).rejects.toThrow(RunFormatError);
  await expect(reading).rejects.toThrow('config.json: got 1073741824 bytes, expected at most');
});

it('says which file or folder cannot be read', async () => {
  symlinkSync(join(folder, 'nowhere'), join(folder, 'run.json'));
  await expect(readRunFolder(folder, '--resume')).rejects.toThrow(CliError);
  await expect(readRunFolder(folder, '--resume')).rejects.toThrow(
    `--resume: got "${join(folder, 'run.json')}", expected a file that can be read`,
  );
  await expect(readRunFolder(join(folder, 'not'), '--resume')).rejects.toThrow(
    'expected a folder that can be read',
  );
});
