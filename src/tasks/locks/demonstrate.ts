/**
 * Demonstrations for the warm start: they teach the format, copying and editing, and leave nearly all
 * of the quality to be learned by reinforcement.
 */
import type { Rng } from '../../base/rng.ts';
import type { Attempt, Mode, Token } from '../task.ts';
import type { LockShape } from './manifest.ts';
import { BLANK, dialToken, dialTokens, padOrCut, RIGHT } from './vocabulary.ts';

export interface DemonstrationOptions {
  /** Chance that a dial of a first attempt follows its table; otherwise it is uniform. */
  readonly tableShare: number;
  /** Chance that an improvement touches only dials marked wrong; otherwise it touches any. */
  readonly markedShare: number;
}

/** A first attempt lands at a quality of about 0.30 on the small variant, 0.22 on the large one. */
export const DEMONSTRATION: DemonstrationOptions = { tableShare: 0, markedShare: 0.5 };

export interface DemonstrationRequest {
  readonly shape: LockShape;
  readonly options: DemonstrationOptions;
  /** The right values if no dial were shifted. */
  readonly suggested: readonly number[];
  readonly latest: Attempt | undefined;
  readonly mode: Mode;
  readonly rng: Rng;
}

export function demonstrateLock(request: DemonstrationRequest): Token[] {
  const { latest, mode } = request;
  if (latest === undefined || mode === 'solve') return firstAttempt(request);
  const change = mode === 'diverge' ? dialsToDiverge(request) : dialsToImprove(request, latest);
  return edit(request, latest, change);
}

function firstAttempt({ shape, options, suggested, rng }: DemonstrationRequest): Token[] {
  return suggested.map((value) =>
    dialToken(rng.chance(options.tableShare) ? value : rng.int(shape.values)),
  );
}

/** At least half of the dials. */
function dialsToDiverge({ shape: { dials }, rng }: DemonstrationRequest): number[] {
  const least = Math.ceil(dials / 2);
  return rng.permutation(dials).slice(0, least + rng.int(dials - least + 1));
}

/** Each dial by its own chance, or one or two; none where only marked dials may change and all are right. */
function dialsToImprove(request: DemonstrationRequest, latest: Attempt): number[] {
  const { shape, options, rng } = request;
  const { changes } = shape;
  if (changes) {
    return dialsOf(shape).filter((dial) =>
      rng.chance(latest.feedback[dial] === RIGHT ? changes.right : changes.wrong),
    );
  }
  const onlyMarked = rng.chance(options.markedShare);
  const candidates = rng
    .permutation(shape.dials)
    .filter((dial) => !onlyMarked || latest.feedback[dial] !== RIGHT);
  return candidates.slice(0, 1 + rng.int(2));
}

function dialsOf({ dials }: LockShape): number[] {
  return Array.from({ length: dials }, (_, dial) => dial);
}

/** Copies the latest attempt but for `change`; blanks of a malformed attempt are always filled in. */
function edit({ shape, rng }: DemonstrationRequest, latest: Attempt, change: number[]): Token[] {
  const words = dialTokens(shape.values);
  return padOrCut(latest.tokens, shape.dials, words).map((token, dial) =>
    token === BLANK || change.includes(dial)
      ? rng.pick(words.filter((word) => word !== token))
      : token,
  );
}
