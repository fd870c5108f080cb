/**
 * Ctrl-C pressed for real: the documented commands typed into an interactive shell of a pseudo-terminal,
 * which Python opens. Skipped where there is no Python 3.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'exit-lab-terminal-'));
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const hasBash = spawnSync('bash', ['-c', '']).status === 0;

afterAll(() => rmSync(folder, { recursive: true }));

/**
 * Arguments: the folder to be in, the line to type, what to wait for before Ctrl-C, what says that it is over;
 * then the exit code is asked for. Prints all that the terminal was told.
 */
const TYPIST = `
import os, pty, re, select, sys, time
root, line, pressed_at, over = sys.argv[1:]
pid, fd = pty.fork()
if pid == 0:
    os.chdir(root)
    os.execvp('bash', ['bash', '--norc', '-i'])
text, waiting, end = b'', [(rb'[$#] ', line.encode() + b'\\n'), (pressed_at.encode(), b'\\x03'), (over.encode(), b'echo code=$?\\n'), (rb'code=[0-9]', b'exit\\n')], time.time() + 240
seen = 0
while time.time() < end:
    if select.select([fd], [], [], 0.05)[0]:
        try: got = os.read(fd, 65536)
        except OSError: break
        if not got: break
        text += got
    if waiting:
        found = re.search(waiting[0][0], text[seen:])
        if found:
            seen += found.end()
            os.write(fd, waiting.pop(0)[1])
sys.stdout.buffer.write(text)
sys.exit(len(waiting))
`;

interface Screen {
  readonly text: string;
  /** How many of the things that were waited for never came. */
  readonly missed: number | null;
}

function typed(line: string, pressAt: string, over: string): Screen {
  const { stdout, status } = spawnSync('python3', ['-c', TYPIST, ROOT, line, pressAt, over], {
    encoding: 'utf8',
  });
  return { text: stdout, missed: status };
}

const count = (text: string, part: string): number => text.split(part).length - 1;

/** The cursor is shown, and long lines wrap, as often as they were switched off. */
function expectRestored(text: string): void {
  expect(count(text, '\x1b[?25l')).toBeGreaterThan(0);
  expect(text.lastIndexOf('\x1b[?25h')).toBeGreaterThan(text.lastIndexOf('\x1b[?25l'));
  expect(text.lastIndexOf('\x1b[?7h')).toBeGreaterThanOrEqual(text.lastIndexOf('\x1b[?7l'));
}

const LOCKS = '--task locks --steps 4000 --evalEvery 0';
const OVER = '(stopped; [^ ]+: step [0-9]+|stopped by SIGINT)';

describe.skipIf(!hasPython || !hasBash)('Ctrl-C in a terminal', () => {
  it.each(['npm run train --', 'npx exit-lab train', 'node scripts/exit-lab.mjs train'])(
    'ends `%s` in order: the run is saved and the terminal as it was',
    (command) => {
      const out = join(folder, command.replaceAll(/\W/g, ''));
      const line = `${command} ${LOCKS} --out ${out}`;
      const { text, missed } = typed(line, ' ([4-9]|[0-9]{2,})/4000', OVER);
      expect(missed, text).toBe(0);
      expect(text).toContain(`stopped; ${out}: step `);
      expect(text).toContain('code=130');
      expectRestored(text);
      const about = JSON.parse(readFileSync(join(out, 'about.json'), 'utf8')) as { step: number };
      expect(about.step).toBeGreaterThanOrEqual(4);
      expect(existsSync(join(out, 'model.safetensors'))).toBe(true);
    },
  );

  it('ends a warm start too, and says so', () => {
    const out = join(folder, 'warm');
    const line = `npm run train -- ${LOCKS} --init scratch --out ${out}`;
    const { text, missed } = typed(line, 'demonstrations.* [1-9][0-9]*/', OVER);
    expect(missed, text).toBe(0);
    expect(text).toContain('stopped by SIGINT');
    expectRestored(text);
    expect(existsSync(out)).toBe(false);
  });
});
