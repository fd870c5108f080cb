/** Drives the contenders round by round: A B C A B C …, so that what disturbs the machine disturbs all. */
import { arithmeticOf } from './arithmetic.ts';
import { PHASES, type Phase } from './engine.ts';
import { checkParity, shareOfEqual } from './parity.ts';
import type { Place, Reply } from './protocol.ts';
import { bestFloor, type Absent, type Measured, type Section, type Where } from './results.ts';
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
  /** Whether its kernels can be run alone. */
  readonly floor: boolean;
  readonly losses: number[];
  readonly tokens: readonly number[];
  readonly times: Partial<Record<Phase, number[]>>;
  readonly floors: Reply<'floor'>[];
}

/**
 * Contenders that cannot run are added to `absent`.
 * @throws Error if the losses of two contenders differ.
 */
export async function measureSection(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
): Promise<Section> {
  const { where, size, rounds, log } = setting;
  const standing: Standing[] = [];
  try {
    for (const id of ids) {
      log(`${where} ${size} ${id}: first steps`);
      const outcome = await prepare(setting, id);
      if ('problem' in outcome) absent.push(outcome);
      else standing.push(outcome);
    }
    // What is wrong from the first step on need not be waited for.
    checkParity(standing);
    await runRounds(setting, standing);
    checkParity(standing);
    const arithmetic = arithmeticOf(createWorkload(size));
    return { where, size, rounds, arithmetic, measured: await conclude(standing) };
  } finally {
    await Promise.all(standing.map(({ place }) => place.close()));
  }
}

/** Builds the engine and runs each phase for the first time, unmeasured. */
async function prepare({ where, open, size }: Setting, id: string): Promise<Standing | Absent> {
  const place = await open(id, size);
  try {
    const { label, phases, floor } = await place.ask('prepare');
    const tokens = phases.includes('sample') ? (await place.ask('sample')).tokens : [];
    const losses = phases.includes('train') ? [(await place.ask('train')).loss] : [];
    return { id, place, label, phases, floor, losses, tokens, times: {}, floors: [] };
  } catch (error) {
    await place.close();
    return { where, id, problem: messageOf(error) };
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function runRounds({ rounds, log, where, size }: Setting, all: Standing[]): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    log(`${where} ${size}: round ${round} of ${rounds}`);
    for (const phase of PHASES) {
      for (const { place, phases, times, losses } of all) {
        if (!phases.includes(phase)) continue;
        const reply = await place.ask(phase);
        (times[phase] ??= []).push(reply.ms);
        if ('loss' in reply) losses.push(reply.loss);
      }
    }
    for (const { place, floor, floors } of all) {
      if (floor) floors.push(await place.ask('floor'));
    }
  }
}

/** Counts come last: counting must not disturb what is timed. */
async function conclude(all: readonly Standing[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { id, label, losses, tokens, times, floors, place, phases } of all) {
    const counts: Partial<Record<Phase, NonNullable<Reply<'count'>>>> = {};
    for (const phase of phases) {
      const count = await place.ask('count', { phase });
      if (count) counts[phase] = count;
    }
    const agreement = phases.includes('sample') ? shareOfEqual(tokens, all[0]!.tokens) : null;
    const floor = bestFloor(floors);
    measured.push({ id, label, losses, agreement, times, counts, ...(floor && { floor }) });
  }
  return measured;
}
