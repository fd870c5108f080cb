/** The recorded uniform control beside the run that is shown: where it belongs, and what it says of it. */
import { changedParams, PARAM_IDS, PARAMS } from '../schema/params.ts';
import type { Config, ParamId } from '../schema/params.ts';
import type { ParamChange } from '../schema/records.ts';
import { STRATEGIES } from '../schema/presets.ts';
import type { ControlRun } from '../runs/recording/file.ts';
import { describeRun, shownBaselines, strategyOf, type Baseline } from './baselines.ts';
import { appendRows, EMPTY_HISTORY } from './history.ts';
import type { Lab } from './lab.ts';
import { shownOf } from './run.ts';

/** What uniform priority leaves without effect. */
const OF_LEARNABILITY: readonly ParamId[] = ['priorityScale', 'priorityStrength', 'uniformShare'];

/** How a run may differ from one that the control belongs to: in what it selects, and how it is computed. */
const MAY_DIFFER: readonly string[] = [
  ...Object.keys(STRATEGIES['exit-uniform'].values),
  ...OF_LEARNABILITY,
  ...['seed', 'backend', 'replicas'],
  ...PARAM_IDS.filter((id) => PARAMS[id].group === 'evaluation'),
];

/** The control, for a run that it is one of; null for any other. */
export function controlOf(control: ControlRun | null, config: Config): ControlRun | null {
  if (control === null) return null;
  const differences = changedParams(config, control.config);
  return differences.every((id) => MAY_DIFFER.includes(id)) ? control : null;
}

/** Of evaluation: what makes an estimate narrower or rarer, and leaves what is estimated the same. */
const PRECISION: readonly ParamId[] = ['evalEvery', 'evalTasks', 'evalSamples'];

/** The control as a run to be compared with, for a run that is evaluated as it was; null for any other. */
export function controlBaseline(control: ControlRun | null, config: Config): Baseline | null {
  const own = controlOf(control, config);
  if (own === null) return null;
  const evaluatedAlike = changedParams(config, own.config).every(
    (id) => PARAMS[id].group !== 'evaluation' || PRECISION.includes(id),
  );
  return evaluatedAlike ? asBaseline(own) : null;
}

/** Whether a run has had the same parameters from its first step on: only then is it one that a control is of. */
export function isUnchanged(marks: readonly ParamChange[]): boolean {
  return marks.every(({ step, param }) => step <= 1 || PARAMS[param].group === 'evaluation');
}

const baselines = new WeakMap<ControlRun, Baseline>();

/** The same object for the same control, so that nothing is drawn anew for it. */
function asBaseline(control: ControlRun): Baseline {
  const { config, rows, evaluations } = control;
  const known = baselines.get(control);
  if (known) return known;
  const baseline: Baseline = {
    ...{ id: CONTROL_ID, slot: CONTROL_SLOT, visible: true, following: false },
    ...{ strategy: strategyOf(config), task: config.task, seed: config.seed },
    label: `recorded: ${describeRun(config)}`,
    history: appendRows(EMPTY_HISTORY, rows),
    evaluations: evaluations.map(shownOf),
  };
  baselines.set(control, baseline);
  return baseline;
}

/** Kept runs have ids from 1, and slots from 0 to 3. */
const CONTROL_ID = 0;
const CONTROL_SLOT = 4;

export function isRecordedControl({ id }: Baseline): boolean {
  return id === CONTROL_ID;
}

/** What tells which control belongs to the run that is shown. */
type Shown = Pick<Lab, 'recording' | 'session' | 'config'>;

function controlInView({ recording, session, config }: Shown): Baseline | null {
  const { control, info } = recording.store.getState();
  const isRecorded = session.getState().source === 'recording';
  const shown = isRecorded ? info?.config : config.getState().applied;
  return shown ? controlBaseline(control, shown) : null;
}

/** The runs that are drawn beside the one that is shown: those a person keeps, and the recorded control. */
export function comparedRuns(lab: Shown & Pick<Lab, 'baselines'>): readonly Baseline[] {
  const kept = shownBaselines(lab.baselines.store.getState());
  const control = controlInView(lab);
  return control === null ? kept : [...kept, control];
}

/** Calls back when `comparedRuns` may be others. Returns what ends it. */
export function onCompared(lab: Shown & Pick<Lab, 'baselines'>, listener: () => void): () => void {
  let last = controlInView(lab);
  const compare = (): void => {
    const now = controlInView(lab);
    if (now !== last) listener();
    last = now;
  };
  const followed = [lab.recording.store, lab.session, lab.config];
  const stops = followed.map((store) => store.subscribe(compare));
  stops.push(lab.baselines.store.subscribe(listener));
  return () => stops.forEach((stop) => stop());
}
