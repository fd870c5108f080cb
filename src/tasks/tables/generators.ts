/**
 * Competitions whose tables are drawn from a seeded stream. Each generator says what a row is like; sums
 * and shapes are the usual ones, Friedman's from "Multivariate adaptive regression splines" (1991).
 */
import type { Rng } from '../../base/rng.ts';
import type { Metric, Table } from './table.ts';

interface Row {
  readonly values: readonly (number | null)[];
  readonly target: number;
}

export interface Generator {
  readonly metric: Metric;
  /** None for a number to be predicted. */
  readonly classes: readonly string[];
  readonly draw: (rng: Rng) => Row;
}

export function generate(name: string, generator: Generator, size: number, rng: Rng): Table {
  const drawn = Array.from({ length: size }, () => generator.draw(rng));
  return {
    name,
    columns: drawn[0]!.values.map((_, i) => `x${i + 1}`),
    target: 'y',
    classes: [...generator.classes],
    metric: generator.metric,
    rows: drawn.map(({ values }) => values.map((value) => (value === null ? null : short(value)))),
    targets: drawn.map(({ target }) => (generator.classes.length > 0 ? target : short(target))),
  };
}

function short(value: number): number {
  return Number(value.toPrecision(4));
}

/** Standard normal, by the polar form of Box and Muller. */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
}

function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng.next();
}

function uniforms(rng: Rng, count: number, low = -1, high = 1): number[] {
  return Array.from({ length: count }, () => uniform(rng, low, high));
}

function normals(rng: Rng, count: number): number[] {
  return Array.from({ length: count }, () => normal(rng));
}

const TWO = ['no', 'yes'] as const;
const THREE = ['one', 'two', 'three'] as const;

function labelled(draw: Generator['draw'], metric: Metric = 'accuracy'): Generator {
  return { metric, classes: TWO, draw };
}

function three(draw: Generator['draw']): Generator {
  return { metric: 'accuracy', classes: THREE, draw };
}

function numeric(metric: Metric, draw: Generator['draw']): Generator {
  return { metric, classes: [], draw };
}

export function moons(noise: number): Generator {
  return labelled((rng) => {
    const target = rng.int(2);
    const angle = Math.PI * rng.next();
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    const values = target === 0 ? [x, y] : [1 - x, 0.5 - y];
    return { values: values.map((value) => value + noise * normal(rng)), target };
  });
}

export function rings(noise: number): Generator {
  return labelled((rng) => {
    const target = rng.int(2);
    const angle = 2 * Math.PI * rng.next();
    const radius = (target === 0 ? 1 : 0.5) + noise * normal(rng);
    return { values: [radius * Math.cos(angle), radius * Math.sin(angle)], target };
  });
}

/** The class is the sign of a product; further columns tell nothing. */
export function xor(idle: number, noise: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, 2 + idle);
    return { values, target: Number(values[0]! * values[1]! + noise * normal(rng) > 0) };
  });
}

export function spirals(noise: number): Generator {
  return labelled((rng) => {
    const target = rng.int(2);
    const turn = Math.sqrt(rng.next()) * 2.2 * Math.PI;
    const side = target === 0 ? 1 : -1;
    const place = [side * turn * Math.cos(turn), side * turn * Math.sin(turn)];
    return { values: place.map((value) => value / 7 + noise * normal(rng)), target };
  });
}

export function chessboard(squares: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, 2, 0, squares);
    return { values, target: (Math.floor(values[0]!) + Math.floor(values[1]!)) % 2 };
  });
}

/** Round clouds, one a class. */
export function blobs(spread: number, columns: number): Generator {
  return three((rng) => {
    const target = rng.int(3);
    const values = normals(rng, columns).map((v, i) => spread * v + (i % 3 === target ? 2 : 0));
    return { values, target };
  });
}

/** Clouds around one centre, of different widths. */
export function shells(columns: number): Generator {
  return three((rng) => {
    const target = rng.int(3);
    return { values: normals(rng, columns).map((v) => v * 3 ** target), target };
  });
}

/** Two of the columns decide, linearly. */
export function sparseClasses(columns: number, noise: number): Generator {
  return labelled((rng) => {
    const values = normals(rng, columns);
    return { values, target: Number(values[0]! - values[1]! + noise * normal(rng) > 0) };
  });
}

/** One row in `every` is positive. */
export function imbalanced(every: number, shift: number): Generator {
  return labelled((rng) => {
    const target = Number(rng.chance(1 / every));
    return { values: normals(rng, 4).map((v, i) => v + (i < 2 ? shift * target : 0)), target };
  }, 'f1');
}

/** A rare class in a small box. */
export function box(columns: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, columns);
    return { values, target: Number(Math.max(...values.slice(0, 2).map(Math.abs)) < 0.5) };
  }, 'f1');
}

/** Columns on scales far apart; all of them tell as much. */
export function scales(columns: number): Generator {
  return labelled((rng) => {
    const values = normals(rng, columns);
    const sum = values.reduce((total, v) => total + v * v, 0);
    return { values: values.map((v, i) => v * 10 ** (2 * i)), target: Number(sum > columns) };
  });
}

/** Columns are powers of e: few large ones, many small. */
export function skewed(columns: number): Generator {
  return labelled((rng) => {
    const values = normals(rng, columns);
    const sum = values[0]! + values[1]! + 0.3 * normal(rng);
    return { values: values.map((v) => Math.exp(2 * v)), target: Number(sum > 0) };
  });
}

export function friedman1(metric: Metric, noise: number): Generator {
  return numeric(metric, (rng) => {
    const values = uniforms(rng, 6, 0, 1);
    const [a, b, c, d, e] = values as [number, number, number, number, number];
    const curve = 10 * Math.sin(Math.PI * a * b) + 20 * (c - 0.5) ** 2 + 10 * d + 5 * e;
    return { values, target: curve + noise * normal(rng) };
  });
}

function circuit(rng: Rng): [number, number, number, number] {
  const frequency = uniform(rng, 40 * Math.PI, 560 * Math.PI);
  return [uniform(rng, 0, 100), frequency, rng.next(), uniform(rng, 1, 11)];
}

export function friedman2(noise: number): Generator {
  return numeric('r2', (rng) => {
    const values = circuit(rng);
    const [a, b, c, d] = values;
    return { values, target: Math.hypot(a, b * c - 1 / (b * d)) + noise * normal(rng) };
  });
}

export function friedman3(noise: number): Generator {
  return numeric('rmse', (rng) => {
    const values = circuit(rng);
    const [a, b, c, d] = values;
    return { values, target: Math.atan2(b * c - 1 / (b * d), a) + noise * normal(rng) };
  });
}

export function sparseLinear(columns: number, noise: number): Generator {
  return numeric('r2', (rng) => {
    const values = normals(rng, columns);
    return { values, target: 3 * values[0]! - 2 * values[1]! + noise * normal(rng) };
  });
}

/** All columns tell the same thing, a little differently. */
export function collinear(columns: number): Generator {
  return numeric('rmse', (rng) => {
    const hidden = normal(rng);
    const values = normals(rng, columns).map((v) => hidden + 0.3 * v);
    return { values, target: 2 * hidden + 0.5 * normal(rng) };
  });
}

/** The noise grows with the first column. */
export function heteroscedastic(columns: number): Generator {
  return numeric('rmse', (rng) => {
    const values = uniforms(rng, columns, 0, 1);
    const level = 4 * values[0]! + 2 * values[1]!;
    return { values, target: level + 1.5 * values[0]! * normal(rng) };
  });
}

export function waves(metric: Metric, noise: number): Generator {
  return numeric(metric, (rng) => {
    const values = uniforms(rng, 2, -2, 2);
    const target = Math.sin(2 * values[0]!) + Math.cos(1.5 * values[1]!) + noise * normal(rng);
    return { values, target };
  });
}

export function bowl(columns: number, noise: number): Generator {
  return numeric('r2', (rng) => {
    const values = uniforms(rng, columns);
    const target = values.reduce((sum, v) => sum + v * v, 0) + noise * normal(rng);
    return { values, target };
  });
}

export function stairs(columns: number, noise: number): Generator {
  return numeric('rmse', (rng) => {
    const values = uniforms(rng, columns, 0, 4);
    const target = Math.floor(values[0]!) * 2 - Math.floor(values[1]! / 2) * 3;
    return { values, target: target + noise * normal(rng) };
  });
}

export function saddle(idle: number, noise: number): Generator {
  return numeric('r2', (rng) => {
    const values = normals(rng, 2 + idle);
    return { values, target: values[0]! * values[1]! + noise * normal(rng) };
  });
}

/** Inside or outside of a lying ellipse. */
export function ellipse(idle: number, noise: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, 2 + idle);
    const [a, b] = values as [number, number];
    const distance = Math.hypot((a + b) / 1.4, (a - b) / 0.7);
    return { values, target: Number(distance + noise * normal(rng) < 0.8) };
  });
}

/** Three rings around each other, a class each. */
export function target(noise: number): Generator {
  return three((rng) => {
    const ring = rng.int(3);
    const angle = 2 * Math.PI * rng.next();
    const radius = 0.5 + ring + noise * normal(rng);
    return { values: [radius * Math.cos(angle), radius * Math.sin(angle)], target: ring };
  });
}

/** The class is the sign of a product of three. */
export function parity(noise: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, 3);
    const product = values.reduce((a, b) => a * b, 1);
    return { values, target: Number(product + noise * normal(rng) > 0) };
  });
}

/** Two slanting bands of the rarer class. */
export function bands(noise: number): Generator {
  return labelled((rng) => {
    const values = uniforms(rng, 3, 0, 2);
    const place = (values[0]! + values[1]! + noise * normal(rng)) % 2;
    return { values, target: Number(place > 1.4) };
  }, 'f1');
}

/** One hill and one hollow. */
export function hills(metric: Metric, noise: number): Generator {
  return numeric(metric, (rng) => {
    const values = uniforms(rng, 2);
    const [a, b] = values as [number, number];
    const hill = Math.exp(-4 * Math.hypot(a - 0.4, b - 0.4) ** 2);
    const hollow = Math.exp(-4 * Math.hypot(a + 0.4, b + 0.4) ** 2);
    return { values, target: hill - hollow + noise * normal(rng) };
  });
}

export function ratio(noise: number): Generator {
  return numeric('rmse', (rng) => {
    const values = uniforms(rng, 3, 1, 5);
    return { values, target: values[0]! / values[1]! + noise * normal(rng) };
  });
}

/** Rises fast, then hardly; the first column is spread over powers of ten. */
export function saturation(idle: number, noise: number): Generator {
  return numeric('r2', (rng) => {
    const dose = 10 ** uniform(rng, -2, 2);
    return {
      values: [dose, ...normals(rng, idle)],
      target: dose / (1 + dose) + noise * normal(rng),
    };
  });
}

/** Linear, and turned around where the second column is positive. */
export function hinge(columns: number, noise: number): Generator {
  return numeric('r2', (rng) => {
    const values = normals(rng, columns);
    const slope = values[1]! > 0 ? 2 : -1;
    return { values, target: slope * values[0]! + noise * normal(rng) };
  });
}

/** Of the first two columns a share is missing, whatever the values are. */
export function withGaps(generator: Generator, share: number): Generator {
  return {
    ...generator,
    draw: (rng) => {
      const { values, target } = generator.draw(rng);
      const gappy = values.map((value, i) => (i < 2 && rng.chance(share) ? null : value));
      return { values: gappy, target };
    },
  };
}

/** The first column is missing more often where the target is large: that it is missing tells something. */
export function withTellingGaps(generator: Generator, above: number): Generator {
  return {
    ...generator,
    draw: (rng) => {
      const { values, target } = generator.draw(rng);
      const missing = rng.chance(target > above ? 0.6 : 0.05);
      return { values: missing ? [null, ...values.slice(1)] : values, target };
    },
  };
}
