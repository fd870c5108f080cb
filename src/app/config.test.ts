import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import { STRATEGIES } from '../schema/presets.ts';
import {
  createConfigStore,
  validateParam,
  blockingIssues,
  pendingParams,
  setParams,
  unsentValues,
} from './config.ts';

const standing = { ...createConfigStore(DEFAULT_CONFIG).getState(), applied: DEFAULT_CONFIG };

describe('enter', () => {
  it('takes over what the table accepts, in its text form too', () => {
    expect(validateParam(standing, 'temperature', '0.8').current.temperature).toBe(0.8);
    expect(validateParam(standing, 'maskTruncated', true).current.maskTruncated).toBe(true);
  });

  it('keeps the old value beside a refused entry, and forgets the refusal once it is mended', () => {
    const refused = validateParam(standing, 'groupSize', '1.5');
    expect(refused.current.groupSize).toBe(DEFAULT_CONFIG.groupSize);
    expect(refused.refused.groupSize?.expected).toBe('a whole number from 2 to 64');
    expect(validateParam(refused, 'groupSize', '4').refused).toEqual({});
  });
});

describe('what is still to happen', () => {
  it('sorts changes into live ones to send and others that wait for a reset', () => {
    const state = setParams(standing, { temperature: 0.5, hiddenSize: 128, seed: 9 });
    expect(unsentValues(state)).toEqual({ temperature: 0.5 });
    expect(pendingParams(state)).toEqual(['seed', 'hiddenSize']);
  });

  it('is nothing before a session stands', () => {
    const state = setParams({ ...standing, applied: null }, { temperature: 0.5, seed: 9 });
    expect(unsentValues(state)).toBeNull();
    expect(pendingParams(state)).toEqual([]);
  });

  it('covers a whole strategy, which is live throughout', () => {
    const state = setParams(standing, STRATEGIES.grpo.values);
    expect(pendingParams(state)).toEqual([]);
    expect(unsentValues(state)).toMatchObject({ bufferContent: 'none', selectProbability: 0 });
  });
});

describe('obstacles', () => {
  it('names refused entries and violated constraints', () => {
    const state = validateParam(validateParam(standing, 'numHeads', 6), 'topP', 'high');
    expect(blockingIssues(state).map(({ field }) => field)).toEqual(['topP', 'hiddenSize']);
    expect(blockingIssues(setParams(state, { topP: 1, numHeads: 4 }))).toEqual([]);
  });
});
