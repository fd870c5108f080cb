import { useState } from 'react';
import { Icon } from './controls/Icon.tsx';
import { useMediaQuery } from './useMediaQuery.ts';

type Theme = 'light' | 'dark';

const KEY = 'exit-lab-theme';

/** Applies the theme chosen on an earlier visit; without one the system decides. */
export function restoreTheme(): void {
  const stored = readStored();
  if (stored) document.documentElement.dataset.theme = stored;
}

export function ThemeToggle() {
  const systemDark = useMediaQuery('(prefers-color-scheme: dark)');
  const [chosen, setChosen] = useState<Theme | null>(readStored);
  const dark = chosen === null ? systemDark : chosen === 'dark';
  const toggle = (): void => {
    const next = dark ? 'light' : 'dark';
    document.documentElement.dataset.theme = next;
    store(next);
    setChosen(next);
  };
  return (
    <button
      type="button"
      className="quiet"
      aria-pressed={dark}
      title={dark ? 'Switch to the light theme' : 'Switch to the dark theme'}
      onClick={toggle}
    >
      <Icon name="theme" />
      <span className="button-text">Dark theme</span>
    </button>
  );
}

/** Storage can be refused by the browser; the theme then lasts as long as the page. */
function readStored(): Theme | null {
  try {
    const stored = localStorage.getItem(KEY);
    return stored === 'light' || stored === 'dark' ? stored : null;
  } catch {
    return null;
  }
}

function store(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    return;
  }
}
