/** Completions of the past under the policy of now: how far it has moved, token by token. */
import type { GroupRecord } from '../schema/records.ts';
import type { Tokenizer } from '../base/tokenizer.ts';
import { EOS } from '../base/tokenizer.ts';
import type { Logits, Policy } from '../model/policy.ts';
import type { TokenStats } from '../runs/index/queries.ts';

export async function tokenStats(
  policy: Policy,
  tokenizer: Tokenizer,
  { prompt, completions }: GroupRecord,
  temperature: number,
): Promise<readonly TokenStats[]> {
  const sequences = completions.map(({ tokens, truncated }) =>
    tokenizer.encode([...prompt, ...tokens, ...(truncated ? [] : [EOS])]),
  );
  const logits = await policy.logits(sequences);
  return sequences.map((ids, row) =>
    statsOf(ids, prompt.length, (position) =>
      scaled(logits, policy, { row, position, temperature }),
    ),
  );
}

/** The token at position p is drawn from the logits at p − 1. */
function statsOf(
  ids: readonly number[],
  from: number,
  logitsAt: (position: number) => Float64Array,
): TokenStats {
  const drawn = ids.slice(from).map((id, i) => {
    const logprobs = logSoftmax(logitsAt(from + i - 1));
    const entropy = -logprobs.reduce((sum, value) => sum + Math.exp(value) * value, 0);
    return { logprob: logprobs[id]!, entropy };
  });
  return {
    logprobs: drawn.map(({ logprob }) => logprob),
    entropies: drawn.map(({ entropy }) => entropy),
  };
}

function scaled(
  { values, time }: Logits,
  { config: { vocabSize } }: Policy,
  { row, position, temperature }: { row: number; position: number; temperature: number },
): Float64Array {
  const begin = (row * time + position) * vocabSize;
  return Float64Array.from(
    values.subarray(begin, begin + vocabSize),
    (logit) => logit / temperature,
  );
}

function logSoftmax(logits: Float64Array): Float64Array {
  const most = logits.reduce((a, b) => Math.max(a, b));
  const sum = logits.reduce((total, logit) => total + Math.exp(logit - most), 0);
  return logits.map((logit) => logit - most - Math.log(sum));
}
