/** The page as it is built, served to scripts that measure it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface BuiltPage {
  /** Ends with a slash. */
  readonly address: string;
  /** For what the script writes; goes with the page. */
  readonly folder: string;
  close(): Promise<void>;
}

/** @param name of the script: the folder begins with it. */
export async function serveBuilt(name: string): Promise<BuiltPage> {
  const folder = mkdtempSync(join(tmpdir(), `exit-lab-${name}-`));
  const outDir = join(folder, 'app');
  const shared = { root: ROOT, logLevel: 'warn', build: { outDir, emptyOutDir: true } } as const;
  await build(shared);
  const server = await preview({ ...shared, preview: { port: 0 } });
  return {
    address: server.resolvedUrls!.local[0]!,
    folder,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
