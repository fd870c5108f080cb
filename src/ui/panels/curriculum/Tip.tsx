import type { ReactNode } from 'react';

export interface TipProps {
  /** Where it points, as shares of the picture. */
  readonly x: number;
  readonly y: number;
  readonly children: ReactNode;
}

/** Beside the pointer, on the side where there is room. What it says stands in the tables too. */
export function Tip({ x, y, children }: TipProps) {
  const side = { left: x < 0.5 ? 14 : -14, up: y < 0.5 ? 14 : -14 };
  const shift = `translate(${x < 0.5 ? 0 : -100}%, ${y < 0.5 ? 0 : -100}%)`;
  return (
    <div
      className="curriculum-tip"
      aria-hidden="true"
      style={{
        left: `calc(${x * 100}% + ${side.left}px)`,
        top: `calc(${y * 100}% + ${side.up}px)`,
        transform: shift,
      }}
    >
      {children}
    </div>
  );
}
