/**
 * One decoder layer and its gradient: the plan that training, reading prompts and decoding follow. They
 * differ in what a query meets.
 */
import {
  qkvWidth,
  type AdapterOffsets,
  type BlockAdapters,
  type BlockOffsets,
  type DecoderShape,
  type DeviceBuffer,
  type Kernels,
  type LinearShape,
  type Sequences,
} from './kernels.ts';

export interface LayerContext<B extends DeviceBuffer> {
  readonly kernels: Kernels<B>;
  readonly shape: DecoderShape;
  readonly rotary: B;
  /** R: one for each token. */
  readonly rows: number;
  /** [R] */
  readonly positions: B;
  readonly theta: B;
  readonly at: BlockOffsets;
  /** Undefined contents that live as long as the layer is computed. */
  readonly scratch: (length: number) => B;
  /** From rotated `qkv` to `attentionOut`, and to `logSum` where a gradient will be asked for. */
  attend(state: LayerState<B>): void;
}

/** What a layer leaves behind for its gradient. */
export interface LayerState<B extends DeviceBuffer> {
  /** [R, d] what came in. */
  readonly x: B;
  /** [R, d] and [R]. */
  readonly inputNormal: B;
  readonly inputScale: B;
  /** [R, Q] before the norms of queries and keys and [R, heads + kvHeads], where there are such norms. */
  readonly headNorm: { readonly qkv: B; readonly scale: B } | null;
  /** [R, Q], rotated. */
  readonly qkv: B;
  /** [R, W] and [R, heads]. */
  readonly attentionOut: B;
  readonly logSum: B;
  /** [R, d] after attention. */
  readonly middle: B;
  readonly postNormal: B;
  readonly postScale: B;
  /** [R, 2·F] and [R, F]. */
  readonly gateUp: B;
  readonly gated: B;
}

export function newLayerState<B extends DeviceBuffer>(
  { kernels, shape, rows, at }: LayerContext<B>,
  x: B,
): LayerState<B> {
  const { hiddenSize: d, innerSize, heads, headDim } = shape;
  const matrix = (columns: number): B => kernels.scratch(rows * columns);
  return {
    x,
    inputNormal: matrix(d),
    inputScale: matrix(1),
    headNorm: at.headNorm === null ? null : newHeadNorm(shape, matrix),
    qkv: matrix(qkvWidth(shape)),
    attentionOut: matrix(heads * headDim),
    logSum: matrix(heads),
    middle: matrix(d),
    postNormal: matrix(d),
    postScale: matrix(1),
    gateUp: matrix(2 * innerSize),
    gated: matrix(innerSize),
  };
}

/** @param matrix of so many columns. */
export function newHeadNorm<B extends DeviceBuffer>(
  shape: DecoderShape,
  matrix: (columns: number) => B,
): { readonly qkv: B; readonly scale: B } {
  return { qkv: matrix(qkvWidth(shape)), scale: matrix(shape.heads + shape.kvHeads) };
}

/** Fills `state`; `out` [R, d] may be `state.x` where no gradient will be asked for. */
export function layerForward<B extends DeviceBuffer>(
  context: LayerContext<B>,
  state: LayerState<B>,
  out: B,
): void {
  const { kernels, shape, rows, at } = context;
  const { hiddenSize: d, innerSize: inner, heads, headDim } = shape;
  const { qkv, attentionOut, middle, gateUp, gated } = state;
  norm(context, state.x, at.inputNorm, state.inputNormal, state.inputScale);
  queriesKeysValues(context, state);
  kernels.rotate({ ...rotation(context), qkv, inverse: false });
  context.attend(state);
  const outputs = { inputs: heads * headDim, outputs: d };
  linear(context, outputs, { x: attentionOut, at: at.output, out: middle, residual: state.x });
  norm(context, middle, at.postNorm, state.postNormal, state.postScale);
  const gates = { x: state.postNormal, at: at.gateUp, out: gateUp, residual: null };
  linear(context, { inputs: d, outputs: 2 * inner }, gates);
  kernels.swiglu({ rows, inner, gateUp, out: gated });
  const down = { x: gated, at: at.down, out, residual: middle };
  linear(context, { inputs: inner, outputs: d }, down);
}

/** Into `state.qkv`, with their biases and norms, not yet rotated. */
function queriesKeysValues<B extends DeviceBuffer>(
  context: LayerContext<B>,
  { inputNormal, headNorm, qkv }: LayerState<B>,
): void {
  const { kernels, shape, rows, theta, at } = context;
  const width = qkvWidth(shape);
  const to = headNorm?.qkv ?? qkv;
  const product = { x: inputNormal, at: at.qkv, out: to, residual: null };
  linear(context, { inputs: shape.hiddenSize, outputs: width }, product);
  if (at.qkvBias !== null) {
    kernels.addBias({ rows, width, x: to, bias: kernels.part(theta, at.qkvBias, width) });
  }
  if (headNorm && at.headNorm !== null) {
    const weight = kernels.part(theta, at.headNorm, 2 * shape.headDim);
    const { scale } = headNorm;
    kernels.normHeads({
      ...headShape(shape),
      rows,
      eps: shape.rmsNormEps,
      x: to,
      weight,
      y: qkv,
      scale,
    });
  }
}

function headShape({ heads, kvHeads, headDim }: DecoderShape) {
  return { heads, kvHeads, headDim };
}

function rotation<B extends DeviceBuffer>({ shape, rows, positions, rotary }: LayerContext<B>) {
  return { ...headShape(shape), rows, positions, rotary };
}

function norm<B extends DeviceBuffer>(
  { kernels, shape, rows, theta }: LayerContext<B>,
  x: B,
  offset: number,
  y: B,
  scale: B,
): void {
  const { hiddenSize: width, rmsNormEps: eps } = shape;
  kernels.rmsNorm({ rows, width, eps, x, weight: kernels.part(theta, offset, width), y, scale });
}

type Matrix = Omit<LinearShape, 'rows'>;

function linear<B extends DeviceBuffer>(
  { kernels, rows, theta }: LayerContext<B>,
  { inputs, outputs }: Matrix,
  { x, at, out, residual }: { x: B; at: number; out: B; residual: B | null },
): void {
  const weight = kernels.part(theta, at, inputs * outputs);
  kernels.linear({ rows, inputs, outputs, x, weight, residual, out });
}

/** Adapters of a layer, which are trained in the place of its weights. */
export interface LayerAdapters<B extends DeviceBuffer> {
  readonly rank: number;
  /** The flat vector of all adapters. */
  readonly values: B;
  readonly at: BlockAdapters;
}

/**
 * The gradient lies like the weights; with adapters it lies like these, and lacks the factor that scales
 * them.
 */
export interface LayerGradient<B extends DeviceBuffer> extends LayerContext<B> {
  readonly sequences: Sequences<B>;
  readonly gradient: B;
  readonly adapters: LayerAdapters<B> | null;
  /** [R, d] of the layer's output; becomes that of its input. */
  readonly dx: B;
}

/** From the last line of `layerForward` to the first. The residual carries `dx` past each half. */
export function layerBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  state: LayerState<B>,
): void {
  const { kernels, shape, rows, at, dx, scratch } = context;
  const { hiddenSize: d, innerSize: inner, heads, headDim } = shape;
  const { middle, gateUp, gated } = state;
  const dGated = linearBackward(context, 'down', { inputs: inner, outputs: d }, gated, dx);
  const dGateUp = scratch(rows * 2 * inner);
  kernels.swigluBackward({ rows, inner, gateUp, dOut: dGated, dGateUp });
  const gateUpShape = { inputs: d, outputs: 2 * inner };
  const dPost = linearBackward(context, 'gateUp', gateUpShape, state.postNormal, dGateUp);
  normBackward(context, { x: middle, scale: state.postScale, offset: at.postNorm, dy: dPost });

  const outputShape = { inputs: heads * headDim, outputs: d };
  const dOut = linearBackward(context, 'output', outputShape, state.attentionOut, dx);
  const dInput = attentionBackward(context, state, dOut);
  normBackward(context, { x: state.x, scale: state.inputScale, offset: at.inputNorm, dy: dInput });
}

/** From the gradient of `attentionOut` to that of `inputNormal`. */
function attentionBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  state: LayerState<B>,
  dOut: B,
): B {
  const { kernels, shape, rows, at, sequences, scratch } = context;
  const { qkv, attentionOut: out, logSum, headNorm } = state;
  const width = qkvWidth(shape);
  const dQkv = scratch(rows * width);
  const attention = { sequences, ...headShape(shape), qkv, out, logSum };
  kernels.attentionBackward({ ...attention, dOut, dQkv });
  kernels.rotate({ ...rotation(context), qkv: dQkv, inverse: true });
  const dRaw = headNorm ? headNormBackward(context, headNorm, dQkv) : dQkv;
  if (at.qkvBias !== null && !context.adapters) biasBackward(context, width, at.qkvBias, dRaw);
  const qkvShape = { inputs: shape.hiddenSize, outputs: width };
  return linearBackward(context, 'qkv', qkvShape, state.inputNormal, dRaw);
}

function headNormBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  { qkv: x, scale }: { readonly qkv: B; readonly scale: B },
  dy: B,
): B {
  const { kernels, shape, rows, theta, at, scratch } = context;
  const length = 2 * shape.headDim;
  const weight = kernels.part(theta, at.headNorm!, length);
  const dWeight = gradientOf(context, at.headNorm!, length);
  const dx = scratch(rows * qkvWidth(shape));
  kernels.normHeadsBackward({ ...headShape(shape), rows, x, weight, scale, dy, dx, dWeight });
  return dx;
}

/** The sum over all rows: a product with ones. */
function biasBackward<B extends DeviceBuffer>(
  { kernels, rows, gradient, scratch }: LayerGradient<B>,
  outputs: number,
  offset: number,
  dy: B,
): void {
  const ones = scratch(rows);
  kernels.fill(ones, 1);
  const dWeight = kernels.part(gradient, offset, outputs);
  kernels.linearWeight({ rows, inputs: 1, outputs, dy, x: ones, dWeight });
}

/** Adds the gradient of what is trained and returns that of x. */
function linearBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  product: keyof BlockAdapters,
  size: Matrix,
  x: B,
  dy: B,
): B {
  const { kernels, theta, gradient, adapters, rows, at, scratch } = context;
  const length = size.inputs * size.outputs;
  const dx = scratch(rows * size.inputs);
  const weight = kernels.part(theta, at[product], length);
  kernels.linearInput({ rows, ...size, dy, weight, dx });
  if (!adapters) {
    const dWeight = kernels.part(gradient, at[product], length);
    kernels.linearWeight({ rows, ...size, dy, x, dWeight });
    return dx;
  }
  for (const one of adapters.at[product])
    adapterBackward({ ...context, adapters }, one, size, x, dy);
  return dx;
}

/** Of y = B·(A·x), whose outputs are columns of `dy` [R, size.outputs]: dB += dyᵀ·(A·x), dA += (dy·B)ᵀ·x. */
function adapterBackward<B extends DeviceBuffer>(
  { kernels, rows, gradient, adapters, scratch }: LayerGradient<B> & { adapters: LayerAdapters<B> },
  { a, b, outputs, column }: AdapterOffsets,
  { inputs, outputs: dyStride }: Matrix,
  x: B,
  dy: B,
): void {
  const { rank, values } = adapters;
  const [inner, dInner] = [scratch(rows * rank), scratch(rows * rank)];
  const down = { rows, inputs, outputs: rank };
  const up = { rows, inputs: rank, outputs };
  const of = (vector: B, offset: number, length: number): B => kernels.part(vector, offset, length);
  const own = kernels.part(dy, column, rows * dyStride - column);
  const weight = of(values, a, rank * inputs);
  kernels.linear({ ...down, x, weight, residual: null, out: inner });
  const dB = of(gradient, b, outputs * rank);
  kernels.linearWeight({ ...up, dy: own, dyStride, x: inner, dWeight: dB });
  const upWeight = of(values, b, outputs * rank);
  kernels.linearInput({ ...up, dy: own, dyStride, weight: upWeight, dx: dInner });
  kernels.linearWeight({ ...down, dy: dInner, x, dWeight: of(gradient, a, rank * inputs) });
}

/** Where the gradient of a weight is added; with adapters, which leave it alone, a place that is not read. */
function gradientOf<B extends DeviceBuffer>(
  { kernels, gradient, adapters, scratch }: LayerGradient<B>,
  offset: number,
  length: number,
): B {
  return adapters ? scratch(length) : kernels.part(gradient, offset, length);
}

/** Into `dx` and the gradient of the norm's weight. */
function normBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  { x, scale, offset, dy }: { x: B; scale: B; offset: number; dy: B },
): void {
  const { kernels, shape, rows, theta, dx } = context;
  const width = shape.hiddenSize;
  const weight = kernels.part(theta, offset, width);
  const dWeight = gradientOf(context, offset, width);
  kernels.rmsNormBackward({ rows, width, x, weight, scale, dy, dx, dWeight });
}
