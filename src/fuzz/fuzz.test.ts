import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../base/rng.ts';
import { encodeText } from '../runs/checks.ts';
import { unzip, zip } from '../runs/zip.ts';
import { checkRunFile, checkTableFile } from './check.ts';
import { makeExports } from './exports.ts';
import { mutants, tried, type Violation } from './fuzz.ts';
import { mutateJson } from './mutate.ts';
import { TABLES } from './table-mutants.ts';

const OF_24E1FAD = new URL('../runs/fixtures/export-of-24e1fad.zip', import.meta.url);

let exports: readonly Uint8Array[] = [];
beforeAll(async () => {
  exports = [...(await makeExports()), new Uint8Array(readFileSync(OF_24E1FAD))];
  // They are trained first, on a machine that may be busy.
}, 120_000);

describe('sound files', () => {
  it('are accepted, and their own export is the same run', async () => {
    for (const bytes of exports) expect(await checkRunFile(bytes)).toBe('accepted');
    for (const text of TABLES) {
      expect(await checkTableFile(encodeText(text), createRng(1))).toBe('accepted');
    }
  });
});

describe('damaged files', () => {
  it('are refused with a typed error, or accepted and written again', async () => {
    const make = mutants({ seed: 1, exports });
    const violations: Violation[] = [];
    const outcomes = new Set<unknown>();
    for (let n = 0; n < 1000; n++) {
      const mutant = make(n);
      const { outcome, problem } = await tried(mutant);
      outcomes.add(`${mutant.kind} ${outcome}`);
      if (problem !== null) violations.push({ mutant: n, kind: mutant.kind, problem });
    }
    expect(violations).toEqual([]);
    expect([...outcomes].sort()).toEqual([
      ...['run accepted', 'run refused', 'table accepted', 'table refused'],
    ]);
  }, 600_000);

  it('are the same for the same seed and number', () => {
    const [one, other] = [mutants({ seed: 7, exports }), mutants({ seed: 7, exports })];
    const equal = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
    for (let n = 0; n < 20; n++) expect(equal(one(n).bytes, other(n).bytes)).toBe(true);
    expect(equal(mutants({ seed: 8, exports })(1).bytes, one(1).bytes)).toBe(false);
  });
});

it('damage to JSON is mostly damage', () => {
  const value = { a: [1, 2, { b: 'text' }], c: null, d: 0.5 };
  const texts = Array.from({ length: 200 }, (_, i) =>
    JSON.stringify(mutateJson(value, createRng(i))),
  );
  expect(new Set(texts).size).toBeGreaterThan(60);
  expect(texts.filter((text) => text === JSON.stringify(value)).length).toBeLessThan(20);
});

it('a state from the future is found', async () => {
  const files = unzip(exports[0]!).map((file) => {
    if (file.path !== 'run.json') return file;
    const run = JSON.parse(new TextDecoder().decode(file.bytes)) as { step: number };
    return { ...file, bytes: encodeText(JSON.stringify({ ...run, step: run.step - 1 })) };
  });
  expect(await checkRunFile(zip(files))).toBe('refused');
});
