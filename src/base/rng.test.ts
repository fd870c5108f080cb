import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, hashString, restoreRng, type Rng, type RngState } from './rng.ts';

const seeds = fc.integer();

function draw(rng: Rng, n = 8): number[] {
  return Array.from({ length: n }, () => rng.next());
}

describe('a stream', () => {
  it('repeats for its seed and differs for another', () => {
    expect(draw(createRng(7))).toEqual(draw(createRng(7)));
    expect(draw(createRng(7))).not.toEqual(draw(createRng(8)));
  });

  it('gives uniforms below 1 with the mean and the spread of uniforms', () => {
    const values = draw(createRng(1), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(1 / 2, 1.5);
    expect(variance).toBeCloseTo(1 / 12, 2);
  });

  it('gives float32 uniforms that stay below 1 after rounding', () => {
    const values = createRng(3).uniforms(100_000);
    expect(values).toBeInstanceOf(Float32Array);
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
    expect(new Float32Array([1 - 2 ** -24])[0]).toBeLessThan(1);
  });

  it('gives every integer below a bound about equally often', () => {
    const rng = createRng(5);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 10_000; i++) counts[rng.int(5)]! += 1;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('picks from what there is, and refuses an empty list', () => {
    const rng = createRng(2);
    const picked = new Set(Array.from({ length: 100 }, () => rng.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
    expect(() => rng.pick([])).toThrow(RangeError);
  });

  it('takes chances as often as asked', () => {
    const rng = createRng(11);
    const hits = Array.from({ length: 10_000 }, () => rng.chance(0.3)).filter(Boolean).length;
    expect(hits / 10_000).toBeCloseTo(0.3, 1.5);
    expect(rng.chance(0)).toBe(false);
    expect(rng.chance(1)).toBe(true);
  });

  it('permutes: every number once, and no order favoured', () => {
    const rng = createRng(4);
    const orders = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = rng.permutation(3).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
    for (const count of orders.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });
});

describe('weighted', () => {
  it('draws in proportion to the weights, and never where the weight is 0', () => {
    const rng = createRng(6);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 20_000; i++) counts[rng.weighted([1, 0, 3, 4])]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[0]! / 20_000).toBeCloseTo(1 / 8, 1.5);
    expect(counts[2]! / 20_000).toBeCloseTo(3 / 8, 1.5);
    expect(counts[3]! / 20_000).toBeCloseTo(4 / 8, 1.5);
  });

  it('falls back to uniform where all weights are 0', () => {
    const rng = createRng(6);
    const drawn = new Set(Array.from({ length: 200 }, () => rng.weighted([0, 0, 0])));
    expect([...drawn].sort()).toEqual([0, 1, 2]);
  });

  it('always gives an index with weight', () => {
    const weights = fc
      .array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 })
      .filter((list) => list.some((weight) => weight > 0));
    fc.assert(
      fc.property(seeds, weights, (seed, list) => {
        expect(list[createRng(seed).weighted(list)]).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a fork', () => {
  it('depends on seed and name only, not on what was drawn before it', () => {
    fc.assert(
      fc.property(seeds, fc.string(), fc.nat(50), (seed, name, drawn) => {
        const rng = createRng(seed);
        const early = draw(rng.fork(name));
        draw(rng, drawn);
        expect(draw(rng.fork(name))).toEqual(early);
      }),
    );
  });

  it('leaves its parent where it was', () => {
    const [a, b] = [createRng(9), createRng(9)];
    draw(a.fork('eval'));
    expect(draw(a)).toEqual(draw(b));
  });

  it('is a stream of its own for every name and level', () => {
    const root = createRng(1);
    const streams = [root, root.fork('a'), root.fork('b'), root.fork('a').fork('a'), root.fork('')];
    expect(new Set(streams.map((rng) => draw(rng).join())).size).toBe(streams.length);
  });
});

describe('a restored stream', () => {
  it('goes on where the state was taken, forks included, through JSON', () => {
    fc.assert(
      fc.property(seeds, fc.nat(50), (seed, drawn) => {
        const rng = createRng(seed);
        draw(rng, drawn);
        const restored = restoreRng(JSON.parse(JSON.stringify(rng.state())) as RngState);
        expect(draw(restored.fork('x'))).toEqual(draw(rng.fork('x')));
        expect(draw(restored)).toEqual(draw(rng));
      }),
    );
  });

  it('is not touched by what the original draws later', () => {
    const rng = createRng(12);
    const state = rng.state();
    const expected = draw(rng);
    expect(draw(restoreRng(state))).toEqual(expected);
    expect(draw(restoreRng(state))).toEqual(expected);
  });
});

describe('hashString', () => {
  it('sends near names and seeds far apart', () => {
    const hashes = new Set<number>();
    for (let i = 0; i < 1000; i++) {
      hashes.add(hashString(`step ${i}`));
      hashes.add(hashString('step', i + 1));
    }
    expect(hashes.size).toBe(2000);
    const flipped = hashString('a') ^ hashString('b');
    const bits = (flipped >>> 0).toString(2).replaceAll('0', '').length;
    expect(bits).toBeGreaterThan(6);
  });
});
