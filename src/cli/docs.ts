/** Writes the generated pages of `docs/`. */
import { writeFile } from 'node:fs/promises';
import { runCli } from './args.ts';
import { referencePages } from './reference.ts';

await runCli(async () => {
  for (const [name, text] of Object.entries(await referencePages())) {
    await writeFile(new URL(`../../docs/${name}`, import.meta.url), text);
    console.log(`docs/${name}`);
  }
});
