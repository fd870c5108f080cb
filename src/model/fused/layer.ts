/** One decoder layer and its gradient. */
import type {
  DeviceBuffer,
  BlockOffsets,
  DecoderShape,
  Kernels,
  LinearShape,
  Sequences,
} from './kernels.ts';

/** Tokens on the device. */
export interface Inputs<B extends DeviceBuffer> {
  readonly sequences: Sequences<B>;
  /** [R] each. */
  readonly ids: B;
  readonly positions: B;
}

export interface LayerContext<B extends DeviceBuffer> {
  readonly kernels: Kernels<B>;
  readonly shape: DecoderShape;
  readonly rotary: B;
  readonly inputs: Inputs<B>;
  readonly theta: B;
  readonly at: BlockOffsets;
}

/** What a layer leaves behind for its gradient. */
export interface LayerState<B extends DeviceBuffer> {
  /** [R, d] what came in. */
  readonly x: B;
  /** [R, d] and [R]. */
  readonly inputNormal: B;
  readonly inputScale: B;
  /** [R, 3·W], rotated. */
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
  { kernels, shape, inputs }: Pick<LayerContext<B>, 'kernels' | 'shape' | 'inputs'>,
  x: B,
): LayerState<B> {
  const { hiddenSize: d, innerSize, heads, headDim } = shape;
  const { rows } = inputs.sequences;
  const matrix = (columns: number): B => kernels.scratch(rows * columns);
  return {
    x,
    inputNormal: matrix(d),
    inputScale: matrix(1),
    qkv: matrix(3 * heads * headDim),
    attentionOut: matrix(heads * headDim),
    logSum: matrix(heads),
    middle: matrix(d),
    postNormal: matrix(d),
    postScale: matrix(1),
    gateUp: matrix(2 * innerSize),
    gated: matrix(innerSize),
  };
}

/** Fills `state`; `out` [R, d] may be `state.x` where no gradient will be asked for. */
export function layerForward<B extends DeviceBuffer>(
  context: LayerContext<B>,
  state: LayerState<B>,
  out: B,
): void {
  const { kernels, shape, rotary, inputs, theta, at } = context;
  const { hiddenSize: d, innerSize: inner, heads, headDim, rmsNormEps: eps } = shape;
  const { sequences, positions } = inputs;
  const { rows } = sequences;
  const width = heads * headDim;
  const { qkv, attentionOut, logSum, middle, gateUp, gated } = state;
  const normShape = { rows, width: d, eps };
  const norm = (x: B, offset: number, y: B, scale: B): void => {
    kernels.rmsNorm({ ...normShape, x, weight: kernels.part(theta, offset, d), y, scale });
  };
  const linear = (size: LinearShape, x: B, offset: number, to: B, residual: B | null): void => {
    const weight = kernels.part(theta, offset, size.inputs * size.outputs);
    kernels.linear({ ...size, x, weight, residual, out: to });
  };
  norm(state.x, at.inputNorm, state.inputNormal, state.inputScale);
  linear({ rows, inputs: d, outputs: 3 * width }, state.inputNormal, at.qkv, qkv, null);
  kernels.rotate({ rows, heads, headDim, qkv, positions, rotary, inverse: false });
  kernels.attention({ sequences, heads, headDim, qkv, out: attentionOut, logSum });
  linear({ rows, inputs: width, outputs: d }, attentionOut, at.output, middle, state.x);
  norm(middle, at.postNorm, state.postNormal, state.postScale);
  linear({ rows, inputs: d, outputs: 2 * inner }, state.postNormal, at.gateUp, gateUp, null);
  kernels.swiglu({ rows, inner, gateUp, out: gated });
  linear({ rows, inputs: inner, outputs: d }, gated, at.down, out, middle);
}

/** The gradient lies like the weights. */
export interface LayerGradient<B extends DeviceBuffer> extends LayerContext<B> {
  readonly gradient: B;
  /** [R, d] of the layer's output; becomes that of its input. */
  readonly dx: B;
}

/** From the last line of `layerForward` to the first. The residual carries `dx` past each half. */
export function layerBackward<B extends DeviceBuffer>(
  context: LayerGradient<B>,
  state: LayerState<B>,
): void {
  const { kernels, shape, inputs, at, dx } = context;
  const { hiddenSize: d, innerSize: inner, heads, headDim } = shape;
  const { sequences, positions } = inputs;
  const { rows } = sequences;
  const width = heads * headDim;
  const { qkv, attentionOut, logSum, middle, gateUp, gated } = state;

  const dGated = linearBackward(context, { inputs: inner, outputs: d }, gated, at.down, dx);
  const dGateUp = kernels.scratch(rows * 2 * inner);
  kernels.swigluBackward({ rows, inner, gateUp, dOut: dGated, dGateUp });
  const gateUpShape = { inputs: d, outputs: 2 * inner };
  const dPost = linearBackward(context, gateUpShape, state.postNormal, at.gateUp, dGateUp);
  normBackward(context, { x: middle, scale: state.postScale, offset: at.postNorm, dy: dPost });

  const dAttentionOut = linearBackward(
    context,
    { inputs: width, outputs: d },
    attentionOut,
    at.output,
    dx,
  );
  const dQkv = kernels.scratch(rows * 3 * width);
  const attention = { sequences, heads, headDim, qkv, out: attentionOut, logSum };
  kernels.attentionBackward({ ...attention, dOut: dAttentionOut, dQkv });
  const { rotary } = context;
  kernels.rotate({ rows, heads, headDim, qkv: dQkv, positions, rotary, inverse: true });
  const qkvShape = { inputs: d, outputs: 3 * width };
  const dInput = linearBackward(context, qkvShape, state.inputNormal, at.qkv, dQkv);
  normBackward(context, { x: state.x, scale: state.inputScale, offset: at.inputNorm, dy: dInput });
}

/** Adds the weight's gradient and returns that of x. */
function linearBackward<B extends DeviceBuffer>(
  { kernels, theta, gradient, inputs: { sequences } }: LayerGradient<B>,
  size: Omit<LinearShape, 'rows'>,
  x: B,
  offset: number,
  dy: B,
): B {
  const { rows } = sequences;
  const length = size.inputs * size.outputs;
  const dx = kernels.scratch(rows * size.inputs);
  const weight = kernels.part(theta, offset, length);
  const dWeight = kernels.part(gradient, offset, length);
  kernels.linearInput({ rows, ...size, dy, weight, dx });
  kernels.linearWeight({ rows, ...size, dy, x, dWeight });
  return dx;
}

/** Into `dx` and the gradient of the norm's weight. */
function normBackward<B extends DeviceBuffer>(
  { kernels, shape, theta, gradient, dx, inputs }: LayerGradient<B>,
  { x, scale, offset, dy }: { x: B; scale: B; offset: number; dy: B },
): void {
  const { rows } = inputs.sequences;
  const width = shape.hiddenSize;
  const weight = kernels.part(theta, offset, width);
  const dWeight = kernels.part(gradient, offset, width);
  kernels.rmsNormBackward({ rows, width, x, weight, scale, dy, dx, dWeight });
}
