import { useEffect, useId, useRef } from 'react';
import type { ReactNode, ToggleEvent } from 'react';
import './floating.css';

export interface FloatingProps {
  /** What the button shows. */
  readonly face: ReactNode;
  readonly label: string;
  readonly className: string;
  /** Whether the button is described by what it opens: for a sentence or two, never for controls. */
  readonly describes?: boolean;
  readonly children: ReactNode;
}

/** A button and what it opens, over everything else; Escape, a press elsewhere or scrolling closes it. */
export function Floating({ face, label, className, describes = false, children }: FloatingProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // It stays where it was put: once its button has moved, it belongs nowhere.
    const close = ({ target }: Event): void => {
      const moved = target instanceof Node && target.contains(button.current);
      if (moved && panel.current?.matches(':popover-open')) panel.current.hidePopover();
    };
    document.addEventListener('scroll', close, { capture: true, passive: true });
    return () => document.removeEventListener('scroll', close, { capture: true });
  }, []);
  const place = ({ newState }: ToggleEvent): void => {
    if (newState === 'open' && button.current && panel.current)
      placeBeside(button.current, panel.current);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        popoverTarget={id}
        aria-describedby={describes ? id : undefined}
      >
        {face}
      </button>
      <span ref={panel} id={id} popover="auto" className="floating" onBeforeToggle={place}>
        {children}
      </span>
    </>
  );
}

const EDGE = 8;
const GAP = 6;

/** Below the button, or above it in the lower half of the window; always within its width. */
function placeBeside(button: Element, panel: HTMLElement): void {
  const { left, top, bottom } = button.getBoundingClientRect();
  const width = parseFloat(getComputedStyle(panel).width) || 320;
  const available = document.documentElement.clientWidth - EDGE;
  const below = bottom < window.innerHeight * 0.6;
  panel.style.left = `${Math.max(EDGE, Math.min(left - EDGE, available - width))}px`;
  panel.style.top = below ? `${bottom + GAP}px` : 'auto';
  panel.style.bottom = below ? 'auto' : `${window.innerHeight - top + GAP}px`;
}
