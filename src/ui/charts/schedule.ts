/**
 * Who may draw when: one chart per animation frame, each chart at most twice a second, and only charts
 * that can be seen. A chart of a hundred points costs tens of milliseconds; ten at once would be felt.
 */
export interface ScheduleEnvironment {
  now(): number;
  /** Calls back before the next paint. */
  onFrame(callback: () => void): void;
  after(ms: number, callback: () => void): void;
}

export interface Turn {
  /** Asks for a redraw; several requests before the turn comes are one. */
  request(): void;
  setVisible(visible: boolean): void;
  leave(): void;
}

export interface Scheduler {
  join(draw: () => void): Turn;
}

interface Member {
  readonly draw: () => void;
  visible: boolean;
  wanted: boolean;
  drawnAt: number;
}

export const LEAST_INTERVAL = 500;

export function createScheduler(environment: ScheduleEnvironment): Scheduler {
  const members = new Set<Member>();
  let armed = false;

  const arm = (): void => {
    if (armed) return;
    const waiting = [...members].filter(({ wanted, visible }) => wanted && visible);
    if (waiting.length === 0) return;
    armed = true;
    const due = Math.min(...waiting.map(({ drawnAt }) => drawnAt)) + LEAST_INTERVAL;
    const wait = due - environment.now();
    if (wait > 0) environment.after(wait, () => environment.onFrame(turn));
    else environment.onFrame(turn);
  };

  const turn = (): void => {
    armed = false;
    const next = longestWaiting(members, environment.now());
    if (next) {
      next.wanted = false;
      next.drawnAt = environment.now();
      next.draw();
    }
    arm();
  };

  return {
    join: (draw) => {
      const member: Member = { draw, visible: false, wanted: false, drawnAt: -Infinity };
      members.add(member);
      return {
        request: () => {
          member.wanted = true;
          arm();
        },
        setVisible: (visible) => {
          member.visible = visible;
          arm();
        },
        leave: () => members.delete(member),
      };
    },
  };
}

function longestWaiting(members: ReadonlySet<Member>, now: number): Member | undefined {
  return [...members]
    .filter(({ wanted, visible, drawnAt }) => wanted && visible && drawnAt + LEAST_INTERVAL <= now)
    .sort((a, b) => a.drawnAt - b.drawnAt)[0];
}

export function browserEnvironment(): ScheduleEnvironment {
  return {
    now: () => performance.now(),
    onFrame: (callback) => requestAnimationFrame(callback),
    after: (ms, callback) => setTimeout(callback, ms),
  };
}
