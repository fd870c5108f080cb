/** Parts of the page beside the times: counts, growth, memory, dispatches. */
import type { LargeBufferSteps } from './large-buffer.ts';
import { WHERE_LABELS } from './labels.ts';
import { markdownTable } from './markdown.ts';
import { spreadOf } from './ratios.ts';
import {
  rooflineOf,
  type Dispatches,
  type Growth,
  type Measured,
  type Section,
  type Soak,
} from './results.ts';
import { fitText, megabytes, number, rangeText, shareText } from './table.ts';
import { NEW_TOKENS } from './workload.ts';

export function countParts(section: Section): string[] {
  const rows = section.measured.flatMap((measured) => countRow(section, measured));
  const head = ['', 'kernels per step', 'kernels per token', 'MB moved per step', 'time of a copy'];
  const more = ['MB moved per token', 'peak MB', 'arrays left'];
  return rows.length > 0 ? [markdownTable([...head, ...more], rows)] : [];
}

function countRow(section: Section, { id, label, counts, times }: Measured): string[][] {
  const { train, sample } = counts;
  if (!train || !sample) return [];
  const copy = rooflineOf(section, id)?.copy;
  const ms = copy && train.bytesMoved / 1e6 / copy;
  return [
    [
      label,
      number(train.kernels),
      number(sample.kernels / NEW_TOKENS),
      number(train.bytesMoved / 1e6),
      shareText(ms && ms / spreadOf(times.train ?? [NaN]).median),
      number(sample.bytesMoved / 1e6 / NEW_TOKENS),
      number(train.peakBytes / 1e6),
      number(train.arraysLeft),
    ],
  ];
}

export function growthParts(growths: readonly Growth[]): string[] {
  return growths.flatMap((growth) => [
    `${WHERE_LABELS[growth.where]}, ${growth.size}, ${growth.label}: ${fitText(growth)}, by least squares through the medians.`,
    markdownTable(
      ['tokens in a batch', 'median ms', 'min–max', 'ms per 1,000 tokens'],
      growth.points.map(({ tokens, ms }) => {
        const spread = spreadOf(ms);
        const each = number((1000 * spread.median) / tokens);
        return [number(tokens), number(spread.median), rangeText(spread), each];
      }),
    ),
  ]);
}

export function largeBufferParts(crowds: readonly LargeBufferSteps[]): string[] {
  if (crowds.length === 0) return [];
  const rows = crowds.map(({ histories, steps }) => {
    const [whole, curriculum] = [spreadOf(steps.map(({ ms }) => ms)), curriculumOf(steps)];
    return [
      ...[number(histories), number(whole.median), rangeText(whole)],
      ...[number(curriculum.median), shareText(curriculum.median / whole.median)],
    ];
  });
  return [
    'Whole steps of the default preset in Node, on one thread, with a buffer that holds this many histories; of them the time that choosing starts and storing what came of them took.',
    markdownTable(['histories', 'median ms', 'min–max', 'curriculum', 'share'], rows),
  ];
}

function curriculumOf(steps: LargeBufferSteps['steps']): ReturnType<typeof spreadOf> {
  return spreadOf(steps.map(({ curriculum }) => curriculum));
}

export function soakParts(soaks: readonly Soak[]): string[] {
  if (soaks.length === 0) return [];
  const rows = soaks.flatMap(({ where, label, readings }) =>
    readings.map(({ steps, blocks, bytes, resident }) => [
      `${WHERE_LABELS[where]}, ${label}`,
      number(steps),
      number(blocks),
      megabytes(bytes),
      megabytes(resident),
    ]),
  );
  return [
    'Small steps of a run (a sampling, an update in two minibatches, a step of the reference), all of the same shapes. The run fails if what the engine holds grows by one array or one byte.',
    markdownTable(['', 'steps', 'arrays', 'MB of the engine', 'MB of the process'], rows),
  ];
}

export function dispatchParts(all: readonly Dispatches[]): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ label, phases: { train, sample } }) => [
    label,
    number(train.dispatches),
    number(sample.dispatches / NEW_TOKENS),
    number(sample.submits / NEW_TOKENS),
    `${number(train.readbacks)} (${number(train.bytesRead)} B)`,
    `${number(sample.readbacks)} (${number(sample.bytesRead)} B)`,
  ]);
  const head = ['', 'per step', 'per token', 'submits per token', 'readbacks per step'];
  return [
    `Counted at the door of the device, at ${all[0]!.size} with ${all[0]!.batch} sequences; the adapter may be a software one, since counts do not depend on it.`,
    markdownTable([...head, 'readbacks per sampling'], rows),
  ];
}
