/** Writes a run as the files of another program. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EXPORT_TARGETS, isExportTarget, type ExportTargetId } from '../exports/target-names.ts';
import { exportTo } from '../exports/targets.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { writeFolder } from '../node/platform.ts';
import { readRunFolder } from '../node/run-folder.ts';
import { fromFiles, isRunFile } from '../runs/bundle.ts';
import { isModelFile, type ModelFiles } from '../runs/model-files.ts';
import { openZip, type BundleFile } from '../runs/zip.ts';
import { describeIssue } from '../schema/params.ts';

const FLAGS = {
  to: {
    kind: 'string',
    required: true,
    help: `What it is exported to: ${EXPORT_TARGETS.join(', ')}.`,
  },
  out: { kind: 'string', required: true, help: 'A new or empty folder.' },
  model: {
    kind: 'string',
    help: 'Folder of the pretrained model that the run adapts; for merged and onnx.',
  },
} as const;

export const exportRun = defineCommand({
  flags: FLAGS,
  params: [],
  operand: 'RUN',
  run: async ({ operands, flags: { to, out, model } }) => {
    const target = targetOf(to);
    const run = onlyRun(operands);
    await refuseFilled(out);
    const bundle = fromFiles(await readRun(run));
    const base = model === undefined ? undefined : await modelIn(model);
    const files = await exportTo(target, bundle, base);
    await writeWhole(out, files);
    for (const { path, bytes } of files) {
      process.stdout.write(`${out}/${path}  ${bytes.length.toLocaleString('en-US')} bytes\n`);
    }
  },
});

async function modelIn(folder: string): Promise<ModelFiles> {
  const names = (await readdir(folder)).filter(isModelFile);
  const blobs = names.map(async (name): Promise<[string, Blob]> => {
    return [name, new Blob([new Uint8Array(await readFile(join(folder, name)))])];
  });
  return new Map(await Promise.all(blobs));
}

function targetOf(to: string): ExportTargetId {
  if (isExportTarget(to)) return to;
  const expected = `one of ${EXPORT_TARGETS.join(', ')}`;
  throw new CliError(describeIssue({ field: '--to', value: JSON.stringify(to), expected }));
}

/** @throws CliError of none and of several. */
export function onlyRun([run, ...more]: readonly string[]): string {
  if (run !== undefined && more.length === 0) return run;
  const count = run === undefined ? 0 : more.length + 1;
  throw new CliError(`RUN: got ${count} runs, expected one: its folder or zip`);
}

/** A folder, or the zip that the page exports, with the records of its steps. */
export async function readRun(run: string): Promise<BundleFile[]> {
  const isFile = (await stat(run).catch(() => undefined))?.isFile() ?? false;
  if (isFile) return openZip(new Uint8Array(await readFile(run)), isRunFile).files;
  return readRunFolder(run, 'RUN', { steps: true });
}

async function refuseFilled(out: string): Promise<void> {
  let names: string[] = [];
  try {
    names = await readdir(out);
  } catch (error) {
    if (!isMissing(error)) throw unwritable(out, error);
  }
  const [first] = names.sort();
  if (first === undefined) return;
  throw new CliError(`--out: got "${out}", which holds ${first}; expected a new or empty folder`);
}

/** All files or none: they are written beside the folder, which then takes its name. */
async function writeWhole(out: string, files: readonly BundleFile[]): Promise<void> {
  const folder = resolve(out);
  const partial = `${folder}.${randomUUID()}.partial`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await writeFolder(partial, files);
    await rename(partial, folder);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw unwritable(out, error);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unwritable(out: string, error: unknown): CliError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CliError(`--out: got "${out}", expected a new or empty folder: ${reason}`);
}
