/** Drives the contenders round by round: A B C A B C …, so that what disturbs the machine disturbs all. */
import { arithmeticOf } from './arithmetic.ts';
import { checkParity, PARITY_STEPS, shareOfEqual } from './parity.ts';
import { PHASES, type Phase, type Place, type Reply } from './protocol.ts';
import type { Absent, ExitSteps, Measured, Section, Where } from './results.ts';
import { createWorkload, type Size } from './workload.ts';

export interface Setting {
  readonly where: Where;
  readonly size: Size;
  readonly rounds: number;
  readonly open: (contender: string, size: Size) => Promise<Place>;
  readonly log: (line: string) => void;
}

/** A contender that stands ready, and what it has shown so far. */
interface Standing {
  readonly id: string;
  readonly place: Place;
  readonly label: string;
  readonly phases: readonly Phase[];
  readonly losses: number[];
  readonly tokens: readonly number[];
  readonly times: Partial<Record<Phase, number[]>>;
  readonly floors: Reply<'floor'>[];
}

/** @throws Error if the losses of two contenders differ. */
export async function measureSection(setting: Setting, ids: readonly string[]): Promise<Section> {
  const { where, size, log } = setting;
  const standing: Standing[] = [];
  const absent: Absent[] = [];
  try {
    for (const id of ids) {
      log(`${where} ${size} ${id}: first steps`);
      const outcome = await prepare(setting, id);
      if ('problem' in outcome) absent.push(outcome);
      else standing.push(outcome);
    }
    checkParity(standing);
    await runRounds(setting, standing);
    const arithmetic = arithmeticOf(createWorkload(size));
    return { where, size, arithmetic, measured: await conclude(standing), absent };
  } finally {
    await Promise.all(standing.map(({ place }) => place.close()));
  }
}

/** Builds the engine and runs each phase for the first time, unmeasured. */
async function prepare({ open, size }: Setting, id: string): Promise<Standing | Absent> {
  const place = await open(id, size);
  try {
    const { label, phases } = await place.ask('prepare');
    const losses: number[] = [];
    const tokens = phases.includes('sample') ? (await place.ask('sample')).tokens : [];
    if (phases.includes('train')) {
      for (let step = 0; step < PARITY_STEPS; step++) losses.push((await place.ask('train')).loss);
    }
    return { id, place, label, phases, losses, tokens, times: {}, floors: [] };
  } catch (error) {
    await place.close();
    return { id, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function runRounds({ rounds, log, where, size }: Setting, all: Standing[]): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    log(`${where} ${size}: round ${round} of ${rounds}`);
    for (const phase of PHASES) {
      for (const { place, phases, times } of all) {
        if (!phases.includes(phase)) continue;
        (times[phase] ??= []).push((await place.ask(phase)).ms);
      }
    }
    for (const { id, place, floors } of all) {
      if (id.startsWith('plain-')) floors.push(await place.ask('floor'));
    }
  }
}

/** Counts come last: the profiler must not disturb what is timed. */
async function conclude(all: readonly Standing[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { id, label, losses, tokens, times, floors, place, phases } of all) {
    const counts: Partial<Record<Phase, NonNullable<Reply<'count'>>>> = {};
    for (const phase of phases) {
      const count = await place.ask('count', phase);
      if (count) counts[phase] = count;
    }
    const agreement = phases.includes('sample') ? shareOfEqual(tokens, all[0]!.tokens) : null;
    const floor = floors.length > 0 && { floor: bestOf(floors) };
    measured.push({ id, label, losses, agreement, times, counts, ...floor });
  }
  return measured;
}

function bestOf(floors: readonly Reply<'floor'>[]): Reply<'floor'> {
  return {
    product: Math.max(...floors.map(({ product }) => product)),
    copy: Math.max(...floors.map(({ copy }) => copy)),
  };
}

/** Whole steps of a run at the default preset, after one to warm up. */
export async function measureExitSteps(setting: Setting): Promise<ExitSteps> {
  const { where, rounds, open, size, log } = setting;
  const place = await open('ours-wasm', size);
  try {
    await place.ask('exitStep');
    const steps: Reply<'exitStep'>[] = [];
    for (let round = 1; round <= rounds; round++) {
      log(`${where}: step ${round} of ${rounds} at the default preset`);
      steps.push(await place.ask('exitStep'));
    }
    return { where, steps };
  } finally {
    await place.close();
  }
}
