/** The inside of a contender's own process or worker: builds its engine once and does as it is asked. */
import type { Platform } from '../training/create-session.ts';
import { PHASES, type Contender, type Engine, type Phase } from './engine.ts';
import type { ExitStepper } from './exit-step.ts';
import { gpuClasses, watchGpu, type GpuCounts } from './gpu-watch.ts';
import { gpuErrors } from './hardware.ts';
import { parseRequest, type Answer, type Reply, type Request } from './protocol.ts';
import { createWorkload } from './workload.ts';

export interface HostOptions {
  /** By id; loaded when asked for, so that each has its process or worker to itself. */
  readonly contenders: Readonly<Record<string, () => Promise<Contender>>>;
  readonly platform: Platform;
  /** Bytes of the whole process after a collection of garbage; absent where none can be asked for. */
  readonly residentBytes?: () => number;
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
  private gpuCounts: (() => GpuCounts) | undefined;

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
        return (await this.part('count')?.(phaseOf(request))) ?? null;
      case 'dispatches':
        return this.dispatches(phaseOf(request));
      case 'floor':
        return this.part('floor')?.();
      case 'exitStep':
        return this.exitStep(request);
      case 'soak':
        return this.soak(request);
      default:
        return request.question satisfies never;
    }
  }

  private async prepare({ contender: id, size, batch }: Request): Promise<Reply<'prepare'>> {
    const load = this.options.contenders[id];
    if (!load) throw new Error(`there is no contender "${id}" here`);
    this.engine?.dispose();
    const contender = await load();
    const engine = await contender.prepare(createWorkload(size, batch));
    this.engine = engine;
    const phases = PHASES.filter((phase) => engine[phase]);
    return { label: contender.label, phases, floor: engine.floor !== undefined };
  }

  private async train(): Promise<Reply<'train'>> {
    const train = this.need('train');
    const began = performance.now();
    const loss = await train();
    return { ms: performance.now() - began, loss };
  }

  private async sample(): Promise<Reply<'sample'>> {
    const sample = this.need('sample');
    const began = performance.now();
    const tokens = await sample();
    return { ms: performance.now() - began, tokens: [...tokens] };
  }

  private async dispatches(phase: Phase): Promise<GpuCounts> {
    this.gpuCounts ??= watchGpu(gpuClasses());
    const before = this.gpuCounts();
    await this.need(phase)();
    const after = this.gpuCounts();
    const since = (name: keyof GpuCounts): number => after[name] - before[name];
    return {
      dispatches: since('dispatches'),
      submits: since('submits'),
      readbacks: since('readbacks'),
      bytesRead: since('bytesRead'),
      bytesWritten: since('bytesWritten'),
    };
  }

  private async exitStep(request: Request): Promise<Reply<'exitStep'>> {
    // The app and all its domains: not for a contender that is only measured.
    const { createExitStepper } = await import('./exit-step.ts');
    this.stepper ??= await createExitStepper(request, this.options.platform);
    return this.stepper();
  }

  private async soak({ steps }: Request): Promise<Reply<'soak'>> {
    const memory = await this.need('soak')(steps ?? 1);
    return { ...memory, resident: this.options.residentBytes?.() ?? null };
  }

  private need<P extends Exclude<keyof Engine, 'dispose'>>(name: P): NonNullable<Engine[P]> {
    const part = this.part(name);
    if (!part) throw new Error(`there is no engine that can ${name}`);
    return part;
  }

  private part<P extends keyof Engine>(name: P): Engine[P] | undefined {
    return this.engine?.[name];
  }
}

function phaseOf({ phase }: Request): Phase {
  if (phase === undefined) throw new Error('phase: got nothing, expected train or sample');
  return phase;
}
