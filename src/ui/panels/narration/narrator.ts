/** Chooses which event is shown next: the highest priority first, seldom the same kind again. */
import type { RunState } from '../../../app/run.ts';
import { NOTHING_OBSERVED, observe } from './events.ts';
import type { RunEvent, EventKind, ObserverState } from './events.ts';

const PRIORITY: { readonly [K in EventKind]: number } = {
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
const ANNOUNCED: readonly EventKind[] = [
  'malformed',
  'collapse',
  'heldOut',
  'parameter',
  'depth',
  'buffer',
];

/** What the kind of the last line, and of the one before, loses. */
const REPEAT_PENALTIES = [40, 20] as const;

export interface Narrator {
  /** Takes in what the run did; cheap enough for every progress. */
  readonly observe: (run: RunState) => void;
  /** The next line, if anything happened since the last one. */
  readonly next: () => RunEvent | null;
}

export function createNarrator(): Narrator {
  let state: ObserverState = NOTHING_OBSERVED;
  let waiting = new Map<EventKind, RunEvent>();
  let said: readonly EventKind[] = [];
  return {
    observe: (run) => {
      const another = run.history.length < state.rows;
      const known = another ? NOTHING_OBSERVED : state;
      if (another) waiting.clear();
      const seen = observe(known, run);
      state = seen.state;
      for (const event of seen.events) waiting.set(event.kind, event);
    },
    next: () => {
      const priority = ({ kind }: RunEvent): number =>
        PRIORITY[kind] -
        REPEAT_PENALTIES.reduce((sum, p, i) => sum + (said[i] === kind ? p : 0), 0);
      const [best] = [...waiting.values()].sort((a, b) => priority(b) - priority(a));
      if (!best) return null;
      waiting = new Map();
      said = [best.kind, ...said].slice(0, REPEAT_PENALTIES.length);
      return best;
    },
  };
}

export function isAnnounced({ kind }: RunEvent): boolean {
  return ANNOUNCED.includes(kind);
}
