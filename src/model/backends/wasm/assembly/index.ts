// What TypeScript calls. Addresses are bytes, sizes are numbers of float32.

export {
  attention,
  attentionBackward,
  attentionBackwardSpace,
  attentionSpace,
  attendStep,
  attendStepSpace,
} from './attention';
export {
  multiply,
  multiplyTransposed,
  packColumns,
  packRows,
  packedSize,
  transposedSpace,
} from './matmul';
export { adamW, addVector, blend, fill, sumOfSquares } from './optimizer';
export {
  addBias,
  gatherRows,
  gatherSum,
  normHeads,
  normHeadsBackward,
  rmsNorm,
  rmsNormBackward,
  rotate,
  swiglu,
  swigluBackward,
} from './rows';
export { sampleTokens, score, scoreBackward, scoreSpace } from './score';
