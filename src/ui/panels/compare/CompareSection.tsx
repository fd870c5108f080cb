import { createElement, use, useEffect, useState } from 'react';
import type { ComponentType } from 'react';
import type { Comparison } from '../../../app/comparison.ts';
import { OpenComparison } from '../../../app/comparison-hooks.ts';
import './section.css';

interface Loaded {
  readonly comparison: Comparison;
  readonly Panel: ComponentType<{ readonly comparison: Comparison }>;
}

/** The panel and what it runs on are fetched when its place is opened. */
export function CompareSection() {
  const openComparison = use(OpenComparison);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    if (openComparison === null) return;
    let isLeft = false;
    void Promise.all([import('./ComparePanel.tsx'), openComparison()]).then(
      ([panel, comparison]) => {
        if (!isLeft) setLoaded({ comparison, Panel: panel.ComparePanel });
      },
      (error: unknown) => {
        if (!isLeft) setFailure(error instanceof Error ? error.message : String(error));
      },
    );
    return () => {
      isLeft = true;
    };
  }, [openComparison]);
  if (openComparison === null) return <p>There is nothing here to run a comparison on.</p>;
  return (
    <section className="compare" aria-labelledby="compare-title">
      <h2 id="compare-title">Compare</h2>
      <p className="compare-about">Strategies side by side over several seeds, with intervals.</p>
      {failure !== null && (
        <p role="alert">The panel could not be fetched: {failure}. Open its place again.</p>
      )}
      {failure === null && loaded === null && <p>Fetching the panel …</p>}
      {loaded && createElement(loaded.Panel, { comparison: loaded.comparison })}
    </section>
  );
}
