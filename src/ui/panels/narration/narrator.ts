/** Chooses what is said of all that happens: the most telling, seldom the same kind of thing again. */
import type { RunState } from '../../../app/run.ts';
import { NO_MEMORY, observe } from './events.ts';
import type { Happening, Kind, Memory } from './events.ts';

const TELLING: { readonly [K in Kind]: number } = {
  malformed: 100,
  collapse: 100,
  heldOut: 95,
  parameter: 90,
  depth: 85,
  buffer: 80,
  flat: 70,
  solved: 60,
  diverged: 55,
  split: 50,
};

/** Kinds that are worth interrupting a screen reader's user for. */
const NEWS: readonly Kind[] = ['malformed', 'collapse', 'heldOut', 'parameter', 'depth', 'buffer'];

/** What the kind of the last line, and of the one before, loses. */
const PENALTIES = [40, 20] as const;

export interface Narrator {
  /** Takes in what the run did; cheap enough for every progress. */
  readonly observe: (run: RunState) => void;
  /** The next line, if anything happened since the last one. */
  readonly next: () => Happening | null;
}

export function createNarrator(): Narrator {
  let memory: Memory = NO_MEMORY;
  let waiting = new Map<Kind, Happening>();
  let said: readonly Kind[] = [];
  return {
    observe: (run) => {
      const another = run.history.length < memory.rows;
      const known = another ? NO_MEMORY : memory;
      if (another) waiting.clear();
      const seen = observe(known, run);
      memory = seen.memory;
      for (const happening of seen.happenings) waiting.set(happening.kind, happening);
    },
    next: () => {
      const worth = ({ kind }: Happening): number =>
        TELLING[kind] - PENALTIES.reduce((sum, p, i) => sum + (said[i] === kind ? p : 0), 0);
      const [best] = [...waiting.values()].sort((a, b) => worth(b) - worth(a));
      if (!best) return null;
      waiting = new Map();
      said = [best.kind, ...said].slice(0, PENALTIES.length);
      return best;
    },
  };
}

export function isNews({ kind }: Happening): boolean {
  return NEWS.includes(kind);
}
