/** Checks a folder of golden values; one JSON line of worst errors, exit code 1 beyond a tolerance. */
import { beyondTolerance, checkGolden, TOLERANCES } from '../golden/check.ts';
import { readGoldenFolder } from '../golden/folder.ts';
import { startEngine } from '../model/engine.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { filesIn } from '../node/model-folder.ts';

export const golden = defineCommand({
  flags: {},
  params: ['backend'],
  operand: 'DIR',
  run: async ({ config, operands }) => {
    const [folder, ...more] = operands;
    if (folder === undefined || more.length > 0) {
      throw new CliError(`DIR: got ${operands.length} folders, expected one`);
    }
    const files = await readGoldenFolder(filesIn(folder));
    const engine = await startEngine({ requested: config.backend });
    const backend = engine.backend.name;
    const errors = await checkGolden(files, (snapshot) => engine.from(snapshot));
    const beyond = beyondTolerance(errors);
    process.stdout.write(
      `${JSON.stringify({ folder, backend, errors, tolerances: TOLERANCES, beyond })}\n`,
    );
    if (beyond.length > 0) process.exitCode = 1;
  },
});
