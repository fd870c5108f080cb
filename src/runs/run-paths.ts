/** How the files of a run are named, those that hold a stretch of its steps too. */
import { RunFormatError } from './checks.ts';

export const RUN = 'run.json';
export const METRICS = 'metrics.jsonl';
/** The model card, which people may edit. */
export const CARD = 'README.md';
/** What a store says of a run beside what makes it: its name, note and origin. */
export const ABOUT = 'about.json';
/** The list of a folder's files with their hashes. */
export const MANIFEST = 'manifest.json';

/** Records of every step; rows of metrics that came after those of `metrics.jsonl`. */
const FOLDERS = { steps: 'bin', metrics: 'jsonl' } as const;
export type SegmentKind = keyof typeof FOLDERS;

export interface Segment {
  readonly path: string;
  /** The first and the last step in it. */
  readonly from: number;
  readonly to: number;
}

const DIGITS = 6;
const padded = (step: number): string => String(step).padStart(DIGITS, '0');

/** `steps/000001-000020.bin`. */
export function segmentPath(kind: SegmentKind, from: number, to: number): string {
  return `${kind}/${padded(from)}-${padded(to)}.${FOLDERS[kind]}`;
}

/**
 * The segments among the paths, in the order of their steps.
 * @throws RunFormatError naming a segment that overlaps the one before it, or that leaves a gap.
 */
export function segmentsIn(kind: SegmentKind, paths: Iterable<string>): Segment[] {
  const segments = [...paths].flatMap((path) => segmentOf(kind, path) ?? []);
  segments.sort((a, b) => a.from - b.from);
  segments.forEach(({ path, from, to }, i) => {
    const before = segments[i - 1];
    if (from > to)
      throw new RunFormatError(path, `got steps ${from} to ${to}, expected none before the first`);
    if (before && from !== before.to + 1) {
      throw new RunFormatError(
        path,
        `begins at step ${from}, expected ${before.to + 1}, which follows ${before.path}`,
      );
    }
  });
  return segments;
}

function segmentOf(kind: SegmentKind, path: string): Segment | undefined {
  const match = SEGMENTS[kind].exec(path);
  return match ? { path, from: Number(match[1]), to: Number(match[2]) } : undefined;
}

const SEGMENTS: Readonly<Record<SegmentKind, RegExp>> = {
  steps: /^steps\/(\d{6,12})-(\d{6,12})\.bin$/,
  metrics: /^metrics\/(\d{6,12})-(\d{6,12})\.jsonl$/,
};

export function isSegment(path: string): boolean {
  return Object.values(SEGMENTS).some((pattern) => pattern.test(path));
}

/** `checkpoints/120.zip`: an earlier state of the run. */
export function checkpointPath(step: number): string {
  return `checkpoints/${step}.zip`;
}

const CHECKPOINT = /^checkpoints\/(\d{1,12})\.zip$/;

/** Of the checkpoints among the paths, rising. */
export function checkpointSteps(paths: Iterable<string>): number[] {
  const steps = [...paths].flatMap((path) => {
    const match = CHECKPOINT.exec(path);
    return match ? [Number(match[1])] : [];
  });
  return steps.sort((a, b) => a - b);
}

/** What belongs to the folder that a run is kept in rather than to the run as it stands. */
export function isOfFolder(path: string): boolean {
  return path === ABOUT || path === MANIFEST || CHECKPOINT.test(path);
}
