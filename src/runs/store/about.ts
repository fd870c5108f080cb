/** about.json: what a list of runs says of each, so that none has to be opened for it. */
import * as v from 'valibot';
import type { MetricRow } from '../../schema/metrics.ts';
import type { Config } from '../../schema/params.ts';
import { matchPreset, STRATEGIES } from '../../schema/presets.ts';
import { checkObject, decodeText, encodeText, parseJson, real, toJson, whole } from '../checks.ts';
import type { RunContent } from '../run-file.ts';
import { ABOUT } from '../run-paths.ts';
import type { Bytes } from './files.ts';

/** What a person says of a run. */
export interface Labels {
  readonly name: string;
  readonly note: string;
}

/** Times are milliseconds since 1970. */
export interface RunAbout extends Labels {
  readonly created: number;
  readonly saved: number;
  /** The run and step that it was forked from. */
  readonly parent: { readonly id: string; readonly step: number } | null;
  /** Id of the domain. */
  readonly task: string;
  /** Id of a strategy's preset, or `custom`. */
  readonly strategy: string;
  readonly seed: number;
  /** Steps done. */
  readonly step: number;
  /** Of the latest held-out evaluation: mean quality of the last attempt, half its 95% interval, its step. */
  readonly quality: { readonly mean: number; readonly ci95: number; readonly step: number } | null;
  /** Completion tokens sampled; null where the run was kept before this was. */
  readonly tokens: number | null;
  /** Of its training steps; null where the run was kept before this was. */
  readonly seconds: number | null;
  readonly backend: string;
}

const FORMAT = 'exit-lab-about';
const VERSION = 1;

const text = v.string('a text');

export const ABOUT_ENTRIES = {
  name: text,
  note: text,
  created: real(),
  saved: real(),
  parent: v.nullable(v.object({ id: text, step: whole(0) }, 'a run and a step')),
  task: text,
  strategy: text,
  seed: real(),
  step: whole(0),
  quality: v.nullable(
    v.object({ mean: real(), ci95: real(), step: whole(0) }, 'a mean, its interval and its step'),
  ),
  tokens: v.optional(v.nullable(real()), null),
  seconds: v.optional(v.nullable(real()), null),
  backend: text,
};

const Schema = v.looseObject({
  format: v.literal(FORMAT, `"${FORMAT}"`),
  version: v.literal(VERSION, `${VERSION}, the version that this program reads`),
  ...ABOUT_ENTRIES,
});

/** What the run says of itself; the rest is its keeper's to say. */
export function aboutOf(
  { config, step, evaluations, backend }: RunContent,
  rows: readonly MetricRow[],
  kept: Pick<RunAbout, 'name' | 'note' | 'created' | 'saved' | 'parent'>,
): RunAbout {
  const latest = evaluations.at(-1);
  const last = latest?.quality.at(-1);
  return {
    ...kept,
    task: config.task,
    strategy: matchPreset(STRATEGIES, config) ?? 'custom',
    seed: config.seed,
    step,
    quality: latest && last ? { mean: last.mean, ci95: last.ci95, step: latest.step } : null,
    tokens: rows.at(-1)?.num_tokens_sampled ?? null,
    seconds: rows.reduce((sum, { step_time: ms = 0 }) => sum + ms, 0) / 1000,
    backend,
  };
}

/** `ExIt, locks, seed 1`. */
export function defaultName(config: Config): string {
  const strategy = matchPreset(STRATEGIES, config);
  const label = strategy === undefined ? 'Custom strategy' : STRATEGIES[strategy].label;
  return `${label}, ${config.task}, seed ${config.seed}`;
}

export function writeAbout(about: RunAbout): Bytes {
  return encodeText(toJson(ABOUT, { format: FORMAT, version: VERSION, ...about }, 1) + '\n');
}

/** @throws RunFormatError naming field, value and what was expected. */
export function readAbout(bytes: Uint8Array): RunAbout {
  const {
    format: _f,
    version: _v,
    ...about
  } = checkObject(ABOUT, Schema, parseJson(ABOUT, decodeText(ABOUT, bytes)));
  return about;
}
