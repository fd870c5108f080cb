/** The colours of the page as a canvas needs them: resolved. */
export interface ThemeColors {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly faint: string;
  readonly control: string;
  readonly accent: string;
  readonly fill: string;
  readonly good: string;
  readonly onGood: string;
  readonly diverge: string;
  readonly family: string;
}

/** @param element where the colours hold: a theme may be set on any ancestor. */
export function readThemeColors(element: HTMLElement): ThemeColors {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.append(probe);
  const color = (name: string): string => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const colors: ThemeColors = {
    ground: color('surface'),
    text: color('text'),
    muted: color('muted'),
    faint: color('hairline'),
    control: color('control'),
    accent: color('accent'),
    fill: color('lineage-fill'),
    good: color('good'),
    onGood: color('on-accent'),
    diverge: color('series-2'),
    family: getComputedStyle(element).fontFamily,
  };
  probe.remove();
  return colors;
}

/** Calls back when the theme may have changed. Returns the way to stop. */
export function watchTheme(changed: () => void): () => void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', changed);
  };
}
