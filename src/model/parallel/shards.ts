/** How work is cut into shards of near-equal cost. */
import type { SftBatch, SampleRequest, Samples, TokenIds } from '../policy.ts';

/**
 * Cuts rows into at most `count` shards, none empty. Rows of one prompt stay together, since it is read
 * once for all of them.
 */
export function shardRows({ prompts, completions }: SftBatch, count: number): number[][] {
  const groups = new Map<string, { rows: number[]; cost: number }>();
  prompts.forEach((prompt, row) => {
    const key = prompt.join();
    const group = groups.get(key) ?? { rows: [], cost: prompt.length };
    group.rows.push(row);
    group.cost += completions[row]!.length;
    groups.set(key, group);
  });
  return cut([...groups.values()], ({ cost }) => cost, count).map((shard) =>
    shard.flatMap(({ rows }) => rows),
  );
}

/** Runs of prompts. */
export function shardPrompts(
  { prompts, samplesPerPrompt, maxTokens }: SampleRequest,
  count: number,
): TokenIds[][] {
  return cut(prompts, ({ length }) => length + samplesPerPrompt * maxTokens, count);
}

/** Cuts a list into at most `count` runs whose costs differ little; fewer where there are fewer items. */
function cut<T>(items: readonly T[], costOf: (item: T) => number, count: number): T[][] {
  const total = items.reduce((sum, item) => sum + costOf(item), 0);
  const shards: T[][] = [];
  let before = 0;
  for (const item of items) {
    // An item belongs where its middle falls.
    const middle = before + costOf(item) / 2;
    const index = Math.min(count - 1, Math.floor((middle / total) * count));
    (shards[index] ??= []).push(item);
    before += costOf(item);
  }
  return shards.filter((shard) => shard.length > 0);
}

/** The request for `prompts`, which begin at index `from`. */
export function shardOfRequest(
  request: SampleRequest,
  prompts: readonly TokenIds[],
  from: number,
): SampleRequest {
  const perPrompt = request.samplesPerPrompt * request.maxTokens;
  const end = from + prompts.length;
  return {
    ...request,
    prompts,
    uniforms: request.uniforms.slice(from * perPrompt, end * perPrompt),
  };
}

export function joinSamples(parts: readonly Samples[]): Samples {
  return {
    tokens: Int32Array.from(parts.flatMap(({ tokens }) => [...tokens])),
    logprobs: Float32Array.from(parts.flatMap(({ logprobs }) => [...logprobs])),
    lengths: Int32Array.from(parts.flatMap(({ lengths }) => [...lengths])),
    truncated: Uint8Array.from(parts.flatMap(({ truncated }) => [...truncated])),
  };
}
