/** Writes what the finished jobs say into the folder of the experiment, at any time. */
import { join } from 'node:path';
import { analyse } from '../analysis.ts';
import type { Plan } from '../plan.ts';
import { plots } from '../plots.ts';
import type { JobResult } from '../result.ts';
import { markdown, metricsCsv, runsCsv, timingCsv } from '../tables.ts';
import { writeAtomically } from './atomic-file.ts';

/** The same results give the same bytes, but for `timing.csv`. @returns the report, in Markdown. */
export async function writeReport(
  path: string,
  plan: Plan,
  results: readonly JobResult[],
): Promise<string> {
  const analysis = analyse(plan, results);
  const report = markdown(plan, analysis);
  const files: [string, string][] = [
    ['report.md', report],
    ['report.json', `${JSON.stringify(analysis, null, 1)}\n`],
    ['runs.csv', runsCsv(plan, results)],
    ['metrics.csv', metricsCsv(plan, results)],
    ['timing.csv', timingCsv(plan, results)],
    ...plots(plan, results).map(({ name, content }): [string, string] => [
      join('plots', name),
      content,
    ]),
  ];
  for (const [name, content] of files) await writeAtomically(join(path, name), content);
  return report;
}
