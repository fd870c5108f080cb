/** Installs what is missing. Plain Node without dependencies: nothing may be there yet when it runs. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './chromium.mjs';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages of package-lock.json, where they are absent or others. */
export function ensurePackages() {
  if (packagesAreCurrent()) return;
  console.log('Installing packages (npm ci) …');
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund'];
  const done = npm ? run(process.execPath, [npm, ...args]) : run('npm', args, { shell: true });
  if (!done) fail('npm ci failed: see above. It needs the network once.');
}

/** What npm says it installed must match the lock file; packages for other platforms may be absent. */
function packagesAreCurrent() {
  const installed = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  if (!installed || !wanted) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    return path === '' || optional || installed[path]?.version === version;
  });
}

function readPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : undefined;
}

/** The system's Chromium if there is one, else Debian's package, else Playwright's. */
export function ensureChromium() {
  if (findChromium() || (installDebianChromium() && findChromium())) return;
  console.log('Installing Chromium (Playwright) …');
  const cli = join(ROOT, 'node_modules', 'playwright', 'cli.js');
  // The libraries that it needs come along where we may install them.
  const deps = canInstallSystemPackages() ? ['--with-deps'] : [];
  if (run(process.execPath, [cli, 'install', ...deps, '--no-shell', 'chromium'])) return;
  fail('No Chromium could be installed: install one, or set CHROMIUM_PATH to one.');
}

function installDebianChromium() {
  // Ubuntu's package of that name only installs a snap, which does not run in containers.
  return !/^ID=ubuntu$/m.test(readOsRelease()) && installDebianPackages(['chromium']);
}

/** Whether they are there now; false where nothing can be installed. */
export function installDebianPackages(packages) {
  if (!canInstallSystemPackages()) return false;
  console.log(`Installing ${packages.join(', ')} (apt-get) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const sudo = isRoot() ? [] : ['sudo', '-n'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', '-q', ...args];
    return run(command, rest, { env });
  };
  apt('update');
  return apt('install', '-y', '--no-install-recommends', ...packages);
}

function canInstallSystemPackages() {
  if (process.platform !== 'linux' || !works('apt-get', ['--version'])) return false;
  return isRoot() || works('sudo', ['-n', 'true']);
}

function isRoot() {
  return process.getuid?.() === 0;
}

function readOsRelease() {
  return existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
}

/** Runs in the foreground; true if it succeeded. */
export function run(command, args, options = {}) {
  const stdio = ['ignore', 'inherit', 'inherit'];
  return spawnSync(command, args, { cwd: ROOT, stdio, ...options }).status === 0;
}

function works(command, args) {
  return run(command, args, { stdio: 'ignore' });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
