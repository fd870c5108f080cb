/** Downloads a model from the Hugging Face Hub, where it is asked for: its size and licence are said first. */
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { folderOnDisk, hubAddress, hubOnline } from '../node/hub-files.ts';
import { interruption } from '../node/interruption.ts';
import { downloadModel } from '../runs/hub/hub-download.ts';
import { describeModel, type HubModel } from '../runs/hub/hub-model.ts';
import { HUB, HubError } from '../runs/hub/hub.ts';
import { createProgress } from './progress.ts';

const FLAGS = {
  out: { kind: 'string', required: true, help: 'Folder for it; a download that broke goes on.' },
  endpoint: { kind: 'string', default: HUB, help: 'Address of the hub, or of a mirror.' },
  dryRun: { kind: 'boolean', help: 'Says size and licence, and downloads nothing.' },
} as const;

export const download = defineCommand({
  flags: FLAGS,
  params: [],
  operand: 'MODEL',
  run: async ({ operands, flags: { out, endpoint, dryRun } }) => {
    const name = onlyModel(operands);
    const hub = hubOnline(hubAddress('--endpoint', endpoint));
    const signal = interruption();
    try {
      const model = await describeModel(hub, name, signal);
      process.stdout.write(`${cardOf(model)}\n`);
      if (dryRun) return;
      let shown = 0;
      const bar = createProgress('percent', 100, signal);
      await downloadModel({
        ...{ hub, model, signal, folder: folderOnDisk(out) },
        onProgress: ({ path, received, total }) => {
          const share = Math.floor((100 * received) / total);
          if (share === shown) return;
          shown = share;
          bar.update(share, path);
        },
        pause: (milliseconds) => wait(milliseconds, undefined, { signal }),
      });
      bar.stop();
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof HubError ? new CliError(error.message) : error;
    }
    process.stdout.write(`${name} is in ${out}: exit-lab generate --model ${out} --prompt …\n`);
  },
});

function onlyModel([name, ...more]: readonly string[]): string {
  if (name !== undefined && more.length === 0) return name;
  const count = name === undefined ? 0 : more.length + 1;
  throw new CliError(`MODEL: got ${count} names, expected one: owner/name or owner/name@revision`);
}

function cardOf({ id, commit, licence, files, size }: HubModel): string {
  const lines = files.map(
    ({ path, size: bytes }) => `  ${path}  ${bytes.toLocaleString('en-US')} bytes`,
  );
  const of = `licence ${licence ?? 'not stated'}, commit ${commit.slice(0, 12)}`;
  return [`${id}: ${size.toLocaleString('en-US')} bytes, ${of}`, ...lines].join('\n');
}
