/** Every key that acts, declared once: the handler and the sheet that lists them derive from here. */
import { stepInView } from '../../app/focus.ts';
import type { Lab } from '../../app/lab.ts';
import { groupsOfRow, rowOfStep } from '../../app/profiles.ts';
import { isOnPlay } from '../../app/recording.ts';
import type { RunState } from '../../app/run.ts';

export interface Combo {
  /** As of `KeyboardEvent.key`. */
  readonly key: string;
  readonly shift?: true;
  /** With Ctrl, or ⌘ where that is what there is. */
  readonly ctrl?: true;
  /** As it is printed, where not the key itself. */
  readonly shown?: string;
}

export interface Shortcut {
  /** Any of them. */
  readonly combos: readonly Combo[];
  readonly words: string;
  /** Elements that the key belongs to while one of them has the focus. */
  readonly yieldsTo: string;
  readonly act: (lab: Lab) => void;
}

const TEXT = 'input:not([type=range], [type=checkbox], [type=radio]), textarea, select';
const PRESSED_BY_SPACE =
  'button, summary, input:not([type=range]), select, a[href], textarea, [role=tab], [role=option]';
const ANYTHING = 'body *';
const OVERLAYS = `${TEXT}, dialog, [popover]`;

export const SHORTCUTS = {
  Training: [
    {
      combos: [{ key: ' ', shown: 'space' }],
      words: 'Play, or pause',
      yieldsTo: PRESSED_BY_SPACE,
      act: playOrPause,
    },
    { combos: [{ key: 's' }], words: 'One training step', yieldsTo: TEXT, act: stepOnce },
  ],
  'Looking back': [
    {
      combos: [{ key: ',' }],
      words: 'Pin the step before',
      yieldsTo: TEXT,
      act: (lab) => walk(lab, -1),
    },
    {
      combos: [{ key: '.' }],
      words: 'Pin the step after',
      yieldsTo: TEXT,
      act: (lab) => walk(lab, 1),
    },
    {
      combos: [{ key: 'ArrowLeft', shown: '←' }],
      words: 'The step before, where no control has the focus',
      yieldsTo: ANYTHING,
      act: (lab) => walk(lab, -1),
    },
    {
      combos: [{ key: 'ArrowRight', shown: '→' }],
      words: 'The step after, where no control has the focus',
      yieldsTo: ANYTHING,
      act: (lab) => walk(lab, 1),
    },
    { combos: [{ key: '[' }], words: 'The group before', yieldsTo: TEXT, act: groupBy(-1) },
    { combos: [{ key: ']' }], words: 'The group after', yieldsTo: TEXT, act: groupBy(1) },
    {
      combos: [{ key: 'l' }, { key: 'Escape', shown: 'Esc' }],
      words: 'Back to live',
      yieldsTo: OVERLAYS,
      act: ({ focus }) => focus.actions.follow(),
    },
  ],
  Parameters: [
    {
      combos: [{ key: 'p' }],
      words: 'Open the parameters, or close them',
      yieldsTo: TEXT,
      act: ({ drawer }) => drawer.actions.toggle(),
    },
    {
      combos: [{ key: 'z', ctrl: true }],
      words: 'Undo the last change of a parameter',
      yieldsTo: TEXT,
      act: ({ undo }) => undo.actions.undo(),
    },
    {
      combos: [
        { key: 'z', ctrl: true, shift: true },
        { key: 'y', ctrl: true },
      ],
      words: 'Redo it',
      yieldsTo: TEXT,
      act: ({ undo }) => undo.actions.redo(),
    },
  ],
  Page: [
    {
      combos: [{ key: '?' }],
      words: 'This list',
      yieldsTo: TEXT,
      act: ({ guide }) => guide.actions.setSheet(!guide.store.getState().sheet),
    },
  ],
} as const satisfies Readonly<Record<string, readonly Shortcut[]>>;

const ALL: readonly Shortcut[] = Object.values(SHORTCUTS).flat();

export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** The shortcut that a press asks for, and whether it is a single key; undefined where there is none. */
export function shortcutOf(press: KeyPress): { shortcut: Shortcut; single: boolean } | undefined {
  for (const shortcut of ALL) {
    const combo = shortcut.combos.find((one) => isPressed(one, press));
    if (combo) return { shortcut, single: combo.ctrl !== true };
  }
  return undefined;
}

function isPressed(combo: Combo, press: KeyPress): boolean {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = press;
  if (altKey || (ctrlKey || metaKey) !== (combo.ctrl ?? false)) return false;
  // Where a sign lies decides whether it takes Shift, and the keyboard decides where it lies.
  const sign = combo.key.length === 1 && !/[a-z ]/.test(combo.key);
  return key.toLowerCase() === combo.key.toLowerCase() && (sign || shiftKey === !!combo.shift);
}

function playOrPause({ session, recording, actions }: Lab): void {
  const replay = recording.store.getState();
  if (isOnPlay(replay)) return void (replay.playing ? actions.pause() : actions.play());
  const { phase, busy, running } = session.getState();
  const pausing = running && busy === 'pause';
  if (running && !pausing) void actions.pause();
  else if (pausing || (phase === 'ready' && busy === null)) void actions.play();
}

function stepOnce({ session, actions }: Lab): void {
  const { phase, busy, running } = session.getState();
  if (phase === 'ready' && busy === null && !running) void actions.step();
}

/** Past the newest step lies the run itself. */
function walk({ run, focus }: Lab, by: -1 | 1): void {
  const { length, steps } = run.getState().history;
  if (length === 0) return;
  const [oldest, newest] = [steps[0]!, steps[length - 1]!];
  const to = (focus.store.getState().pinned ?? newest) + by;
  if (to > newest) focus.actions.follow();
  else focus.actions.pin(Math.max(oldest, to));
}

function groupBy(by: -1 | 1): (lab: Lab) => void {
  return ({ run, focus }) => {
    const groups = groupsInView(run.getState(), stepInView(focus.store.getState()));
    if (groups === 0) return;
    const from = focus.store.getState().group ?? (by > 0 ? -1 : groups);
    focus.actions.chooseGroup((from + by + groups) % groups);
  };
}

/** Of the step that is looked at: how many there are can change while training runs. */
function groupsInView({ latest, profiles }: RunState, step: number | null): number {
  const row = step === null ? -1 : rowOfStep(profiles, step);
  return row < 0 ? (latest?.groups.length ?? 0) : groupsOfRow(profiles, row);
}
