/** Supervised warm start on imperfect demonstrations: able to write the format, copy and edit. */
import type { Rng } from '../base/rng.ts';
import { BOS, EOS, type Tokenizer } from '../base/tokenizer.ts';
import type { SftBatch, SftStats, Policy } from '../model/policy.ts';
import type { Task } from '../tasks/task.ts';
import { warmStartExample } from '../tasks/warmstart.ts';

export interface WarmStart {
  /** Domains that examples are drawn from, in turn. */
  readonly tasks: readonly Task[];
  readonly tokenizer: Tokenizer;
  readonly policy: Policy;
  readonly rng: Rng;
  readonly steps: number;
  readonly batchSize: number;
  /** Peak; rises over the first twentieth, then falls along a cosine to a tenth. */
  readonly learningRate: number;
  readonly onStep?: (step: number, stats: SftStats) => void | Promise<void>;
}

export const WARM_START = { batchSize: 128 } as const;

/** Found at this width, and steady there. */
const RATE = { width: 64, learningRate: 3e-3 } as const;

/** Wider policies take smaller steps, in proportion; what is right for narrower ones was never asked. */
export function warmStartRate(hiddenSize: number): number {
  return RATE.learningRate * Math.min(1, RATE.width / hiddenSize);
}

const ADAMW = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  maxGradNorm: 1,
} as const;

/** Trains `policy` in place. `onStep` may throw to stop it. */
export async function warmStart(options: WarmStart): Promise<void> {
  for (let step = 1; step <= options.steps; step++) {
    const batch = await examples(options);
    const stats = await options.policy.sftStep(batch, {
      ...ADAMW,
      learningRate: options.learningRate * schedule(step / options.steps),
    });
    await options.onStep?.(step, stats);
  }
}

function schedule(progress: number): number {
  const rise = Math.min(1, progress / 0.05);
  return rise * (0.1 + 0.45 * (1 + Math.cos(Math.PI * progress)));
}

async function examples({ tasks, tokenizer, rng, batchSize }: WarmStart): Promise<SftBatch> {
  const prompts: number[][] = [];
  const completions: number[][] = [];
  for (let i = 0; i < batchSize; i++) {
    const { prompt, completion } = await warmStartExample(tasks[i % tasks.length]!, rng);
    prompts.push(tokenizer.encode([BOS, ...prompt]));
    completions.push(tokenizer.encode([...completion, EOS]));
  }
  return { prompts, completions };
}
