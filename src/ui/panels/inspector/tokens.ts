/** The numbers of a token, and how they are drawn. */
import { visiblePiece, type PieceKind } from '../../../base/pieces.ts';
import type { CompletionRecord } from '../../../schema/records.ts';
import type { Config } from '../../../schema/params.ts';
import type { TokenStats } from '../../../runs/index/queries.ts';
import { formatFixed } from '../../format.ts';

export type TokenMeasure = 'logprob' | 'ratio' | 'entropy' | 'clipping';

export interface TokenNumbers {
  readonly word: string;
  /** Nats, under the policy that sampled it. */
  readonly logprob: number;
  /** Of the policy as it stands; null until it has been asked. */
  readonly now: NowNumbers | null;
}

export interface NowNumbers {
  readonly logprob: number;
  readonly entropy: number;
  /** Of the token, or of its whole sequence where that is what is clipped. */
  readonly ratio: number;
  /** On which side of the clip range the ratio lies outside. */
  readonly outside: 'below' | 'above' | null;
  /** Whether the clip would take the gradient away, given the sign of the advantage. */
  readonly stopped: boolean;
}

export type ClipOptions = Pick<Config, 'clipLow' | 'clipHigh' | 'importanceSampling'>;

export const END_OF_ATTEMPT = '⏎';

/** @param pieceKind how a pretrained model's tokens are written; absent where they are words. */
export function tokenNumbers(
  { tokens, logprobs, advantage }: CompletionRecord,
  stats: TokenStats | null,
  clip: ClipOptions,
  pieceKind?: PieceKind,
): TokenNumbers[] {
  const logRatios = logprobs.map((then, i) => (stats?.logprobs[i] ?? then) - then);
  const ofSequence = logRatios.reduce((sum, x) => sum + x, 0) / Math.max(1, logRatios.length);
  return logprobs.map((logprob, i) => {
    const logRatio = clip.importanceSampling === 'sequence' ? ofSequence : logRatios[i]!;
    const now = stats && {
      logprob: stats.logprobs[i]!,
      entropy: stats.entropies[i]!,
      ...clipping(Math.exp(logRatio), advantage, clip),
    };
    const token = tokens[i];
    const word = token !== undefined && pieceKind ? visiblePiece(token, pieceKind) : token;
    return { word: word ?? END_OF_ATTEMPT, logprob, now };
  });
}

function clipping(
  ratio: number,
  advantage: number,
  { clipLow, clipHigh }: ClipOptions,
): Pick<NowNumbers, 'ratio' | 'outside' | 'stopped'> {
  const outside = ratio < 1 - clipLow ? 'below' : ratio > 1 + clipHigh ? 'above' : null;
  const stopped = (outside === 'below' && advantage < 0) || (outside === 'above' && advantage > 0);
  return { ratio, outside, stopped };
}

/** How a token is marked: a tone, and how strongly from 0 to 1, drawn as the length of its line too. */
export interface TokenMark {
  readonly tone: 'surprise' | 'entropy' | 'above' | 'below' | 'none';
  readonly strength: number;
}

const UNMARKED: TokenMark = { tone: 'none', strength: 0 };

/** Where the scales end: a chance of 2%, twice or half as likely, seven equal choices. */
const MOST = { surprise: 4, logRatio: Math.LN2, entropy: 2 };

export function markOf({ logprob, now }: TokenNumbers, measure: TokenMeasure): TokenMark {
  if (measure === 'logprob') return { tone: 'surprise', strength: share(-logprob, MOST.surprise) };
  if (now === null) return UNMARKED;
  switch (measure) {
    case 'entropy':
      return { tone: 'entropy', strength: share(now.entropy, MOST.entropy) };
    case 'ratio': {
      const logRatio = Math.log(now.ratio);
      const tone = logRatio > 0 ? 'above' : 'below';
      return { tone, strength: share(Math.abs(logRatio), MOST.logRatio) };
    }
    case 'clipping':
      return now.outside ? { tone: now.outside, strength: 1 } : UNMARKED;
    default:
      return measure satisfies never;
  }
}

function share(value: number, most: number): number {
  return Math.min(1, Math.max(0, value / most));
}

/** All that is known of a token, in words. */
export function describeToken({ logprob, now }: TokenNumbers): string {
  const then = `log π ${formatFixed(logprob)} (${percent(logprob)}) when sampled`;
  if (now === null) return then;
  const parts = [
    `${then}, ${formatFixed(now.logprob)} (${percent(now.logprob)}) now`,
    `ratio ${formatFixed(now.ratio)}${outsideText(now)}`,
    `entropy ${formatFixed(now.entropy)}`,
  ];
  return parts.join(' · ');
}

/** How far the policy of now has moved on a completion; nothing where it has not been asked. */
export function describeSequence(tokens: readonly TokenNumbers[]): string {
  const nows = tokens.flatMap(({ now }) => now ?? []);
  if (nows.length === 0) return '';
  const mean = (of: (now: NowNumbers) => number): string =>
    formatFixed(nows.reduce((sum, now) => sum + of(now), 0) / nows.length);
  const outside = nows.filter((now) => now.outside !== null).length;
  return `now: mean ratio ${mean(({ ratio }) => ratio)}, entropy ${mean(({ entropy }) => entropy)}, ${outside} of ${nows.length} outside the clip range`;
}

function outsideText({ outside, stopped }: NowNumbers): string {
  if (outside === null) return '';
  return `, ${outside} the clip range${stopped ? ': no gradient' : ''}`;
}

function percent(logprob: number): string {
  const value = 100 * Math.exp(logprob);
  return value < 1 ? '< 1%' : `${Math.round(value)}%`;
}

export function meanLogprob({ logprobs }: CompletionRecord): number {
  return logprobs.reduce((sum, value) => sum + value, 0) / Math.max(1, logprobs.length);
}
