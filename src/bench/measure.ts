/** Drives the engines round by round: A B C A B C …, so that what disturbs the machine disturbs all. */
import { arithmeticOf } from './arithmetic.ts';
import { PHASES, type Phase } from './engine.ts';
import { checkParity, shareOfEqual } from './parity.ts';
import type { EngineClient, Reply } from './protocol.ts';
import { bestRoofline, type Absent, type Measured, type Section, type Where } from './results.ts';
import { createWorkload, type Size } from './workload.ts';

export interface Setting {
  readonly where: Where;
  readonly size: Size;
  readonly rounds: number;
  readonly open: (engine: string, size: Size) => Promise<EngineClient>;
  readonly log: (line: string) => void;
}

/** An engine that stands ready, and what it has shown so far. */
interface OpenEngine {
  readonly id: string;
  readonly client: EngineClient;
  readonly label: string;
  readonly phases: readonly Phase[];
  /** Whether its kernels can be run alone. */
  readonly hasRoofline: boolean;
  readonly losses: number[];
  readonly tokens: readonly number[];
  readonly times: Partial<Record<Phase, number[]>>;
  readonly rooflines: Reply<'roofline'>[];
}

/**
 * Engines that cannot run are added to `absent`.
 * @throws Error if the losses of two engines differ.
 */
export async function measureSection(
  setting: Setting,
  ids: readonly string[],
  absent: Absent[],
): Promise<Section> {
  const { where, size, rounds, log } = setting;
  const engines: OpenEngine[] = [];
  try {
    for (const id of ids) {
      log(`${where} ${size} ${id}: first steps`);
      const outcome = await prepare(setting, id);
      if ('problem' in outcome) absent.push(outcome);
      else engines.push(outcome);
    }
    // What is wrong from the first step on need not be waited for.
    checkParity(engines);
    await runRounds(setting, engines);
    checkParity(engines);
    const arithmetic = arithmeticOf(createWorkload(size));
    return { where, size, rounds, arithmetic, measured: await conclude(engines) };
  } finally {
    await Promise.all(engines.map(({ client }) => client.close()));
  }
}

/** Builds the engine and runs each phase for the first time, unmeasured. */
async function prepare({ where, open, size }: Setting, id: string): Promise<OpenEngine | Absent> {
  const client = await open(id, size);
  try {
    const { label, phases, roofline } = await client.ask('prepare');
    const tokens = phases.includes('sample') ? (await client.ask('sample')).tokens : [];
    const losses = phases.includes('train') ? [(await client.ask('train')).loss] : [];
    return {
      id,
      client,
      label,
      phases,
      hasRoofline: roofline,
      losses,
      tokens,
      times: {},
      rooflines: [],
    };
  } catch (error) {
    await client.close();
    return { where, id, problem: messageOf(error) };
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function runRounds({ rounds, log, where, size }: Setting, all: OpenEngine[]): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    log(`${where} ${size}: round ${round} of ${rounds}`);
    for (const phase of PHASES) {
      for (const { client, phases, times, losses } of all) {
        if (!phases.includes(phase)) continue;
        const reply = await client.ask(phase);
        (times[phase] ??= []).push(reply.ms);
        if ('loss' in reply) losses.push(reply.loss);
      }
    }
    for (const { client, hasRoofline, rooflines } of all) {
      if (hasRoofline) rooflines.push(await client.ask('roofline'));
    }
  }
}

/** Counts come last: counting must not disturb what is timed. */
async function conclude(all: readonly OpenEngine[]): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const { id, label, losses, tokens, times, rooflines, client, phases } of all) {
    const counts: Partial<Record<Phase, NonNullable<Reply<'count'>>>> = {};
    for (const phase of phases) {
      const count = await client.ask('count', { phase });
      if (count) counts[phase] = count;
    }
    const agreement = phases.includes('sample') ? shareOfEqual(tokens, all[0]!.tokens) : null;
    const floor = bestRoofline(rooflines);
    measured.push({ id, label, losses, agreement, times, counts, ...(floor && { floor }) });
  }
  return measured;
}
