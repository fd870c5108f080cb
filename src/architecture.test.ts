import { describe, expect, it } from 'vitest';
import {
  bannedCode,
  barrelFiles,
  forbiddenImports,
  importCycles,
  linksOf,
  siblingImports,
  type Sources,
} from './architecture.testing.ts';
import {
  ADDRESS_OF_WASM,
  BANS,
  MODULE_RULES,
  SIBLING_RULES,
} from './architecture.rules.testing.ts';

const files = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./model/backends/wasm/assembly/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const SOURCES: Sources = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace(/^\.\//, ''), text]),
);

describe('src/', () => {
  it('is read', () => {
    expect(Object.keys(SOURCES)).toEqual(
      expect.arrayContaining(['base/rng.ts', 'schema/params.ts']),
    );
    expect(linksOf('base/rng.ts', SOURCES['base/rng.ts']!).length).toBeGreaterThan(0);
  });

  it('imports only what each rule allows', () => {
    expect(forbiddenImports(SOURCES, MODULE_RULES)).toEqual([]);
  });

  it('keeps siblings apart', () => {
    expect(siblingImports(SOURCES, SIBLING_RULES)).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(importCycles(SOURCES)).toEqual([]);
  });

  it('has no barrel file', () => {
    expect(barrelFiles(SOURCES)).toEqual([]);
  });

  it('keeps clocks, chance, pages and raw messages where they belong', () => {
    expect(bannedCode(SOURCES, BANS)).toEqual([]);
  });

  it('imports TensorFlow in model/backends/tfjs alone, and where engines are compared', () => {
    const importers = Object.entries(SOURCES).filter(([path, text]) =>
      linksOf(path, text).some(
        ({ specifier }) => /^@tensorflow/.test(specifier) && !ADDRESS_OF_WASM.test(specifier),
      ),
    );
    const elsewhere = importers.filter(([path]) => !/^(model\/backends\/tfjs|bench)\//.test(path));
    expect(importers.length).toBeGreaterThan(0);
    expect(elsewhere.map(([path]) => path)).toEqual([]);
  });
});

describe('the rules', () => {
  it.each([
    ['base/a.ts', `import '../schema/params.ts'`, 'base knows nothing of the rest'],
    [
      'base/a.ts',
      `import type { Config } from '../schema/params.ts'`,
      'types of ../schema/params.ts',
    ],
    ['schema/a.ts', `import '../tasks/task.ts'`, 'without knowing who turns'],
    ['schema/a.ts', `import '../tasks/locks/manifest.ts'`, 'without knowing who turns'],
    ['tasks/manifests.ts', `import './locks/locks.ts'`, 'plain data'],
    ['tasks/locks/manifest.ts', `import './view.tsx'`, 'plain data'],
    [
      'tasks/locks/manifest.ts',
      `import type { Config } from '../../schema/params.ts'`,
      'plain data',
    ],
    ['tasks/locks/a.ts', `import '../../exit/exit.ts'`, 'neither the algorithm nor a page'],
    ['tasks/locks/a.ts', `import 'react'`, 'neither the algorithm nor a page'],
    ['tasks/registry.ts', `import './views.ts'`, 'neither the algorithm nor a page'],
    ['exit/a.ts', `import '../tasks/registry.ts'`, 'through their interfaces'],
    ['exit/a.ts', `import '../model/backends/tfjs/tf-policy.ts'`, 'through their interfaces'],
    ['exit/a.ts', `import '@tensorflow/tfjs'`, 'through their interfaces'],
    ['model/policy.ts', `import './backends/tfjs/tf-policy.ts'`, 'must not depend on an engine'],
    ['model/backends/tfjs/a.ts', `import '../../exit/exit.ts'`, 'what they are used for'],
    ['runs/a.ts', `import { exit } from '../exit/exit.ts'`, 'types of the rest'],
    ['golden/a.ts', `import '../training/session.ts'`, 'not the app'],
    ['worker/protocol.ts', `import { exit } from '../exit/exit.ts'`, 'knowing neither'],
    ['worker/client.ts', `import '../training/session.ts'`, 'into its own bundle'],
    ['training/session.ts', `import { post } from '../worker/wire.ts'`, 'no page, no port'],
    ['training/session.ts', `import '../tasks/views.ts'`, 'no page, no port'],
    ['runs/recording/a.ts', `import '../../training/session.ts'`, 'must stay light'],
    ['worker/replay.worker.ts', `import '../model/engine.ts'`, 'must stay light'],
    ['app/a.ts', `import '../training/session.ts'`, 'through the client only'],
    ['ui/a.tsx', `import '../worker/client.ts'`, 'the page shows the store'],
    ['ui/a.tsx', `import '../tasks/locks/view.tsx'`, 'through tasks/views.ts'],
    ['node/a.ts', `import '../cli/main.ts'`, 'knows neither'],
    ['bench/a.ts', `import '../cli/main.ts'`, 'through the interfaces that the app uses'],
    ['cli/commands.ts', `import '../bench/ratios.ts'`, 'of the bench nothing else knows'],
    ['cli/a.ts', `import '../app/lab.ts'`, 'without a page'],
    ['bench/a.ts', `import '../worker/trainer.ts'`, 'through the interfaces that the app uses'],
    ['cli/a.ts', `import '../bench/ratios.ts'`, 'without a page'],
    ['cli/a.ts', `import '../schema/arbitrary.testing.ts'`, 'without a page'],
    ['elsewhere/a.ts', `import '../base/rng.ts'`, 'belongs to no module'],
  ])('refuses in %s: %s', (path, text, message) => {
    const [problem, ...others] = forbiddenImports({ [path]: `${text}; export {};` }, MODULE_RULES);
    expect(problem).toContain(path);
    expect(problem).toContain(message);
    expect(others).toEqual([]);
  });

  it('refuses siblings that import each other', () => {
    const sources = {
      'tasks/locks/a.ts': `import '../countdown/b.ts'; import '../task.ts'; import './c.ts'`,
      'ui/panels/depth/a.tsx': `import type { B } from '../reward/b.tsx'`,
    };
    expect(siblingImports(sources, SIBLING_RULES)).toEqual([
      expect.stringContaining('tasks/locks/a.ts imports tasks/countdown/b.ts: a domain is one'),
      expect.stringContaining('ui/panels/depth/a.tsx imports ui/panels/reward/b.tsx: a panel'),
    ]);
  });

  it.each([
    ['exit/a.ts', 'const a = Math.random() + 1', 'Math.random'],
    ['exit/a.ts', 'const draw = Math\n  .random', 'Math.random'],
    ['runs/a.ts', 'const a = { at: Date.now() }', 'Date.now'],
    ['base/a.ts', 'const a = new Date()', 'newDate()'],
    ['training/session.ts', 'self.close()', 'self'],
    ['training/session.ts', 'const a = document.title', 'document'],
    ['training/session.ts', 'postMessage(1)', 'postMessage'],
    ['app/a.ts', 'worker.postMessage(1)', 'worker.postMessage'],
    ['ui/a.tsx', 'const f = (event: MessageEvent) => event.data', 'event.data'],
  ])('refuses in %s: %s', (path, text, code) => {
    const found = bannedCode({ [path]: text }, BANS);
    expect(found.some((line) => line.startsWith(`${path} uses ${code}: `))).toBe(true);
  });
});
