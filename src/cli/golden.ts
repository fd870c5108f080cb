/** Checks a folder of golden values; one JSON line of worst errors, exit code 1 beyond a tolerance. */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { beyondTolerance, checkGolden, TOLERANCES } from '../golden/check.ts';
import { readGoldenFolder } from '../golden/folder.ts';
import { startEngine } from '../model/engine.ts';
import { CliError, parseCli, runCli } from './args.ts';

await runCli(async () => {
  const cli = parseCli({
    argv: process.argv.slice(2),
    command: 'golden',
    summary: 'Holds the numerics against reference values from an independent implementation.',
    flags: {},
    params: ['backend'],
    operand: 'DIR',
  });
  if (cli.help !== undefined) return void process.stdout.write(cli.help);
  const [folder, ...more] = cli.operands;
  if (folder === undefined || more.length > 0) {
    throw new CliError(`DIR: got ${cli.operands.length} folders, expected one`);
  }
  const files = await readGoldenFolder((name) => readFile(join(folder, name)));
  const engine = await startEngine({ requested: cli.config.backend });
  const backend = engine.backend.name;
  const errors = await checkGolden(files, (snapshot) => engine.from(snapshot));
  const beyond = beyondTolerance(errors);
  process.stdout.write(
    `${JSON.stringify({ folder, backend, errors, tolerances: TOLERANCES, beyond })}\n`,
  );
  if (beyond.length > 0) process.exitCode = 1;
});
