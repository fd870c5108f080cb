/** Line icons on a 16 × 16 grid; always beside or instead of a name that is there for everyone. */
const PATHS = {
  play: 'M5 3.2v9.6l8-4.8z',
  pause: 'M4.5 3v10M11.5 3v10',
  step: 'M4 3.2v9.6l6.5-4.8zM12.5 3v10',
  slow: 'M8 1.8a6.2 6.2 0 1 0 0 12.4 6.2 6.2 0 0 0 0-12.4M8 4.6V8l2.4 1.6',
  reset: 'M3.2 8a4.8 4.8 0 1 0 1.5-3.5M3 2.5v3h3',
  dice: 'M3 3h10v10H3zM6 6h.01M10 10h.01M10 6h.01M6 10h.01',
  export: 'M8 10V2.5M5 5l3-3 3 3M3 9.5v4h10v-4',
  import: 'M8 2.5V10M5 7.5l3 3 3-3M3 9.5v4h10v-4',
  theme: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  close: 'M4 4l8 8M12 4l-8 8',
  undo: 'M6 4L3 7l3 3M3 7h6.5a3.5 3.5 0 0 1 0 7H7',
  redo: 'M10 4l3 3-3 3M13 7H6.5a3.5 3.5 0 0 0 0 7H9',
  share: 'M7 9l5.5-5.5M8.5 3.5h4v4M6.5 3.5h-3v9h9v-3',
  speech: 'M3 3.5h10v7H8l-3 2.5v-2.5H3zM5.5 6h5M5.5 8h3',
  keys: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M11.5 7h.01M5.5 9.3h5',
  check: 'M3.5 8.5l3 3 6-7',
  help: 'M6.1 6.2a1.95 1.95 0 1 1 2.7 1.8c-.5.2-.8.6-.8 1.2v.3M8 11.8h.01M8 1.8a6.2 6.2 0 1 0 0 12.4 6.2 6.2 0 0 0 0-12.4',
  save: 'M8 2.5V9M5.5 6.5L8 9l2.5-2.5M3 10.5v3h10v-3',
  pin: 'M6 2.5h4M6.5 2.5v4L4.5 9.5h7l-2-3v-4M8 9.5v4.5',
  parameters: 'M2.5 4.5h6M12 4.5h1.5M10.2 2.7v3.6M2.5 11.5H4M7.5 11.5h6M5.8 9.7v3.6',
  star: 'M8 2.2l1.8 3.7 4 .6-2.9 2.9.7 4L8 11.5l-3.6 1.9.7-4L2.2 6.5l4-.6z',
  runs: 'M3 4h.01M6 4h7.5M3 8h.01M6 8h7.5M3 12h.01M6 12h7.5',
  backend:
    'M4.5 4.5h7v7h-7zM6.5 2v2.5M9.5 2v2.5M6.5 11.5V14M9.5 11.5V14M2 6.5h2.5M2 9.5h2.5M11.5 6.5H14M11.5 9.5H14',
  search: 'M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4M10.2 10.2L13.5 13.5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  const filled = name === 'play' || name === 'step';
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path
        d={PATHS[name]}
        fill={filled ? 'currentColor' : 'none'}
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
