import { describeRun } from '../../../app/baselines.ts';
import type { Baseline } from '../../../app/baselines.ts';
import { comparedRuns } from '../../../app/control.ts';
import { useLab } from '../../../app/hooks.ts';
import type { Lab } from '../../../app/lab.ts';
import type { RunState } from '../../../app/run.ts';
import type { ChartFile } from '../../charts/ChartMenu.tsx';

/** What a file of a chart is made of, as things stand when it is asked for. */
export interface FileSources {
  /** The run in words. */
  readonly label: string;
  readonly run: RunState;
  /** What it is compared with. */
  readonly compared: readonly Baseline[];
}

export function useFile(csv: (sources: FileSources) => string): ChartFile {
  const lab = useLab();
  return {
    describe: () => [
      labelOf(lab),
      `step ${lab.run.getState().latest?.step ?? lab.session.getState().step}`,
    ],
    csv: () => csv({ label: labelOf(lab), run: lab.run.getState(), compared: comparedRuns(lab) }),
  };
}

function labelOf({ config, recording }: Lab): string {
  const { applied, current } = config.getState();
  return describeRun(recording.config() ?? applied ?? current);
}
