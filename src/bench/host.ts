/** The inside of an engine's own process or worker: builds its engine once and does as it is asked. */
import type { Platform } from '../training/create-session.ts';
import { PHASES, type Engine, type PreparedEngine, type Phase } from './engine.ts';
import type { ExitStepper } from './exit-step.ts';
import { gpuClasses, watchGpu, type GpuCounts } from './gpu-watch.ts';
import { gpuErrors } from './hardware.ts';
import { parseRequest, type Answer, type Reply, type Request } from './protocol.ts';
import { createWorkload } from './workload.ts';

export interface HostOptions {
  /** By id; loaded when asked for, so that each has its process or worker to itself. */
  readonly engines: Readonly<Record<string, () => Promise<Engine>>>;
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
  private engine: PreparedEngine | undefined;
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
      case 'roofline':
        return this.part('roofline')?.();
      case 'exitStep':
        return this.exitStep(request);
      case 'soak':
        return this.soak(request);
      default:
        return request.question satisfies never;
    }
  }

  private async prepare({ engine: id, size, batch }: Request): Promise<Reply<'prepare'>> {
    const load = this.options.engines[id];
    if (!load) throw new Error(`there is no engine "${id}" here`);
    this.engine?.dispose();
    const engine = await load();
    const prepared = await engine.prepare(createWorkload(size, batch));
    this.engine = prepared;
    const phases = PHASES.filter((phase) => prepared[phase]);
    return { label: engine.label, phases, roofline: prepared.roofline !== undefined };
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
    // The app and all its domains: not for an engine that is only measured.
    const { createExitStepper } = await import('./exit-step.ts');
    this.stepper ??= await createExitStepper(request, this.options.platform);
    return this.stepper();
  }

  private async soak({ steps }: Request): Promise<Reply<'soak'>> {
    const { buffers: blocks, bytes } = await this.need('soak')(steps ?? 1);
    return { blocks, bytes, resident: this.options.residentBytes?.() ?? null };
  }

  private need<P extends Exclude<keyof PreparedEngine, 'dispose'>>(
    name: P,
  ): NonNullable<PreparedEngine[P]> {
    const part = this.part(name);
    if (!part) throw new Error(`there is no engine that can ${name}`);
    return part;
  }

  private part<P extends keyof PreparedEngine>(name: P): PreparedEngine[P] | undefined {
    return this.engine?.[name];
  }
}

function phaseOf({ phase }: Request): Phase {
  if (phase === undefined) throw new Error('phase: got nothing, expected train or sample');
  return phase;
}
