import { Fragment, useEffect, useRef } from 'react';
import { useGuide, useGuideActions } from '../../app/hooks.ts';
import { Icon } from '../controls/Icon.tsx';
import { SHORTCUTS } from './table.ts';
import type { Combo, Shortcut } from './table.ts';
import './shortcuts.css';

/**
 * The list of all keys, over the page until it is closed. Not modal: to make the page behind it inert, the
 * browser would style every element of it anew, which takes longer than all the rest.
 */
export function ShortcutSheet() {
  const open = useGuide(({ sheet }) => sheet);
  const { setSheet } = useGuideActions();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.togglePopover(open);
  }, [open]);
  return (
    <dialog
      ref={ref}
      popover="auto"
      className="sheet"
      aria-labelledby="sheet-title"
      onToggle={({ newState }) => setSheet(newState === 'open')}
    >
      <div className="sheet-head">
        <h2 id="sheet-title">Keyboard</h2>
        <button
          type="button"
          className="quiet icon-only"
          aria-label="Close the list of keys"
          onClick={() => setSheet(false)}
        >
          <Icon name="close" />
        </button>
      </div>
      <KeysSwitch />
      <div className="sheet-groups">
        {Object.entries(SHORTCUTS).map(([group, shortcuts]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts.map((shortcut: Shortcut) => (
                <div key={shortcut.words}>
                  <dt>
                    {shortcut.combos.map((combo, i) => (
                      <Fragment key={combo.key}>
                        {i > 0 && <span className="sheet-or">or</span>}
                        <Keys combo={combo} />
                      </Fragment>
                    ))}
                  </dt>
                  <dd>{shortcut.words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

/** Single keys can be in the way of speech input and of screen readers (WCAG 2.1.4). */
export function KeysSwitch() {
  const keys = useGuide((state) => state.keys);
  const { setKeys } = useGuideActions();
  return (
    <label className="keys-switch">
      <input
        type="checkbox"
        role="switch"
        className="switch"
        checked={keys}
        onChange={(event) => setKeys(event.currentTarget.checked)}
      />
      Single keys act
    </label>
  );
}

function Keys({ combo: { key, shift, ctrl, shown } }: { readonly combo: Combo }) {
  return (
    <span className="sheet-keys">
      {ctrl && <kbd>{onApple() ? '⌘' : 'Ctrl'}</kbd>}
      {shift && <kbd>Shift</kbd>}
      <kbd>{shown ?? (ctrl ? key.toUpperCase() : key)}</kbd>
    </span>
  );
}

function onApple(): boolean {
  return typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);
}
