import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../schema/params.ts';
import type { ParamId } from '../schema/params.ts';
import { SCENARIOS } from '../schema/scenarios.ts';
import { createConfigStore, validateParam, setParams } from './config.ts';
import { createUndo } from './undo.ts';

let clock = 0;
let config = createConfigStore(DEFAULT_CONFIG);
let undo = createUndo({ config, follow: () => undefined });

beforeEach(() => {
  clock = 0;
  config = createConfigStore(DEFAULT_CONFIG);
  undo = createUndo({
    config,
    follow: () => undefined,
    now: () => clock,
  });
});

function turn(id: ParamId, value: unknown, wait = 5000): void {
  clock += wait;
  config.setState((state) => validateParam(state, id, value));
}

const current = (id: ParamId): unknown => config.getState().current[id];

describe('undo', () => {
  it('takes changes back one by one, and brings them again', () => {
    turn('temperature', 0.5);
    turn('groupSize', 4);
    undo.actions.undo();
    expect([current('temperature'), current('groupSize')]).toEqual([0.5, 8]);
    undo.actions.undo();
    expect(config.getState().current).toEqual(DEFAULT_CONFIG);
    undo.actions.redo();
    undo.actions.redo();
    expect([current('temperature'), current('groupSize')]).toEqual([0.5, 4]);
  });

  it('has nothing to do at either end', () => {
    undo.actions.undo();
    undo.actions.redo();
    expect(config.getState().current).toEqual(DEFAULT_CONFIG);
  });

  it('takes a drag as one change, and a later one of the same slider as another', () => {
    for (let i = 1; i <= 50; i++) turn('temperature', 1 + i / 100, 20);
    turn('temperature', 0.2, 3000);
    undo.actions.undo();
    expect(current('temperature')).toBe(1.5);
    undo.actions.undo();
    expect(current('temperature')).toBe(1);
  });

  it('keeps different parameters apart, however fast they follow', () => {
    turn('temperature', 0.5, 10);
    turn('topP', 0.5, 10);
    expect(undo.store.getState().past).toHaveLength(2);
  });

  it('remembers no drag that ended where it began, and no refused entry', () => {
    turn('temperature', 0.5, 20);
    turn('temperature', 1, 20);
    turn('temperature', 99);
    expect(undo.store.getState().past).toEqual([]);
  });

  it('takes a whole scenario back at once', () => {
    config.setState((state) => setParams(state, SCENARIOS.collapse.values));
    config.setState((state) => setParams(state, SCENARIOS.grpo.values));
    undo.actions.undo();
    expect(config.getState().current).toEqual({ ...DEFAULT_CONFIG, ...SCENARIOS.collapse.values });
  });

  it('gives up what was taken back once something else is changed', () => {
    turn('temperature', 0.5);
    undo.actions.undo();
    turn('groupSize', 4);
    undo.actions.redo();
    expect(current('temperature')).toBe(1);
  });

  it('forgets when asked, and hears nothing once it is closed', () => {
    turn('temperature', 0.5);
    undo.clear();
    undo.actions.undo();
    expect(current('temperature')).toBe(0.5);
    undo.close();
    turn('temperature', 0.7);
    expect(undo.store.getState().past).toEqual([]);
  });
});
