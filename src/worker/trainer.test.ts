import { describe, expect, it, vi } from 'vitest';
import type { Config } from '../schema/params.ts';
import { taskById } from '../tasks/registry.ts';
import { readRecording } from '../runs/recording/file.ts';
import { streamOf } from '../runs/recording/recording.testing.ts';

import { ASSETS, openLab, load, made, shortly, openHeldBack, stepsOf } from './trainer.testing.ts';

describe('before anything is loaded', () => {
  it('says what to do first', async () => {
    const { client } = openLab();
    for (const name of ['play', 'step', 'reset', 'export'] as const) {
      await expect(client.call(name)).rejects.toThrow('no session: send "load" first');
    }
    const example = client.call('example', { domain: 'locks' });
    await expect(example).rejects.toThrow('no session: send "load" first');
  });
});

describe('load', () => {
  it('answers with what was built, and reports the way there', async () => {
    const lab = openLab();
    const loading = vi.fn();
    lab.client.on('loading', loading);
    const info = await load(lab);
    expect(info).toMatchObject({ step: 0, backend: { name: 'wasm', reason: 'asked for' } });
    expect(info.origin).toBe('random weights, 2 warm-start steps');
    expect(loading).toHaveBeenLastCalledWith({
      message: 'Warm start on demonstrations',
      done: 2,
      total: 2,
    });
  });

  it('keeps the running session when the next one cannot be built', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('step');
    const shipped = {
      init: 'base',
      hiddenSize: 64,
      numLayers: 2,
      numHeads: 4,
      intermediateSize: 176,
    };
    await expect(load(lab, shipped as Partial<Config>)).rejects.toThrow('404');
    await lab.client.call('step');
    expect(stepsOf(lab)).toEqual([1, 2]);
  });

  it('gives up for a newer load', async () => {
    const lab = openLab();
    const slow = load(lab, { warmStartSteps: 20000 });
    const quick = load(lab);
    await expect(slow).rejects.toThrow('given up for a newer request');
    expect((await quick).step).toBe(0);
  });
});

describe('training', () => {
  it('plays until paused, and then rests', async () => {
    const lab = openLab();
    await load(lab);
    const running = vi.fn();
    lab.client.on('running', running);
    await lab.client.call('play');
    await expect(lab.client.call('step')).rejects.toThrow('refused while training runs');
    await vi.waitFor(() => expect(lab.progress.length).toBeGreaterThan(0));
    await lab.client.call('pause');
    await vi.waitFor(() => expect(running.mock.calls).toEqual([[true], [false]]));
    const seen = stepsOf(lab);
    expect(seen).toEqual(seen.map((_, i) => i + 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(stepsOf(lab)).toEqual(seen);
  });

  it('plays on at once after a pause that is still under way, never twice over', async () => {
    const lab = openLab();
    await load(lab);
    const running: boolean[] = [];
    lab.client.on('running', (on) => running.push(on));
    await lab.client.call('play');
    void lab.client.call('pause');
    await lab.client.call('play');
    const before = await made(lab);
    await vi.waitFor(async () => expect(await made(lab)).toBeGreaterThan(before));
    await lab.client.call('pause');
    expect(running).toEqual([true, false, true, false]);
  });

  it('plays the session that is being built, not the one that it replaces', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('step');
    const built = lab.client.call('newSeed', { seed: 5 });
    const played = lab.client.call('play');
    expect((await built).config.seed).toBe(5);
    await played;
    await vi.waitFor(async () => expect(await made(lab)).toBeGreaterThan(0));
    await lab.client.call('pause');
    expect(stepsOf(lab).slice(0, 2)).toEqual([1, 1]);
  });

  it('sends progress four times a second at most, and loses no row', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('play');
    await vi.waitFor(() => expect(lab.progress).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The trainer's clock stood still: whatever was done since is waiting.
    expect(lab.progress).toHaveLength(1);
    lab.wait(250);
    await vi.waitFor(() => expect(lab.progress).toHaveLength(2));
    expect(lab.progress[1]!.rows.length).toBeGreaterThan(1);
    await lab.client.call('pause');
    const steps = stepsOf(lab);
    expect(steps).toEqual(steps.map((_, i) => i + 1));
  });

  it('begins no step for a moment where a person is at work, and then goes on', async () => {
    const { lab, before } = await openHeldBack();
    await shortly();
    expect(await made(lab)).toBe(before);
    lab.wait(150);
    await vi.waitFor(async () => expect(await made(lab)).toBeGreaterThan(before));
  });

  it('makes a step now and then for a person who never rests, and pauses at once', async () => {
    const { lab, before } = await openHeldBack();
    for (let ms = 0; ms < 300; ms += 100) {
      await lab.client.call('yieldToInput');
      expect(await made(lab)).toBe(before);
      lab.wait(100);
    }
    await vi.waitFor(async () => expect(await made(lab)).toBe(before + 1));
    await lab.client.call('pause');
    expect(await made(lab)).toBe(before + 1);
  });

  it('changes live parameters between two steps, marks them, and refuses the rest', async () => {
    const lab = openLab();
    await load(lab);
    const marks = vi.fn();
    lab.client.on('marks', marks);
    await lab.client.call('step');
    await lab.client.call('set', { values: { batchGroups: 5 } });
    await lab.client.call('step');
    expect(lab.progress[1]!.latest.groups).toHaveLength(5);
    expect(marks).toHaveBeenCalledExactlyOnceWith([
      { step: 2, param: 'batchGroups', from: 3, to: 5 },
    ]);
    const fixed = { values: { seed: 3 } } as unknown as { values: { batchGroups: number } };
    await expect(lab.client.call('set', fixed)).rejects.toThrow('seed: takes effect on reset only');
    await expect(lab.client.call('set', { values: { groupSize: 1 } })).rejects.toThrow(
      'groupSize: got 1, expected a whole number from 2 to 64',
    );
  });

  it('reset repeats the run with the parameters as they are now; a new seed does not', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('step');
    expect((await lab.client.call('reset')).step).toBe(0);
    await lab.client.call('step');
    const [first, again] = lab.progress.map(({ latest }) => latest.groups);
    expect(again).toEqual(first);
    const info = await lab.client.call('newSeed', { seed: 99 });
    expect(info.config.seed).toBe(99);
    await lab.client.call('step');
    expect(lab.progress[2]!.latest.groups).not.toEqual(first);
  });

  it('evaluates between two steps while it plays', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('play');
    const evaluation = await lab.client.call('evaluate', { split: 'test' });
    expect(evaluation.quality).toHaveLength(2);
    await lab.client.call('pause');
  });
});

describe('held-out splits', () => {
  it('are named by the session and evaluated one by one', async () => {
    const lab = openLab();
    const { domains } = await load(lab, { task: 'countdown' });
    expect(domains).toHaveLength(1);
    const ids = domains[0]!.splits.map(({ id }) => id);
    expect(ids).toEqual(taskById('countdown').heldOut!.map(({ id }) => id));
    const seen: string[] = [];
    lab.client.on('evaluation', ({ split }) => seen.push(split));
    for (const split of ids.slice(0, 2)) await lab.client.call('evaluate', { split });
    expect(seen).toEqual(ids.slice(0, 2));
    await expect(lab.client.call('evaluate', { split: 'none' })).rejects.toThrow(/split.*none/);
  });

  it('other than the test split are not recorded as the run’s own', async () => {
    const [here, there] = [openLab(), openLab()];
    await load(here, { task: 'workspace' });
    await here.client.call('evaluate', { split: 'long' });
    await here.client.call('evaluate', { split: 'test' });
    const { bytes } = await here.client.call('export');
    const { evaluations } = await there.client.call('import', { bytes, assetBase: ASSETS });
    expect(evaluations).toHaveLength(1);
  });
});

describe('a run as a recording', () => {
  it('has its steps, its evaluations and what was changed on the way, and needs a step', async () => {
    const lab = openLab();
    const info = await load(lab, { evalEvery: 1 });
    await expect(lab.client.ask('record', { controls: [] })).rejects.toThrow(/no step/);
    await lab.client.call('step');
    await lab.client.call('set', { values: { temperature: 0.5 } });
    await lab.client.call('step');
    const { path, bytes } = await lab.client.ask('record', { controls: [] });
    expect(path).toMatch(/^exit-lab-[\w-]+-step-2\.bin$/);
    const kinds: string[] = [];
    for await (const frame of readRecording(streamOf(bytes))) {
      kinds.push(frame.kind === 'evaluation' ? `evaluation ${frame.evaluation.step}` : frame.kind);
      if (frame.kind === 'head') {
        expect(frame.info).toMatchObject({ step: 2, config: { ...info.config, temperature: 0.5 } });
      }
      if (frame.kind === 'marks') expect(frame.marks).toMatchObject([{ step: 2, to: 0.5 }]);
    }
    const one = ['evaluation 0', 'evaluation 1', 'step'];
    expect(kinds).toEqual(['head', ...one, 'marks', 'evaluation 2', 'step']);
  });
});

describe('a typed instance', () => {
  const request = {
    domain: 'locks',
    text: 'A3 B11 C0 = v1 v0 v2 v2',
    earlier: [],
    latest: null,
    greedy: false,
  };

  it('is attempted and improved without a trace in the run', async () => {
    const [lab, untouched] = [openLab(), openLab()];
    await load(lab);
    await load(untouched);
    await lab.client.call('step');
    const first = await lab.client.call('attempt', request);
    expect(first).toMatchObject({ step: 1, solved: first.attempt.quality === 1 });
    const next = await lab.client.call('attempt', { ...request, latest: first.attempt });
    expect(next.attempt.quality).toBeGreaterThanOrEqual(0);
    await lab.client.call('step');
    await untouched.client.call('step');
    await untouched.client.call('step');
    expect(lab.progress[1]!.latest.groups).toEqual(untouched.progress[1]!.latest.groups);
  });

  it('is attempted while training plays', async () => {
    const lab = openLab();
    await load(lab);
    await lab.client.call('play');
    await lab.client.call('attempt', request);
    await lab.client.call('attempt', request);
    await expect(lab.client.call('step')).rejects.toThrow('refused while training runs');
    await lab.client.call('pause');
  });

  it('gets the same greedy attempt each time, and not always the same sampled one', async () => {
    const lab = openLab();
    await load(lab);
    const attempts = async (greedy: boolean): Promise<Set<string>> => {
      const texts = new Set<string>();
      for (let i = 0; i < 8; i++) {
        const { attempt } = await lab.client.call('attempt', { ...request, greedy });
        texts.add(attempt.tokens.join(' '));
      }
      return texts;
    };
    expect((await attempts(true)).size).toBe(1);
    expect((await attempts(false)).size).toBeGreaterThan(1);
  });

  it('is written and read by its domain', async () => {
    const lab = openLab();
    await load(lab, { task: 'workspace' });
    const examples = [0, 1].map(() => lab.client.call('example', { domain: 'workspace' }));
    const [one, another] = await Promise.all(examples);
    expect(another!.text).not.toBe(one!.text);
    const own = await lab.client.call('read', { domain: 'workspace', text: one!.text });
    expect(own.turns).toBeGreaterThan(1);
    await expect(lab.client.call('read', { domain: 'workspace', text: 'at docs' })).rejects.toThrow(
      /got "at docs", expected/,
    );
    await expect(lab.client.call('example', { domain: 'chess' })).rejects.toThrow(
      'domain: got "chess", expected one of workspace',
    );
  });
});

describe('export and import', () => {
  it('moves a run to another page, where it goes on', async () => {
    const [here, there] = [openLab(), openLab()];
    await load(here);
    await here.client.call('step');
    await here.client.call('evaluate', { split: 'test' });
    const file = await here.client.call('export');
    expect(file.path).toBe('exit-lab-locks-step-1.zip');
    const reply = await there.client.call('import', { bytes: file.bytes, assetBase: ASSETS });
    expect(reply).toMatchObject({ step: 1, origin: 'imported run, step 1' });
    expect(reply.rows.map(({ step }) => step)).toEqual([1]);
    expect(reply.evaluations.map(({ step }) => step)).toEqual([1]);
    const query = { limit: 5 };
    expect(await there.client.call('tasks', query)).toEqual(await here.client.call('tasks', query));
    expect(await there.client.call('stepRecord', { step: 1 })).toMatchObject({ step: 1 });
    expect(reply.profiles.map(({ step }) => step)).toEqual([1]);
    await here.client.call('step');
    await there.client.call('step');
    expect(there.progress[0]!.latest.groups).toEqual(here.progress[1]!.latest.groups);
  });

  it('refuses what is no run, says why, and trains on', async () => {
    const lab = openLab();
    await load(lab);
    const bytes = new TextEncoder().encode('not a zip');
    await expect(lab.client.call('import', { bytes, assetBase: ASSETS })).rejects.toThrow(/zip/);
    await lab.client.call('step');
    expect(stepsOf(lab)).toEqual([1]);
  });
});
