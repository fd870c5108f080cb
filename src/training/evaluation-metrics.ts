/** A held-out evaluation as the metrics of its training step. */
import type { Evaluation } from '../schema/records.ts';
import type { MetricRow } from '../schema/metrics.ts';

export function evaluationMetrics(evaluation: Evaluation): Omit<MetricRow, 'step'> {
  const { quality, solved, resampleQuality, netCorrections } = evaluation;
  const at = (k: number): number | undefined => quality[k]?.mean;
  return defined({
    'eval/quality_0': at(0),
    'eval/quality_1': at(1),
    'eval/quality_2': at(2),
    'eval/quality_4': at(4),
    'eval/quality_8': at(8),
    'eval/quality_16': at(16),
    'eval/solved_last': solved.at(-1)?.mean,
    'eval/net_corrections': netCorrections.mean,
    'eval/resample_best': resampleQuality.at(-1)?.mean,
  });
}

/** What a shallow evaluation did not reach is absent. */
function defined<T extends Record<string, number | undefined>>(
  values: T,
): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: number;
  };
}
