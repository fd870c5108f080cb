/**
 * Who may draw when: one chart per animation frame, each chart at most twice a second, less often where
 * drawing is dear, and only charts that can be seen. A chart of a hundred points costs tens of
 * milliseconds; ten at once would be felt.
 */
export interface ScheduleEnvironment {
  now(): number;
  /** Calls back once a frame. */
  onFrame(callback: () => void): void;
  after(ms: number, callback: () => void): void;
}

export interface DrawRequests {
  /**
   * Asks for a redraw; several requests before the turn comes are one. One that answers a person comes
   * `soon`: at the next free frame, however short ago the last was.
   */
  request(when?: 'soon'): void;
  setVisible(visible: boolean): void;
  unregister(): void;
}

export interface Scheduler {
  register(draw: () => void): DrawRequests;
}

interface Member {
  readonly draw: () => void;
  visible: boolean;
  wanted: boolean;
  soon: boolean;
  drawnAt: number;
  /** Until it may be drawn again without being asked for by a person, in ms. */
  interval: number;
}

export const LEAST_INTERVAL = 500;
/** A chart takes at most one part in so many of the time. */
const COST_FACTOR = 24;

export function createScheduler(environment: ScheduleEnvironment): Scheduler {
  const members = new Set<Member>();
  /** A frame or, later, a timer is on its way; a timer that was overtaken by a new one does nothing. */
  let armed: 'now' | 'later' | null = null;
  let waits = 0;

  const arm = (): void => {
    if (armed === 'now') return;
    const waiting = [...members].filter(({ wanted, visible }) => wanted && visible);
    if (waiting.length === 0) return;
    const wait = Math.min(...waiting.map(dueAt)) - environment.now();
    const asked = ++waits;
    if (wait > 0) {
      environment.after(wait, () => asked === waits && environment.onFrame(drawNext));
      armed = 'later';
      return;
    }
    armed = 'now';
    environment.onFrame(drawNext);
  };

  const drawNext = (): void => {
    armed = null;
    const next = longestWaiting(members, environment.now());
    if (next) {
      next.wanted = false;
      next.soon = false;
      next.drawnAt = environment.now();
      next.draw();
      const cost = environment.now() - next.drawnAt;
      next.interval = Math.max(LEAST_INTERVAL, COST_FACTOR * cost);
    }
    arm();
  };

  return {
    register: (draw) => {
      const member: Member = {
        draw,
        visible: false,
        wanted: false,
        soon: false,
        drawnAt: -Infinity,
        interval: LEAST_INTERVAL,
      };
      members.add(member);
      return {
        request: (when) => {
          member.wanted = true;
          member.soon ||= when === 'soon';
          arm();
        },
        setVisible: (visible) => {
          member.visible = visible;
          arm();
        },
        unregister: () => members.delete(member),
      };
    },
  };
}

function dueAt({ soon, drawnAt, interval }: Member): number {
  return soon ? -Infinity : drawnAt + interval;
}

function longestWaiting(members: ReadonlySet<Member>, now: number): Member | undefined {
  return [...members]
    .filter((member) => member.wanted && member.visible && dueAt(member) <= now)
    .sort((a, b) => a.drawnAt - b.drawnAt)[0];
}

export function browserEnvironment(): ScheduleEnvironment {
  return {
    now: () => performance.now(),
    // Not in the frame itself, which lays out and paints what was drawn after the last one: a task each.
    onFrame: (callback) => requestAnimationFrame(() => setTimeout(callback)),
    after: (ms, callback) => setTimeout(callback, ms),
  };
}
