/**
 * One run: a policy, the algorithm's state and what was recorded. The page's worker and the command
 * line drive this same object; it knows neither.
 */
import { entriesOf } from '../exit/buffer.ts';
import { evaluate, type EvaluationOptions } from '../exit/evaluate.ts';
import { exampleChains } from '../exit/examples.ts';
import { createExitState, exit, type ExitContext, type ExitState } from '../exit/exit.ts';
import type {
  Evaluation,
  GroupRecord,
  StepRecord,
  ParamChange as ParamChange,
} from '../schema/records.ts';
import { evaluateDomains, type DomainReport } from '../exit/revision-stats.ts';
import { PackedList } from '../base/packed.ts';
import { createRng } from '../base/rng.ts';
import type { Engine } from '../model/engine.ts';
import type { Tokenizer } from '../base/tokenizer.ts';
import type { Policy } from '../model/policy.ts';
import { parameterCount } from '../model/parameters.ts';
import type { MetricRow } from '../schema/metrics.ts';
import { changedParams, type Config } from '../schema/params.ts';
import type { Task } from '../tasks/task.ts';
import type { StoredBuffer } from '../runs/index/buffer-view.ts';
import { MetricTable } from './metric-table.ts';
import { evaluationMetrics } from './evaluation-metrics.ts';
import { attemptInstance, domainOf, domainsOf } from './playground.ts';
import type { PlaygroundAttempt, PlaygroundRequest } from './playground.ts';
import type { ModelInfo, SessionInfo } from './session-info.ts';
import type { TokenStats } from '../runs/index/queries.ts';
import { tokenStats } from './token-stats.ts';

/** What a session is made from. */
export interface SessionParts {
  readonly config: Config;
  /** Where the task reads live parameters from; follows the session's. */
  readonly live?: { config: Config };
  readonly engine: Engine;
  /** Throws where there is no memory for a configuration. */
  readonly admit?: (config: Config) => void;
  readonly context: Omit<ExitContext, 'config'>;
  readonly origin: string;
  /** Absent where the policy is a small one of its own. */
  readonly model?: ModelInfo;
  /** Where an earlier run left off; absent for a new one. */
  readonly resumed?: SessionHistory;
}

/** Everything that a run has recorded. */
export interface SessionHistory {
  readonly state: ExitState;
  readonly rows: readonly MetricRow[];
  readonly marks: readonly ParamChange[];
  readonly evaluations: readonly Evaluation[];
}

export interface SessionStep {
  readonly record: StepRecord;
  readonly row: MetricRow;
  /** Present when one was due: before the first step, then every `evalEvery` steps. */
  readonly evaluations: readonly Evaluation[];
}

/** Steps that the trained depth reported beside an evaluation is averaged over. */
const DEPTH_WINDOW = 10;

export class Session {
  private current: Config;
  private readonly steps: AsyncGenerator<StepRecord>;
  private readonly state: ExitState;
  private readonly rows: MetricTable;
  private readonly markList: ParamChange[];
  private readonly evaluationList: PackedList<Evaluation>;
  private trials = 0;

  constructor(private readonly parts: SessionParts) {
    const { config, context, resumed } = parts;
    this.current = config;
    this.state = resumed?.state ?? createExitState(config.seed);
    this.rows = new MetricTable(resumed?.rows);
    this.markList = [...(resumed?.marks ?? [])];
    this.evaluationList = new PackedList(resumed?.evaluations);
    this.steps = exit({ ...context, config: () => this.current }, this.state);
  }

  get config(): Config {
    return this.current;
  }

  get policy(): Policy {
    return this.parts.context.policy;
  }

  get model(): ModelInfo | undefined {
    return this.parts.model;
  }

  /** Of what it writes; environments answer in words of their own where it is a pretrained model. */
  get tokenizer(): Tokenizer {
    return this.parts.context.tokenizer;
  }

  get task(): Task {
    return this.parts.context.task;
  }

  get words(): readonly string[] {
    return this.parts.context.tokenizer.words;
  }

  get history(): SessionHistory {
    const { state, rows, markList: marks, evaluationList } = this;
    // Made when they are asked for, which is seldom.
    return {
      state,
      marks,
      get rows() {
        return rows.after(0);
      },
      get evaluations() {
        return evaluationList.all();
      },
    };
  }

  /** Rows of metrics of the steps after one. */
  rowsAfter(step: number): readonly MetricRow[] {
    return this.rows.after(step);
  }

  info(): SessionInfo {
    const { engine, origin, model } = this.parts;
    return {
      config: this.current,
      backend: engine.backend,
      parameters: parameterCount(this.policy.config),
      step: this.state.step,
      origin,
      vocabulary: this.words,
      domains: domainsOf(this.task),
      ...(model && { model }),
    };
  }

  /** One training step, and the evaluation where one is due. */
  async step(): Promise<SessionStep> {
    const evaluations: Evaluation[] = [];
    const { evalEvery } = this.current;
    if (evalEvery > 0 && this.state.step === 0) evaluations.push(await this.evaluate());
    const { value: record } = (await this.steps.next()) as { value: StepRecord };
    const { clock } = this.parts.context;
    const began = clock();
    const due = evalEvery > 0 && record.step % evalEvery === 0;
    try {
      if (due) evaluations.push(await this.evaluate());
    } catch (error) {
      // The step was made, whatever became of the evaluation: a run whose curves lack it is refused.
      this.rows.add(record.metrics);
      throw error;
    }
    const { buffers: blocks, bytes } = this.parts.engine.memory();
    const row: MetricRow = {
      ...record.metrics,
      ...(due && { ...evaluationMetrics(evaluations.at(-1)!), 'time/eval': clock() - began }),
      'memory/tensors': blocks,
      'memory/bytes': bytes,
    };
    this.rows.add(row);
    return { record: { ...record, metrics: row }, row, evaluations };
  }

  /**
   * Takes effect with the next step. Returns the marks of what changed.
   * @throws MemoryLimitError where a batch would not fit; nothing is changed then.
   */
  set(values: Partial<Config>): readonly ParamChange[] {
    const next = { ...this.current, ...values };
    this.parts.admit?.(next);
    const marks = changedParams(this.current, next).map((param) => ({
      step: this.state.step + 1,
      param,
      from: this.current[param],
      to: next[param],
    }));
    this.current = next;
    if (this.parts.live) this.parts.live.config = next;
    this.markList.push(...marks);
    return marks;
  }

  /**
   * Held-out evaluation of the policy as it stands, from a fork of the random stream. The run's record
   * keeps those on `test`; others are looked at only.
   */
  async evaluate(
    overrides: Partial<Config> = {},
    how: Pick<EvaluationOptions, 'split' | 'drafts'> = {},
  ): Promise<Evaluation> {
    const config = { ...this.current, ...overrides };
    const { context } = this.parts;
    const options = { ...this.evaluationOptions(config), ...how };
    const rng = createRng(config.seed).fork('evaluation');
    const evaluation = await evaluate(context, options, rng);
    const { split = 'test', drafts } = how;
    if (split !== 'test' || drafts !== undefined) return evaluation;
    const kept = { ...evaluation, examples: await exampleChains(context, options, rng) };
    this.evaluationList.add(kept);
    return kept;
  }

  /** What the policy as it stands does on held-out tasks of every domain, and how it reads its history. */
  portray(overrides: Partial<Config> = {}): Promise<DomainReport[]> {
    const { context } = this.parts;
    const options = this.evaluationOptions({ ...this.current, ...overrides });
    return evaluateDomains(context, options, createRng(this.current.seed).fork('evaluation'));
  }

  /**
   * An attempt of the policy as it stands at an instance that a person typed, and what grades it. The
   * run is as it was.
   * @throws RangeError that names what is wrong with the instance.
   */
  async attempt(request: PlaygroundRequest): Promise<() => Promise<PlaygroundAttempt>> {
    const { context } = this.parts;
    const { seed, temperature, topP, topK } = this.current;
    const { step } = this.state;
    const grade = await attemptInstance(
      { ...context, task: domainOf(this.task, request.domain) },
      request,
      {
        temperature: request.greedy ? 0 : temperature,
        topP,
        topK,
        rng: createRng(seed).fork(`typed instance, attempt ${this.trials++}`),
      },
    );
    return async () => ({ ...(await grade()), step });
  }

  /**
   * The buffer as it stands. A step in flight settles it before the policy learns: it then stands as it
   * will after that step.
   */
  buffer(): StoredBuffer {
    const { buffer, step } = this.state;
    const entries = entriesOf(buffer);
    return {
      entries,
      step: Math.max(step, entries.at(-1)?.createdStep ?? 0),
    };
  }

  /** The completions of a group under the policy as it stands. */
  tokenStats(group: GroupRecord): Promise<readonly TokenStats[]> {
    const { policy, tokenizer } = this.parts.context;
    return tokenStats(policy, tokenizer, group, this.current.temperature);
  }

  private evaluationOptions(config: Config): EvaluationOptions {
    return {
      tasks: config.evalTasks,
      samples: config.evalSamples,
      depth: config.evalDepth,
      temperature: config.evalTemperature,
      topP: config.topP,
      topK: config.topK,
      trainedDepth: this.trainedDepth(),
      step: this.state.step,
    };
  }

  private trainedDepth(): number {
    const depths = this.rows.latest('start_depth/mean', DEPTH_WINDOW);
    return depths.length === 0 ? 0 : depths.reduce((sum, d) => sum + d, 0) / depths.length;
  }

  /** To be called when another session was begun and given up. */
  resume(): Promise<void> {
    return this.parts.engine.resume();
  }

  dispose(): void {
    this.policy.dispose();
    this.parts.engine.dispose();
  }
}
