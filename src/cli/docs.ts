/** Writes the generated pages of `docs/`. */
import { writeFile } from 'node:fs/promises';
import { defineCommand } from '../node/command.ts';
import { referencePages } from './reference.ts';

export const docs = defineCommand({
  flags: {},
  params: [],
  run: async () => {
    for (const [name, text] of Object.entries(await referencePages())) {
      await writeFile(new URL(`../../docs/${name}`, import.meta.url), text);
      process.stdout.write(`docs/${name}\n`);
    }
  },
});
