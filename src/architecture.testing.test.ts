import { describe, expect, it } from 'vitest';
import {
  bannedCode,
  barrelFiles,
  forbiddenImports,
  importCycles,
  isTest,
  linksOf,
  type Ban,
  type ModuleRule,
} from './architecture.testing.ts';

const RUNS: ModuleRule = {
  files: /^runs\//,
  types: /^exit\//,
  reason: 'types of the rest are enough',
};

const CLOCKS: Ban = {
  files: /^exit\//,
  except: /\.test\./,
  expressions: /^(Math\.random|Date\.now|newDate\(\)|self|document)$/,
  reason: 'the same seed must give the same run',
};

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

  it('lets a type pass where only the value is refused, and the value in a test', () => {
    const typed = `import type { ExitState } from '../exit/exit.ts'`;
    const value = `import { exit } from '../exit/exit.ts'`;
    expect(forbiddenImports({ 'runs/a.ts': typed, 'runs/a.test.ts': value }, [RUNS])).toEqual([]);
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

  it('lets pass what only looks alike', () => {
    const text = `const a = { self: 1, document: new Date(0) }; a.self; tensor.data(); // Date.now()`;
    expect(bannedCode({ 'exit/a.ts': text, 'exit/a.test.ts': 'Math.random()' }, [CLOCKS])).toEqual(
      [],
    );
    expect(isTest('exit/a.test.ts') && isTest('exit/testing/b.ts') && !isTest('a.ts')).toBe(true);
  });
});
