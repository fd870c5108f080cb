import { useId, useState } from 'react';
import type { ShownExperiment } from '../../../app/comparison.ts';
import { useComparison } from '../../../app/comparison-hooks.ts';
import { download } from '../../download.ts';

const COMMAND = 'npx exit-lab experiment --file experiment.json --out results';

/** The experiment and what came of it, to be taken elsewhere. */
export function CompareFiles({ shown }: { readonly shown: ShownExperiment }) {
  const { results } = useComparison();
  const { text, report } = shown;
  const saveJson = (): void => {
    if (report) save('exit-lab-comparison.json', jsonOf(text, report.analysis, results()));
  };
  return (
    <div className="compare-files">
      <Copy name="experiment as JSON" text={text} />
      <Copy name="command that runs it" text={COMMAND} />
      <button type="button" disabled={report === null} onClick={saveJson}>
        Download results as JSON
      </button>
      <button
        type="button"
        disabled={report === null}
        onClick={() => report && save('exit-lab-comparison.csv', report.runsCsv)}
      >
        Download results as CSV
      </button>
    </div>
  );
}

/** Files of jobs are JSON already. */
function jsonOf(experiment: string, analysis: object, results: readonly string[]): string {
  const jobs = results.map((text) => text.trim()).join(',\n');
  return `{"experiment":${experiment.trim()},\n"analysis":${JSON.stringify(analysis)},\n"results":[\n${jobs}\n]}\n`;
}

function save(name: string, text: string): void {
  const type = name.endsWith('.csv') ? 'text/csv' : 'application/json';
  download(name, new Blob([text], { type }));
}

/** Where the browser refuses to copy, the text stands there to be copied by hand. */
function Copy({ name, text }: { readonly name: string; readonly text: string }) {
  const id = useId();
  const [outcome, setOutcome] = useState<{ of: string; copied: boolean } | null>(null);
  const last = outcome?.of === text ? outcome : null;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome({ of: text, copied: true });
    } catch {
      setOutcome({ of: text, copied: false });
    }
  };
  return (
    <span className="compare-copy">
      <button type="button" onClick={() => void copy()}>
        Copy the {name}
      </button>
      <span role="status">{last?.copied && 'Copied.'}</span>
      {last?.copied === false && (
        <>
          <label htmlFor={id}>This browser does not let the page copy. Copy it by hand:</label>
          <textarea id={id} readOnly rows={4} value={text} />
        </>
      )}
    </span>
  );
}
