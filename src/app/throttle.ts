/** Runs `task` at once, then at most every `interval` ms; a call in between runs it once at the end. */
export interface Throttle {
  (): void;
  cancel(): void;
}

export function throttle(task: () => void, interval: number): Throttle {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  const rest = (): void => {
    timer = undefined;
    if (again) run();
  };
  const run = (): void => {
    again = false;
    timer = setTimeout(rest, interval);
    task();
  };
  const throttled = (): void => {
    if (timer === undefined) run();
    else again = true;
  };
  return Object.assign(throttled, {
    cancel: () => {
      clearTimeout(timer);
      timer = undefined;
      again = false;
    },
  });
}
