// Compiles the WebAssembly kernels and writes them as a module, so that Node, tests, the page's workers
// and the build load them alike, without an address.
import asc from 'assemblyscript/asc';
import { readFile, writeFile } from 'node:fs/promises';
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const SOURCE = 'src/model/backends/wasm/assembly/index.ts';
const root = fileURLToPath(new URL('..', import.meta.url));
export const TARGET = new URL('../src/model/backends/wasm/binary.ts', import.meta.url);

/** The text of the module. Throws what the compiler says. */
export async function compileKernels() {
  const [plain, relaxed] = [await compile([]), await compile(['--enable', 'relaxed-simd'])];
  return `// Written by \`npm run kernels\` from assembly/: do not edit. Base64 of WebAssembly modules.

/** For every browser of the last years. */
export const PLAIN = '${plain}';

/** The same with fused multiply and add, where the engine offers relaxed SIMD. */
export const RELAXED = '${relaxed}';
`;
}

async function compile(flags) {
  const options = ['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', ...flags];
  let binary;
  const { error, stderr } = await asc.main(
    [SOURCE, '--config', 'none', '--baseDir', root, '--outFile', 'kernels.wasm', ...options],
    {
      readFile: (name, base) =>
        readFile(new URL(name, `file://${base}/`), 'utf8').catch(() => null),
      writeFile: (_, contents) => void (binary = contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`);
  return Buffer.from(binary).toString('base64');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await writeFile(TARGET, await compileKernels());
}
