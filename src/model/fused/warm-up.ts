/** The least of everything, for calls that are not done: which kernels they take does not depend on it. */
import type { AdamWOptions, GrpoOptions } from '../policy.ts';

const loss: GrpoOptions = {
  lossType: 'dapo',
  importanceSampling: 'token',
  clipLow: 0.2,
  clipHigh: 0.2,
  klBeta: 0,
  entropyCoefficient: 0,
  temperature: 1,
  maskTruncated: false,
  maxCompletionLength: 1,
};

const adam: AdamWOptions = {
  learningRate: 0,
  beta1: 0,
  beta2: 0,
  epsilon: 1,
  weightDecay: 0,
  maxGradNorm: 0,
};

const sample = {
  samplesPerPrompt: 1,
  maxTokens: 1,
  temperature: 1,
  topP: 1,
  topK: 0,
  uniforms: new Float32Array(1),
};

const batch = { oldLogprobs: [[0]], advantages: [0], truncated: [0] };

export const WARM_UP_CALLS = { loss, adam, sample, batch };
