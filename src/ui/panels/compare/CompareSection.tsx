import { createElement, use, useState } from 'react';
import type { ComponentType } from 'react';
import type { Comparison } from '../../../app/comparison.ts';
import { OpenComparison } from '../../../app/comparison-hooks.ts';
import './section.css';

interface Loaded {
  readonly comparison: Comparison;
  readonly Panel: ComponentType<{ readonly comparison: Comparison }>;
}

/** The panel is fetched when it is first opened; folded away, it costs nothing. */
export function CompareSection() {
  const openComparison = use(OpenComparison);
  const [open, setOpen] = useState(false);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  if (openComparison === null) return null;
  const load = async (): Promise<void> => {
    setFailure(null);
    try {
      const [panel, comparison] = await Promise.all([
        import('./ComparePanel.tsx'),
        openComparison(),
      ]);
      setLoaded({ comparison, Panel: panel.ComparePanel });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  const toggle = (isOpen: boolean): void => {
    setOpen(isOpen);
    if (isOpen && loaded === null) void load();
  };
  return (
    <section className="compare" id="compare" aria-labelledby="compare-title">
      <details onToggle={(event) => toggle(event.currentTarget.open)}>
        <summary>
          <h2 id="compare-title">Compare</h2>
          <span className="compare-about">
            Strategies side by side over several seeds, with intervals.
          </span>
        </summary>
        {open && failure !== null && (
          <p role="alert">The panel could not be fetched: {failure}. Close and open it again.</p>
        )}
        {open && failure === null && loaded === null && <p>Fetching the panel …</p>}
        {open && loaded && createElement(loaded.Panel, { comparison: loaded.comparison })}
      </details>
    </section>
  );
}
