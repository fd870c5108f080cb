/** Frequencies of the rotary positions. */
import type { PolicyConfig, RopeScaling } from './policy.ts';

export type RopeShape = Pick<PolicyConfig, 'headDim' | 'ropeTheta' | 'ropeScaling'>;

/**
 * [headDim / 2] radians per position, the highest first, in float64: float32 sines of large angles differ
 * between devices.
 */
export function ropeFrequencies({ headDim, ropeTheta, ropeScaling }: RopeShape): number[] {
  return Array.from({ length: headDim / 2 }, (_, i) => {
    const frequency = ropeTheta ** (-(2 * i) / headDim);
    return ropeScaling ? scaled(frequency, ropeScaling) : frequency;
  });
}

/** Source: `_compute_llama3_parameters` of Hugging Face's transformers. */
function scaled(frequency: number, scaling: RopeScaling): number {
  const { factor, lowFreqFactor: low, highFreqFactor: high, originalMaxPositions } = scaling;
  const turns = (originalMaxPositions * frequency) / (2 * Math.PI);
  if (turns > high) return frequency;
  if (turns < low) return frequency / factor;
  const smooth = (turns - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
