/** Where a value stands on its slider: positions are whole numbers, values keep the parameter's grid. */
import type { IntegerParam, NumberParam } from '../../schema/params.ts';

export interface SliderScale {
  /** Positions run from 0 to this. */
  readonly positions: number;
  toPosition(value: number): number;
  toValue(position: number): number;
}

/** A span that a straight slider still resolves by hand. */
const WIDEST_STRAIGHT = 500;
/** Beyond it, dragging is a lottery (a seed, say): the number field alone is offered. */
const WIDEST = 1_000_000;
const FINE = 400;

export function sliderScale(param: NumberParam | IntegerParam): SliderScale | null {
  const [low, high] = param.range;
  if (param.kind === 'number') {
    return param.log === true ? logarithmic(low, high) : straight(low, high, param.step);
  }
  if (high - low > WIDEST) return null;
  return high - low > WIDEST_STRAIGHT ? compressed(low, high) : straight(low, high, 1);
}

function straight(low: number, high: number, step: number): SliderScale {
  const positions = Math.round((high - low) / step);
  return {
    positions,
    toPosition: (value) => Math.round((value - low) / step),
    toValue: (position) => within(low, high, tidy(low + position * step)),
  };
}

/** Equal ratios per position; values are rounded to two digits, which is what a hand can mean. */
function logarithmic(low: number, high: number): SliderScale {
  const span = Math.log(high / low);
  return {
    positions: FINE,
    toPosition: (value) => Math.round((Math.log(value / low) / span) * FINE),
    toValue: (position) => within(low, high, twoDigits(low * Math.exp((position / FINE) * span))),
  };
}

/** Whole numbers from 0 or so to many thousands: fine at the low end, coarse at the high one. */
function compressed(low: number, high: number): SliderScale {
  const span = Math.log1p(high - low);
  return {
    positions: FINE,
    toPosition: (value) => Math.round((Math.log1p(value - low) / span) * FINE),
    toValue: (position) => {
      if (position >= FINE) return high;
      const offset = Math.expm1((position / FINE) * span);
      return within(low, high, Math.round(low + (offset < 100 ? offset : twoDigits(offset))));
    },
  };
}

function within(low: number, high: number, value: number): number {
  return Math.min(high, Math.max(low, value));
}

function twoDigits(value: number): number {
  return Number(value.toPrecision(2));
}

/** 0.1 · 3 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(10));
}
