/** What every driver of the store has to do, whatever happens to its writes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AtomicFiles, Bytes, Changes, FileSets } from './files.ts';
import { Faults, type Fault } from './faults.testing.ts';

/** A place that keeps one set of files over several openings. */
export interface Place {
  open(faults?: Faults): Promise<AtomicFiles>;
}

type State = Readonly<Record<string, string>>;

const text = (content: string): Bytes => new TextEncoder().encode(content);

const FORMER: State = {
  'model.safetensors': 'weights of step 1'.repeat(50),
  'run.json': '{"step":1}',
  'steps/000001-000001.bin': 'one',
  'README.md': 'a card',
};
const NEW: State = {
  'model.safetensors': 'weights of step 2'.repeat(60),
  'run.json': '{"step":2}',
  'steps/000001-000002.bin': 'one, two',
  'checkpoints/1.zip': 'weights of step 1',
  'README.md': 'a card',
};

function changesTo(next: State, former: State): Changes {
  return {
    write: new Map(Object.entries(next).map(([path, content]) => [path, text(content)])),
    remove: Object.keys(former).filter((path) => !Object.hasOwn(next, path)),
  };
}

async function stateOf(files: AtomicFiles): Promise<State> {
  const entries = [...files.list()].map(async ([path, size]): Promise<[string, string]> => {
    const bytes = await files.read(path);
    expect(bytes.length, path).toBe(size);
    return [path, new TextDecoder().decode(bytes)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

const succeeds = async (action: () => Promise<unknown>): Promise<boolean> => {
  try {
    await action();
    return true;
  } catch {
    return false;
  }
};

/** From how many acts on a fault is never reached. */
const MOST_ACTS = 200;

export function conformanceOfFiles(name: string, newPlace: () => Promise<Place>): void {
  describe(`${name}: a set of files`, () => {
    it('is empty at first, and then what was committed, opened again or not', async () => {
      const place = await newPlace();
      const files = await place.open();
      expect(await stateOf(files)).toEqual({});
      await files.commit(changesTo(FORMER, {}));
      expect(await stateOf(files)).toEqual(FORMER);
      expect(await stateOf(await place.open())).toEqual(FORMER);
      await files.commit(changesTo(NEW, FORMER));
      expect(await stateOf(files)).toEqual(NEW);
      expect(await stateOf(await place.open())).toEqual(NEW);
    });

    it('says which file is not there', async () => {
      const files = await (await newPlace()).open();
      await files.commit({ write: new Map([['a', text('1')]]) });
      await expect(files.read('b')).rejects.toThrow('path: got "b", expected one of a');
    });

    it('keeps content that is empty, binary or large', async () => {
      const place = await newPlace();
      const large = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
      const write = new Map([
        ['empty', new Uint8Array()],
        ['large.bin', large],
      ]);
      await (await place.open()).commit({ write });
      const files = await place.open();
      expect(await files.read('empty')).toEqual(new Uint8Array());
      expect((await files.read('large.bin')).every((byte, i) => byte === large[i])).toBe(true);
    });

    it('takes commits that are made at once in their turn', async () => {
      const place = await newPlace();
      const files = await place.open();
      const each = ['1', '2', '3'].map((n) =>
        files.commit({
          write: new Map([
            ['a', text(n)],
            [n, text(n)],
          ]),
        }),
      );
      await Promise.all(each);
      expect(await stateOf(await place.open())).toEqual({ a: '3', 1: '1', 2: '2', 3: '3' });
    });

    faultCases(newPlace);
  });
}

function faultCases(newPlace: () => Promise<Place>): void {
  it.each(['fails', 'dies'] as const)(
    'is in the former or the new state when any act %s',
    async (kind) => {
      let at = 0;
      for (; at < MOST_ACTS; at++) {
        const place = await newPlace();
        await (await place.open()).commit(changesTo(FORMER, {}));
        const faults = new Faults({ at, kind });
        const committed = await committedTo(place, faults);
        await expectOneOf(place, { at, kind }, committed);
        if (!faults.happened) break;
      }
      expect(at).toBeLessThan(MOST_ACTS);
    },
  );

  it('can be committed to again after a commit that failed', async () => {
    for (let at = 0; at < MOST_ACTS; at++) {
      const place = await placeInFormer(newPlace);
      const faults = new Faults({ at, kind: 'fails' });
      const files = await place.open(faults).catch(() => place.open());
      const committed = await succeeds(() => files.commit(changesTo(NEW, FORMER)));
      if (!faults.happened) break;
      expect(await stateOf(files), `act ${at}`).toEqual(committed ? NEW : FORMER);
      const again = { ...NEW, again: 'yes' };
      await files.commit(changesTo(again, FORMER));
      expect(await stateOf(files), `act ${at}`).toEqual(again);
      expect(await stateOf(await place.open()), `act ${at}`).toEqual(again);
    }
  });

  it('survives an end in the middle of what helps it out of another', async () => {
    for (let at = 0, first = true; first && at < MOST_ACTS; at++) {
      for (let then = 0, second = true; second && then < MOST_ACTS; then++) {
        const place = await placeInFormer(newPlace);
        const [faults, more] = [at, then].map((act) => new Faults({ at: act, kind: 'dies' }));
        const committed = await committedTo(place, faults!);
        await succeeds(() => place.open(more));
        await expectOneOf(place, { at, kind: 'dies' }, committed);
        [first, second] = [faults!.happened, more!.happened];
      }
    }
  });

  it('is in a state that was committed after any commits and ends', async () => {
    const paths = ['a', 'b', 'steps/c', 'steps/d'];
    const change = fc.record({
      write: fc.dictionary(fc.constantFrom(...paths), fc.string({ maxLength: 40 }), {
        noNullPrototype: true,
      }),
      remove: fc.subarray(paths),
      at: fc.option(fc.nat(12), { nil: undefined }),
      kind: fc.constantFrom('fails', 'dies'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 8 }), async (list) => {
        const place = await newPlace();
        let model: State = {};
        for (const { write, remove, at, kind } of list) {
          const next = { ...without(model, remove), ...write };
          const faults = new Faults(at === undefined ? undefined : { at, kind });
          await succeeds(async () => (await place.open(faults)).commit(changesTo(next, model)));
          const now = await stateOf(await place.open());
          expect([model, next]).toContainEqual(now);
          if (!faults.happened) expect(now).toEqual(next);
          model = now;
        }
      }),
      { numRuns: 30 },
    );
  });
}

function without(state: State, paths: readonly string[]): State {
  return Object.fromEntries(Object.entries(state).filter(([path]) => !paths.includes(path)));
}

async function placeInFormer(newPlace: () => Promise<Place>): Promise<Place> {
  const place = await newPlace();
  await (await place.open()).commit(changesTo(FORMER, {}));
  return place;
}

/** Whether a commit of the new state was said to last. */
function committedTo(place: Place, faults: Faults): Promise<boolean> {
  return succeeds(async () => (await place.open(faults)).commit(changesTo(NEW, FORMER)));
}

/** What a commit said of itself holds; one that was cut off may have come to either. */
async function expectOneOf(place: Place, fault: Fault, committed: boolean): Promise<void> {
  const now = await stateOf(await place.open());
  const where = `act ${fault.at} ${fault.kind}`;
  if (committed) expect(now, where).toEqual(NEW);
  else if (fault.kind === 'fails') expect(now, where).toEqual(FORMER);
  else expect([FORMER, NEW], where).toContainEqual(now);
}

export function conformanceOfSets(name: string, newSets: () => Promise<FileSets>): void {
  describe(`${name}: sets of files`, () => {
    it('are kept apart, listed and removed', async () => {
      const sets = await newSets();
      expect(await sets.names()).toEqual([]);
      await (await sets.open('one')).commit(changesTo(FORMER, {}));
      await (await sets.open('two')).commit(changesTo(NEW, {}));
      expect([...(await sets.names())].sort()).toEqual(['one', 'two']);
      await sets.remove('one');
      await sets.remove('never-there');
      expect(await sets.names()).toEqual(['two']);
      expect(await stateOf(await sets.open('one'))).toEqual({});
      expect(await stateOf(await sets.open('two'))).toEqual(NEW);
    });

    it.each(['', '..', 'a/b', 'a.b'])('have no name like "%s"', async (bad) => {
      await expect((await newSets()).open(bad)).rejects.toThrow(`name: got "${bad}", expected`);
    });
  });
}
