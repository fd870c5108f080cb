import { describe, expect, it } from 'vitest';
import {
  bannedCode,
  barrelFiles,
  forbiddenImports,
  importCycles,
  isTest,
  linksOf,
  siblingImports,
  type Apart,
  type Ban,
  type ModuleRule,
  type Sources,
} from './architecture.testing.ts';

/** Where a file lies is not what is in it: composition roots tell the engine where its binaries are. */
const ADDRESS_OF_WASM = /\.wasm\?url$/;

/** The rooms of the house; a file belongs to the first whose pattern its path matches. */
const MODULE_RULES: readonly ModuleRule[] = [
  {
    files: /^architecture\./,
    reason: 'the test of the house reads the files as text and imports none of them',
  },
  {
    files: /^base\//,
    packages: /^pure-rand\//,
    reason: 'base knows nothing of the rest, so that anything may rest on it',
  },
  {
    files: /^schema\//,
    may: /^base\//,
    reason: 'what can be turned and watched is declared without knowing who turns or watches',
  },
  {
    files: /^tasks\/(.*\/)?(view|views|attempt-view)\.(test\.)?tsx?$/,
    may: /^(base|schema|tasks)\//,
    packages: /^(react|valibot)(\/|$)|^react-dom\/server$/,
    reason: 'how a domain looks belongs to the domain; it knows nothing of the page around it',
  },
  {
    files: /^tasks\/(?!(.*\/)?(view|views|attempt-view)\.)/,
    may: /^(base|schema)\//,
    packages: /^valibot$|^@jsonjoy\.com\/fs-core$|^ml-/,
    reason:
      'a domain runs in a worker and in Node: it knows neither the algorithm nor a page, and computes with packages that need neither',
  },
  {
    files: /^exit\//,
    may: /^(base|schema)\/|^tasks\/task\.ts$|^model\/policy\.ts$/,
    packages: /^valibot$/,
    reason: 'the algorithm sees a task and a policy through their interfaces only',
  },
  {
    files: /^model\/(policy|parameters|backend)\.ts$/,
    may: /^(base|schema)\/|^model\/policy\.ts$/,
    reason: 'the interface of a policy must not depend on an engine',
  },
  {
    files: /^model\/engine(\.test)?\.ts$/,
    may: /^(base|model)\//,
    reason: 'one place knows all engines and starts the one that is needed',
  },
  {
    files: /^model\/backends\/tfjs\//,
    may: /^(base|schema)\/|^model\/(policy|parameters)\.ts$/,
    packages: /^@tensorflow\//,
    reason: 'the numerics know nothing of what they are used for',
  },
  {
    files: /^model\/fused\//,
    may: /^base\/|^model\/(policy|parameters)\.ts$/,
    reason: 'the decoder is a list of kernel calls: it knows no device and no library',
  },
  {
    files: /^model\/parallel\//,
    may: /^base\/|^model\/(policy\.ts|fused\/)/,
    reason: 'replicas share work through an interface: where they live is the worker’s business',
  },
  {
    files: /^model\/backends\/(wasm|webgpu)\//,
    may: /^base\/|^model\/(policy|parameters)\.ts$|^model\/fused\/|scripts\/kernels\.mjs$/,
    packages: /^node:/,
    reason: 'a device implements kernels and knows no other device',
  },
  {
    files: /^runs\/(index|recording)\/.*\.(test|testing)\.ts$/,
    may: /^(base|schema|exit|runs|training)\/|^tasks\/(?!.*view)/,
    types: /^worker\//,
    packages: /^node:zlib$/,
    reason: 'records that are asked and replayed in tests come from real runs',
  },
  {
    files: /^runs\/index\//,
    may: /^(base|schema|exit)\/|^tasks\/(task|mixture)\.ts$/,
    reason: 'what can be asked of a run’s past is answered from records, without an engine',
  },
  {
    files: /^runs\/recording\//,
    may: /^(base|schema)\/|^tasks\/task\.ts$|^runs\/(index\/|(column-)?checks\.ts$)/,
    types: /^(exit|training)\//,
    packages: /^valibot$/,
    reason: 'a recording plays before an engine is there: it must stay light',
  },
  {
    files: /^runs\//,
    may: /^(base|schema)\//,
    types: /^exit\/|^model\/policy\.ts$|^tasks\/task\.ts$/,
    packages: /^(fflate|valibot)$/,
    reason: 'files are read and written without running anything: types of the rest are enough',
  },
  {
    files: /^golden\//,
    may: /^(base|schema|exit|runs|model)\//,
    packages: /^node:|^valibot$|\.wasm\?url$/,
    reason: 'the checks against an independent implementation reach the numerics, not the app',
  },
  {
    files: /^training\//,
    may: /^(base|schema|exit|runs|model)\/|^tasks\/(?!.*view)/,
    reason:
      'a run is trained in a worker and in Node alike: it knows no page, no port and no command line',
  },
  {
    files: /^worker\/[^/]+\.test\.ts$/,
    may: /^(base|schema|exit|runs|model|training|worker)\/|^tasks\/(?!.*view)/,
    reason: 'both sides of the wire are tested together, without a page',
  },
  {
    files: /^worker\/(protocol|wire)\.ts$/,
    types:
      /^(base|schema|exit|training|runs)\/|^model\/(policy|backend)\.ts$|^tasks\/task\.ts$|^worker\//,
    may: /^schema\//,
    packages: /^valibot$/,
    reason: 'messages are types and their checks, known to both sides, knowing neither',
  },
  {
    files: /^worker\/calls\.ts$/,
    may: /^worker\/wire\.ts$/,
    packages: /^valibot$/,
    reason: 'calls between workers know neither who calls nor what for',
  },
  {
    files: /^worker\/client\.ts$/,
    types: /^worker\/protocol\.ts$/,
    may: /^worker\/wire\.ts$/,
    reason: 'the page must not pull the engine into its own bundle',
  },
  {
    files: /^worker\/train\.worker\.ts$/,
    may: /^(base|schema|exit|model|runs|training)\/|^tasks\/(?!.*view)|^worker\/(?!client)/,
    packages: ADDRESS_OF_WASM,
    reason: 'the worker composes the session with its engine and a port; it knows no page',
  },
  {
    files: /^worker\/replica\.worker\.ts$/,
    may: /^model\/|^worker\/calls\.ts$/,
    reason: 'a replica knows its weights and who calls it, and nothing of runs',
  },
  {
    files: /^worker\/replay\.worker\.ts$/,
    may: /^tasks\/locks\/(?!.*view)|^worker\/(wire|replay)\.ts$/,
    reason:
      'a recording plays before an engine is there: it must stay light, and take the one domain along that was recorded',
  },
  {
    files: /^worker\/(trainer|replay|archive-handlers)\.ts$/,
    may: /^(base|schema|exit|runs|training)\/|^tasks\/(?!.*view)/,
    types: /^worker\/(protocol|wire)\.ts$/,
    reason: 'commands are answered whatever port they come through',
  },
  {
    files: /^app\//,
    may: /^(base|schema)\/|^worker\/client\.ts$/,
    types: /^(exit|runs|worker|training)\//,
    packages: /^(zustand|react)(\/|$)/,
    reason: 'state of the page hears from the worker through the client only',
  },
  {
    files: /^ui\//,
    may: /^(base|schema|app)\/|^tasks\/views\.ts$/,
    types: /^(exit|worker|runs|training)\/|^tasks\/(task|attempt-view)\.ts$/,
    packages: /^(react|react-dom|recharts|zustand)(\/|$)/,
    reason: 'the page shows the store; domains reach it through tasks/views.ts',
  },
  {
    files: /^main\.tsx$/,
    may: /^(schema|app|ui)\/|^worker\/(client|(train|replay)\.worker)\.ts$/,
    packages: /^(react|react-dom)(\/|$)/,
    reason: 'the composition root of the page puts the store, the client and the page together',
  },
  {
    files: /^cli\//,
    may: /^(base|schema|runs|golden|training)\/|^model\/engine\.ts$/,
    types: /^(exit|tasks|worker|model)\//,
    packages: /^node:|^(cli-progress|prettier)$/,
    reason: 'the command line composes the same session as the worker, without a page',
  },
  {
    files: /^bench\//,
    may: /^(base|schema|model|training)\/|^worker\/(calls|replica\.worker)\.ts$|^cli\/(args|platform)\.ts$|scripts\/chromium\.mjs$/,
    packages:
      /^@tensorflow\/|^@jax-js\/|^onnxruntime-web\/|^node:|^(playwright|prettier|valibot|vite)$/,
    reason: 'engines are measured side by side through the doors that the app uses',
  },
];

const APART: readonly Apart[] = [
  {
    files: /^model\/backends\/(tfjs|wasm|webgpu)\//,
    reason: 'an engine can be deleted without touching another: share through fused/',
  },
  {
    files: /^tasks\/([^/]+)\//,
    reason: 'a domain is one folder that can be copied or deleted without touching another',
  },
  {
    files: /^ui\/panels\/([^/]+)\//,
    reason: 'a panel can be moved or deleted without touching another: share through charts/',
  },
];

const BANS: readonly Ban[] = [
  {
    files: /^(base|schema|tasks|exit|model|runs|training)\//,
    except: /\.test\.|\.testing\./,
    expressions: /^(Math\.random|Date\.now|newDate\(\)|crypto\.(randomUUID|getRandomValues))$/,
    reason: 'the same seed must give the same run: take an Rng, or the time as an argument',
  },
  {
    files:
      /^worker\/(?!(train|replica|replay)\.worker|wire|client)|^(base|schema|exit|runs|training)\/|^model\/policy\.ts/,
    except: /\.test\./,
    expressions: /^(self|window|document|localStorage|postMessage|HTMLElement)$/,
    reason: 'this also runs in Node, where there is neither a page nor a worker',
  },
  {
    files: /./,
    except: /^worker\/wire(\.test)?\.ts$|^tasks\/pipelines\/scorer(\.worker)?\.ts$|\.test\./,
    expressions: /^(postMessage|\w+\.postMessage|(e|ev|evt|event|message)\.data)$/,
    reason:
      'messages pass worker/wire.ts, where they are checked, or a domain checks its own workers',
  },
];

const files = import.meta.glob<string>(['./**/*.{ts,tsx}', '!./model/backends/wasm/assembly/**'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
const SOURCES: Sources = Object.fromEntries(
  Object.entries(files).map(([path, text]) => [path.replace(/^\.\//, ''), text]),
);

describe('the house', () => {
  it('was read', () => {
    expect(Object.keys(SOURCES)).toEqual(
      expect.arrayContaining(['base/rng.ts', 'schema/params.ts']),
    );
    expect(linksOf('base/rng.ts', SOURCES['base/rng.ts']!).length).toBeGreaterThan(0);
  });

  it('imports only what each room may', () => {
    expect(forbiddenImports(SOURCES, MODULE_RULES)).toEqual([]);
  });

  it('keeps siblings apart', () => {
    expect(siblingImports(SOURCES, APART)).toEqual([]);
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

describe('the checker', () => {
  it.each([
    [`import { a } from './a.ts'`, './a.ts', false],
    [`import './a.css'`, './a.css', false],
    [`import type { A } from './a.ts'`, './a.ts', true],
    [`import { type A, type B } from './a.ts'`, './a.ts', true],
    [`import { type A, b } from './a.ts'`, './a.ts', false],
    [`import type A from './a.ts'`, './a.ts', true],
    [`export { a } from './a.ts'`, './a.ts', false],
    [`export type { A } from './a.ts'`, './a.ts', true],
    [`const a = await import('./a.ts')`, './a.ts', false],
    [`let a: import('./a.ts').A`, './a.ts', true],
    [`new Worker(new URL('./a.worker.ts', import.meta.url))`, './a.worker.ts', false],
  ])('reads %s', (text, specifier, typeOnly) => {
    expect(linksOf('x.ts', text)).toEqual([{ specifier, typeOnly }]);
  });

  it.each([
    ['base/a.ts', `import '../schema/params.ts'`, 'base knows nothing of the rest'],
    [
      'base/a.ts',
      `import type { Config } from '../schema/params.ts'`,
      'types of ../schema/params.ts',
    ],
    ['schema/a.ts', `import '../tasks/task.ts'`, 'without knowing who turns'],
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
    ['cli/a.ts', `import '../app/lab.ts'`, 'without a page'],
    ['bench/a.ts', `import '../worker/trainer.ts'`, 'through the doors that the app uses'],
    ['cli/a.ts', `import '../bench/ratios.ts'`, 'without a page'],
    ['cli/a.ts', `import '../schema/arbitrary.testing.ts'`, 'without a page'],
    ['elsewhere/a.ts', `import '../base/rng.ts'`, 'belongs to no module'],
  ])('refuses in %s: %s', (path, text, message) => {
    const [problem, ...others] = forbiddenImports({ [path]: `${text}; export {};` }, MODULE_RULES);
    expect(problem).toContain(path);
    expect(problem).toContain(message);
    expect(others).toEqual([]);
  });

  it('lets a type pass where only the value is refused, and the value in a test', () => {
    const typed = `import type { ExitState } from '../exit/exit.ts'`;
    const value = `import { exit } from '../exit/exit.ts'`;
    expect(forbiddenImports({ 'runs/a.ts': typed, 'runs/a.test.ts': value }, MODULE_RULES)).toEqual(
      [],
    );
  });

  it('refuses siblings that know each other', () => {
    const sources = {
      'tasks/locks/a.ts': `import '../countdown/b.ts'; import '../task.ts'; import './c.ts'`,
      'ui/panels/depth/a.tsx': `import type { B } from '../reward/b.tsx'`,
    };
    expect(siblingImports(sources, APART)).toEqual([
      expect.stringContaining('tasks/locks/a.ts imports tasks/countdown/b.ts: a domain is one'),
      expect.stringContaining('ui/panels/depth/a.tsx imports ui/panels/reward/b.tsx: a panel'),
    ]);
  });

  it('finds a cycle, through types too', () => {
    const sources = {
      'a.ts': `import './base/b.ts'`,
      'base/b.ts': `import type { C } from './c.ts'`,
      'base/c.ts': `export { b } from './b.ts'`,
    };
    expect(importCycles(sources)).toEqual(['base/b.ts → base/c.ts → base/b.ts']);
  });

  it('finds barrels, and only those', () => {
    const sources = {
      'base/all.ts': `export { a } from './a.ts'; export type { B } from './b.ts';`,
      'base/star.ts': `export const c = 1; export * from './a.ts';`,
      'base/a.ts': `export type { B } from './b.ts'; export const a = 1;`,
    };
    expect(barrelFiles(sources).map((line) => line.split(' ')[0])).toEqual([
      'base/all.ts',
      'base/star.ts',
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

  it('lets pass what only looks alike', () => {
    const text = `const a = { self: 1, document: new Date(0) }; a.self; tensor.data(); // Date.now()`;
    expect(bannedCode({ 'exit/a.ts': text, 'exit/a.test.ts': 'Math.random()' }, BANS)).toEqual([]);
    expect(isTest('exit/a.test.ts') && isTest('exit/testing/b.ts') && !isTest('a.ts')).toBe(true);
  });
});
