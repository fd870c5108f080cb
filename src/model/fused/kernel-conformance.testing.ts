/** Calls of each kernel with shapes that are no multiples of anything: every device must agree on them. */
import { createRng, type Rng } from '../../base/rng.ts';
import type { GrpoOptions } from '../policy.ts';
import {
  qkvWidth,
  type DeviceBuffer,
  type HeadShape,
  type Kernels,
  type Sequences,
} from './kernels.ts';
import { packCompletions, packPrompts, indicesByValue, type Packing } from './packing.ts';
import { rotaryTable } from './weights.ts';

/** What a kernel leaves behind, on any device. */
export interface ConformanceCase {
  readonly name: string;
  readonly run: <B extends DeviceBuffer>(kernels: Kernels<B>, rng: Rng) => readonly B[];
}

/** Float32 against float64: relative to the largest entry of the result. */
export const TOLERANCE = 3e-6;

/** The same calls on any device. */
export function runCase<B extends DeviceBuffer>(
  kernels: Kernels<B>,
  conformanceCase: ConformanceCase,
): Promise<Float32Array[]> {
  const buffers = conformanceCase.run(kernels, createRng(1));
  return Promise.all(buffers.map((buffer) => kernels.read(buffer)));
}

/** The largest distance from what was expected, relative to its largest entry. */
export function distance(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Infinity;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = expected.reduce(
    (most, value, i) => Math.max(most, distanceOf(actual[i]!, value)),
    0,
  );
  return worst / largest;
}

function distanceOf(a: number, b: number): number {
  return Number.isNaN(a) ? Infinity : Math.abs(a - b);
}

export const random = (rng: Rng, length: number, scale = 1): Float32Array =>
  Float32Array.from({ length }, () => scale * (2 * rng.next() - 1));

export const randomTokens = (count: number, rng: Rng): number[] =>
  Array.from({ length: count }, () => 1 + rng.int(9));

export function sequencesOf<B extends DeviceBuffer>(
  kernels: Kernels<B>,
  packing: Packing,
): Sequences<B> {
  const { rows, count, longest } = packing;
  const table = kernels.upload(packing.table);
  return { rows, count, longest, table, sequenceOf: kernels.upload(packing.sequenceOf) };
}

const PRODUCTS = [
  { rows: 1, inputs: 64, outputs: 192 },
  { rows: 7, inputs: 13, outputs: 5 },
  { rows: 130, inputs: 24, outputs: 48 },
  { rows: 301, inputs: 33, outputs: 17 },
  { rows: 40, inputs: 704, outputs: 9 },
  { rows: 1100, inputs: 12, outputs: 20 },
  { rows: 2, inputs: 5, outputs: 8200 },
].flatMap((shape): ConformanceCase[] => {
  const { rows, inputs, outputs } = shape;
  const of = `of ${rows} × ${inputs} by ${outputs}`;
  return [
    {
      name: `the product ${of}, with and without a residual`,
      run: (kernels, rng) => {
        const x = kernels.upload(random(rng, rows * inputs));
        // A weight in the middle of a parameter vector stands at any offset.
        const theta = kernels.upload(random(rng, 3 + inputs * outputs));
        const weight = kernels.part(theta, 3, inputs * outputs);
        const residual = kernels.upload(random(rng, rows * outputs));
        const [plain, added] = [kernels.scratch(rows * outputs), kernels.scratch(rows * outputs)];
        kernels.linear({ ...shape, x, weight, residual: null, out: plain });
        kernels.linear({ ...shape, x, weight, residual, out: added });
        return [plain, added];
      },
    },
    {
      name: `the gradient of the input ${of}`,
      run: (kernels, rng) => {
        const dy = kernels.upload(random(rng, rows * outputs));
        const weight = kernels.upload(random(rng, inputs * outputs));
        const dx = kernels.scratch(rows * inputs);
        kernels.linearInput({ ...shape, dy, weight, dx });
        return [dx];
      },
    },
    {
      name: `the gradients ${of}, from columns of a wider matrix`,
      run: (kernels, rng) => {
        const dyStride = outputs + 7;
        const wide = kernels.upload(random(rng, rows * dyStride));
        const dy = kernels.part(wide, 4, rows * dyStride - 4);
        const weight = kernels.upload(random(rng, inputs * outputs));
        const x = kernels.upload(random(rng, rows * inputs));
        const dx = kernels.scratch(rows * inputs);
        const dWeight = kernels.upload(random(rng, inputs * outputs));
        kernels.linearInput({ ...shape, dy, dyStride, weight, dx });
        kernels.linearWeight({ ...shape, dy, dyStride, x, dWeight });
        return [dx, dWeight];
      },
    },
    {
      name: `the gradient of the weight ${of}, added`,
      run: (kernels, rng) => {
        const dy = kernels.upload(random(rng, rows * outputs));
        const x = kernels.upload(random(rng, rows * inputs));
        const gradient = kernels.upload(random(rng, 5 + inputs * outputs));
        const dWeight = kernels.part(gradient, 5, inputs * outputs);
        kernels.linearWeight({ ...shape, dy, x, dWeight });
        return [gradient];
      },
    },
  ];
});

const ROWS = [
  { rows: 1, width: 64 },
  { rows: 37, width: 18 },
  { rows: 150, width: 24 },
].flatMap(({ rows, width }): ConformanceCase[] => {
  const of = `of ${rows} rows of ${width}`;
  return [
    {
      name: `the norm ${of} and its gradient`,
      run: (kernels, rng) => {
        const x = kernels.upload(random(rng, rows * width, 3));
        const weight = kernels.upload(random(rng, width));
        const [y, scale] = [kernels.scratch(rows * width), kernels.scratch(rows)];
        kernels.rmsNorm({ rows, width, eps: 1e-5, x, weight, y, scale });
        const dy = kernels.upload(random(rng, rows * width));
        const dx = kernels.upload(random(rng, rows * width));
        const dWeight = kernels.upload(random(rng, width));
        kernels.rmsNormBackward({ rows, width, x, weight, scale, dy, dx, dWeight });
        return [y, scale, dx, dWeight];
      },
    },
    {
      name: `the gate ${of} and its gradient, at extremes too`,
      run: (kernels, rng) => {
        const gateUp = kernels.upload(random(rng, rows * 2 * width, 60));
        const out = kernels.scratch(rows * width);
        kernels.swiglu({ rows, inner: width, gateUp, out });
        const dGateUp = kernels.scratch(rows * 2 * width);
        const dOut = kernels.upload(random(rng, rows * width));
        kernels.swigluBackward({ rows, inner: width, gateUp, dOut, dGateUp });
        return [out, dGateUp];
      },
    },
    {
      name: `a choice ${of}, and its sum back`,
      run: (kernels, rng) => {
        const values = Int32Array.from({ length: 50 }, () => rng.int(rows));
        const table = kernels.upload(random(rng, rows * width));
        const sums = kernels.upload(random(rng, rows * width));
        const out = kernels.scratch(50 * width);
        kernels.gatherRows({ table, indices: kernels.upload(values), rows: 50, width, out });
        const { starts, items } = indicesByValue(values, rows);
        const lists = { count: rows, starts: kernels.upload(starts), items: kernels.upload(items) };
        kernels.gatherSum({ from: out, lists, width, out: sums });
        return [out, sums];
      },
    },
  ];
});

const HEADS: readonly HeadShape[] = [
  { heads: 2, kvHeads: 2, headDim: 8 },
  { heads: 3, kvHeads: 3, headDim: 10 },
  { heads: 1, kvHeads: 1, headDim: 32 },
  { heads: 6, kvHeads: 2, headDim: 6 },
  { heads: 4, kvHeads: 1, headDim: 16 },
];

const nameOf = ({ heads, kvHeads, headDim }: HeadShape): string =>
  `${heads} heads of ${headDim}, ${kvHeads} of them with keys`;

const HEAD_ROWS = [
  { rows: 1, heads: 4, kvHeads: 2, headDim: 8 },
  { rows: 150, heads: 3, kvHeads: 1, headDim: 6 },
].map(({ rows, ...heads }): ConformanceCase => ({
  name: `biases and norms of ${rows} rows of ${nameOf(heads)}, and their gradient`,
  run: (kernels, rng) => {
    const width = qkvWidth(heads);
    const x = kernels.upload(random(rng, rows * width, 3));
    const bias = kernels.upload(random(rng, width));
    kernels.addBias({ rows, width, x, bias });
    const weight = kernels.upload(random(rng, 2 * heads.headDim));
    const y = kernels.scratch(rows * width);
    const scale = kernels.scratch(rows * (heads.heads + heads.kvHeads));
    kernels.normHeads({ ...heads, rows, eps: 1e-5, x, weight, y, scale });
    const dy = kernels.upload(random(rng, rows * width));
    const dx = kernels.scratch(rows * width);
    const dWeight = kernels.upload(random(rng, 2 * heads.headDim));
    kernels.normHeadsBackward({ ...heads, rows, x, weight, scale, dy, dx, dWeight });
    return [x, y, scale, dx, dWeight];
  },
}));

/** Shared prefixes, single tokens, completions that are never read, prompts alone. */
export const PACKINGS: readonly (readonly [string, (rng: Rng) => Packing])[] = [
  ['prompts alone', (rng) => packPrompts([1, 2, 9, 17, 40].map((n) => randomTokens(n, rng)))],
  [
    'groups that share a prompt',
    (rng) => {
      const prompts = [randomTokens(11, rng), randomTokens(1, rng), randomTokens(30, rng)];
      const rows = [0, 0, 0, 1, 1, 2, 2, 2, 2].map((i) => prompts[i]!);
      const completions = [1, 5, 9, 2, 33, 1, 1, 8, 4].map((n) => randomTokens(n, rng));
      return packCompletions(rows, completions).packing;
    },
  ],
  [
    'a group of nothing but its prompt',
    (rng) => packCompletions([randomTokens(6, rng)], [[3]]).packing,
  ],
];

const ATTENTION = PACKINGS.flatMap(([over, pack]): ConformanceCase[] => [
  ...HEADS.map((heads): ConformanceCase => ({
    name: `attention of ${nameOf(heads)}, over ${over}, and its gradient`,
    run: (kernels, rng) => {
      const packing = pack(rng);
      const width = heads.heads * heads.headDim;
      const shape = { sequences: sequencesOf(kernels, packing), ...heads };
      const qkv = kernels.upload(random(rng, packing.rows * qkvWidth(heads), 2));
      const out = kernels.scratch(packing.rows * width);
      const logSum = kernels.scratch(packing.rows * heads.heads);
      kernels.attention({ ...shape, qkv, out, logSum });
      const dOut = kernels.upload(random(rng, packing.rows * width));
      const dQkv = kernels.scratch(packing.rows * qkvWidth(heads));
      kernels.attentionBackward({ ...shape, qkv, out, logSum, dOut, dQkv });
      return [out, logSum, dQkv];
    },
  })),
  {
    name: `rotation of ${over} there and back`,
    run: (kernels, rng) => {
      const packing = pack(rng);
      const heads = { heads: 4, kvHeads: 2, headDim: 12 };
      const turn = {
        rows: packing.rows,
        ...heads,
        positions: kernels.upload(packing.positions),
        rotary: kernels.upload(rotaryTable({ headDim: 12, ropeTheta: 10000 }, 64)),
      };
      const values = random(rng, packing.rows * qkvWidth(heads));
      const [there, back] = [kernels.upload(values), kernels.upload(values)];
      kernels.rotate({ ...turn, qkv: there, inverse: false });
      kernels.rotate({ ...turn, qkv: back, inverse: true });
      return [there, back];
    },
  },
]);

const SCORES = [1, 0.7].flatMap((temperature) =>
  [
    { rows: 1, hiddenSize: 16, vocabSize: 13 },
    { rows: 150, hiddenSize: 20, vocabSize: 41 },
    { rows: 300, hiddenSize: 18, vocabSize: 130 },
    // More words than are scored at once.
    { rows: 3, hiddenSize: 8, vocabSize: 4500 },
  ].map((shape): ConformanceCase => ({
    name: `scores of ${shape.rows} rows over ${shape.vocabSize} words at temperature ${temperature}, and their gradient`,
    run: (kernels, rng) => {
      const { rows, hiddenSize, vocabSize } = shape;
      const targets = Int32Array.from({ length: rows }, () => rng.int(vocabSize));
      const args = {
        ...shape,
        temperature,
        hidden: kernels.upload(random(rng, rows * hiddenSize, 2)),
        head: kernels.upload(random(rng, vocabSize * hiddenSize)),
        targets: kernels.upload(targets),
        logprob: kernels.scratch(rows),
        entropy: kernels.scratch(rows),
        logSum: kernels.scratch(rows),
      };
      kernels.score(args);
      const dHidden = kernels.scratch(rows * hiddenSize);
      const dHead = kernels.upload(random(rng, vocabSize * hiddenSize));
      const dLogprob = kernels.upload(random(rng, rows));
      const dEntropy = kernels.upload(random(rng, rows));
      kernels.scoreBackward({ ...args, dLogprob, dEntropy, dHidden, dHead });
      const alone = kernels.scratch(rows * hiddenSize);
      kernels.scoreBackward({ ...args, dLogprob, dEntropy, dHidden: alone, dHead: null });
      return [args.logprob, args.entropy, args.logSum, dHidden, dHead, alone];
    },
  })),
);

const PLAIN: GrpoOptions = {
  lossType: 'dapo',
  importanceSampling: 'token',
  clipLow: 0.2,
  clipHigh: 0.28,
  klBeta: 0,
  entropyCoefficient: 0.05,
  temperature: 1,
  maskTruncated: true,
  maxCompletionLength: 9,
};

const LOSSES = (['token', 'sequence'] as const).flatMap((importanceSampling) =>
  [0, 0.1].map((klBeta): ConformanceCase => ({
    name: `the loss with ${importanceSampling} ratios and β = ${klBeta}`,
    run: (kernels, rng) => {
      const lengths = [1, 9, 3, 4];
      const starts = Int32Array.of(0, 1, 10, 13, 17);
      const tokens = 17;
      const column = (): ReturnType<typeof kernels.upload> =>
        kernels.upload(random(rng, tokens, 2));
      const mask = lengths.flatMap((length, i) => Array<number>(length).fill(i === 2 ? 0 : 1));
      const args = {
        tokens,
        sequences: lengths.length,
        starts: kernels.upload(starts),
        logprob: column(),
        entropy: column(),
        old: column(),
        reference: klBeta > 0 ? column() : null,
        mask: kernels.upload(Float32Array.from(mask)),
        advantages: kernels.upload(Float32Array.of(1, -0.5, 2, -1.5)),
        weights: kernels.upload(Float32Array.of(0.2, 0.1, 0.3, 0.25)),
        counted: 14,
        options: { ...PLAIN, importanceSampling, klBeta },
        dLogprob: kernels.scratch(tokens),
        dEntropy: kernels.scratch(tokens),
        sums: kernels.scratch(4 * 6),
      };
      kernels.grpo(args);
      return [args.dLogprob, args.dEntropy, args.sums];
    },
  })),
);

const OPTIMIZER = [0, 0.5].map((maxGradNorm): ConformanceCase => ({
  name: `five steps of the optimizer, clipping at ${maxGradNorm}`,
  run: (kernels, rng) => {
    const size = 103;
    const buffers = {
      theta: kernels.upload(random(rng, size)),
      m: kernels.upload(new Float32Array(size)),
      v: kernels.upload(new Float32Array(size)),
      norm: kernels.scratch(1),
    };
    const rates = { learningRate: 1e-2, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 };
    const options = { ...rates, weightDecay: 0.01, maxGradNorm };
    for (let step = 1; step <= 5; step++) {
      const gradient = kernels.upload(random(rng, size));
      kernels.adamW({ ...buffers, size, gradient, step, options });
    }
    const to = kernels.upload(random(rng, size));
    kernels.blend({ size, from: buffers.theta, to, mix: 0.3 });
    kernels.addScaled({ size, from: buffers.theta, to, scale: -1.5 });
    kernels.fill(kernels.part(to, 3, 5), 2);
    kernels.fill(kernels.part(to, 9, 5), 0);
    return [...Object.values(buffers), to];
  },
}));

export const KERNEL_CASES = [
  ...PRODUCTS,
  ...ROWS,
  ...HEAD_ROWS,
  ...ATTENTION,
  ...SCORES,
  ...LOSSES,
  ...OPTIMIZER,
];
