import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PARAM_IDS, PARAMS, parseParams } from '../../schema/params.ts';
import type { Param, ParamId } from '../../schema/params.ts';
import { sliderScale } from './scale.ts';

const sliders = PARAM_IDS.flatMap((id) => {
  const param: Param = PARAMS[id];
  if (param.kind !== 'number' && param.kind !== 'integer') return [];
  const scale = sliderScale(param);
  return scale ? [{ id, param, scale }] : [];
});

describe('sliderScale', () => {
  it('offers every numeric parameter a slider, but not the seed', () => {
    const without = PARAM_IDS.filter((id) => {
      const { kind } = PARAMS[id];
      return (kind === 'number' || kind === 'integer') && !sliders.some((s) => s.id === id);
    });
    expect(without).toEqual<ParamId[]>(['seed']);
  });

  it.each(sliders)('reaches both ends of $id', ({ param, scale }) => {
    expect(scale.toValue(0)).toBe(param.range[0]);
    expect(scale.toValue(scale.positions)).toBe(param.range[1]);
  });

  it.each(sliders)('gives only values that $id accepts, rising with the position', (slider) => {
    const { id, scale } = slider;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: scale.positions }), (position) => {
        const value = scale.toValue(position);
        expect(parseParams({ [id]: value }).issues).toEqual([]);
        expect(scale.toValue(Math.min(position + 1, scale.positions))).toBeGreaterThanOrEqual(
          value,
        );
      }),
    );
  });

  it.each(sliders)('shows the default of $id at a position of about the same value', (slider) => {
    const { param, scale } = slider;
    const back = scale.toValue(scale.toPosition(param.default));
    expect(Math.abs(back - param.default)).toBeLessThanOrEqual(0.05 * Math.abs(param.default));
  });
});
