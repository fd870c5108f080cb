import type { Mode } from '../../tasks/task.ts';

/** From nothing, upwards, or apart. */
const PATHS: Readonly<Record<Mode, string>> = {
  solve: 'M6 3a3 3 0 1 0 .01 0',
  improve: 'M6 10V2.5M2.5 6L6 2.5 9.5 6',
  diverge: 'M6 10V7L2.5 3M6 7l3.5-4',
};

export function ModeMark({ mode }: { readonly mode: Mode }) {
  return (
    <svg className="mode-mark" viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path
        d={PATHS[mode]}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
