/** `npm start`: installs what is missing, builds the app, serves it and opens it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensurePackages, ROOT, run } from './install.mjs';

ensurePackages();
const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
if (!run(process.execPath, [vite, 'build', '--logLevel', 'warn'])) process.exit(1);

const args = [vite, 'preview', ...(hasDisplay() ? ['--open'] : []), ...process.argv.slice(2)];
const server = spawn(process.execPath, args, { cwd: ROOT, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code) => process.exit(code ?? 0));

/** Without one there is nothing to open, and the printed address is what a person needs. */
function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}
