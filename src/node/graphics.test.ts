/** WebGPU in Node, on the software driver that Debian's Chromium brings. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PROGRAM = fromRoot('scripts/exit-lab.mjs');
const DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
// Compiling shaders in software takes some ten seconds of a processor, however many others use it.
const CAN_RUN = existsSync(DRIVER) && existsSync(fromRoot('node_modules/webgpu'));

function evaluate(backend: string, driver: string) {
  const checkpoint = fromRoot('public/checkpoints/locks-nano');
  const args = ['--checkpoint', checkpoint, '--task', 'locks', '--tasks', '4', '--samples', '1'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      PROGRAM,
      'eval',
      ...args,
      '--depth',
      '1',
      '--evalTemperature',
      '0',
      '--backend',
      backend,
      '--json',
    ],
    {
      encoding: 'utf8',
      // Chromium brings the Vulkan loader too.
      env: { ...process.env, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: dirname(DRIVER) },
    },
  );
  return { status, stdout, stderr };
}

it.skipIf(!CAN_RUN)(
  'writes the greedy attempts that WebAssembly writes, and ends',
  () => {
    const [graphics, wasm] = ['webgpu', 'wasm'].map((backend) => {
      const { status, stdout } = evaluate(backend, DRIVER);
      expect(status).toBe(0);
      return JSON.parse(stdout) as object;
    });
    expect(graphics).toMatchObject({ backend: 'webgpu', tasks: 4 });
    expect(graphics).toEqual({ ...wasm, backend: 'webgpu' });
  },
  600_000,
);

it.skipIf(!CAN_RUN)('says in a line that there is no graphics adapter', () => {
  const { status, stderr } = evaluate('webgpu', '/nonexistent');
  expect(status).toBe(2);
  expect(stderr).toContain('"webgpu" was asked for, but WebGPU offers no graphics adapter\n');
  expect(stderr).not.toContain('    at async');
});
