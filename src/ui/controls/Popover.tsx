import { useId, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { Icon } from './Icon.tsx';
import type { IconName } from './Icon.tsx';
import './popover.css';

export interface PopoverProps {
  /** Of the button that opens it. */
  readonly label: string;
  readonly icon: IconName;
  /** Built only while it is open. A button in it closes it. */
  readonly children: ReactNode;
}

/** A button with a small panel under it, which goes when the focus leaves or Escape or a button is pressed. */
export function Popover({ label, icon, children }: PopoverProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    close();
  };
  const onPress = ({ target }: MouseEvent): void => {
    if (target instanceof Element && target.closest('button')) close();
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent): void => {
    if (!currentTarget.contains(relatedTarget)) setOpen(false);
  };
  return (
    // Keys and focus of the button and of what it opens, together.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="popover-anchor" onKeyDown={onKeyDown} onBlur={onBlur}>
      <button
        ref={button}
        type="button"
        className="quiet icon-only small"
        aria-label={label}
        aria-expanded={open}
        aria-controls={id}
        title={label}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
      </button>
      {/* Focusable, so that a click on its text does not take the focus out of it; what is pressed in it
          are buttons, by pointer or key. */}
      {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div id={id} className="popover-panel" tabIndex={-1} hidden={!open} onClick={onPress}>
        {open && children}
      </div>
    </div>
  );
}
