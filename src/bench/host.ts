/** The inside of a contender's own process or worker: builds its engine once and does as it is asked. */
import type { Platform } from '../worker/create-session.ts';
import type { Contender, Engine } from './contender.ts';
import { createExitStepper, type ExitStepper } from './exit-step.ts';
import { gpuErrors } from './hardware.ts';
import { countPhase, measureFloor } from './probes.ts';
import {
  parseRequest,
  PHASES,
  type Answer,
  type Phase,
  type Reply,
  type Request,
} from './protocol.ts';
import { createWorkload } from './workload.ts';

export interface HostOptions {
  /** By id; loaded when asked for, so that each has its process or worker to itself. */
  readonly contenders: Readonly<Record<string, () => Promise<Contender>>>;
  readonly platform: Platform;
}

/** Never rejects: what goes wrong is part of the answer. */
export type Host = (request: unknown) => Promise<Answer>;

export function createHost(options: HostOptions): Host {
  const inside = new Inside(options);
  return async (request) => {
    try {
      const reply = await inside.answer(parseRequest(request));
      const problem = gpuErrors()[0];
      return problem === undefined ? { reply } : { problem: `WebGPU: ${problem}` };
    } catch (error) {
      return { problem: error instanceof Error ? error.message : String(error) };
    }
  };
}

class Inside {
  private engine: Engine | undefined;
  private stepper: ExitStepper | undefined;

  constructor(private readonly options: HostOptions) {}

  async answer(request: Request): Promise<unknown> {
    switch (request.question) {
      case 'prepare':
        return this.prepare(request);
      case 'train':
        return this.train();
      case 'sample':
        return this.sample();
      case 'count':
        return this.count(request);
      case 'floor':
        return measureFloor();
      case 'exitStep':
        this.stepper ??= await createExitStepper(this.options.platform);
        return this.stepper();
      default:
        return request.question satisfies never;
    }
  }

  private async prepare({ contender: id, size }: Request): Promise<Reply<'prepare'>> {
    const load = this.options.contenders[id];
    if (!load) throw new Error(`there is no contender "${id}" here`);
    const contender = await load();
    const engine = await contender.prepare(createWorkload(size));
    this.engine = engine;
    return { label: contender.label, phases: PHASES.filter((phase) => engine[phase]) };
  }

  private async train(): Promise<Reply<'train'>> {
    const train = this.phase('train');
    const began = performance.now();
    const loss = await train();
    return { ms: performance.now() - began, loss };
  }

  private async sample(): Promise<Reply<'sample'>> {
    const sample = this.phase('sample');
    const began = performance.now();
    const tokens = await sample();
    return { ms: performance.now() - began, tokens: [...tokens] };
  }

  private async count({ contender, phase }: Request): Promise<Reply<'count'>> {
    const countable = /^(ours|plain)-/.test(contender) && phase !== undefined;
    return countable ? countPhase(this.phase(phase)) : null;
  }

  private phase<P extends Phase>(name: P): NonNullable<Engine[P]> {
    const phase = this.engine?.[name];
    if (!phase) throw new Error(`there is no engine that can ${name}`);
    return phase;
  }
}
