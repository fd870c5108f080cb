/** A run as the files of another program: what each target of `target-names.ts` is made of. */
import { parseExitState } from '../exit/parse-state.ts';
import { toFiles, type RunBundle } from '../runs/bundle.ts';
import { mergedWeights } from '../model/parameters.ts';
import { encodeText, RunFormatError } from '../runs/checks.ts';
import { writeMetrics } from '../runs/metrics-file.ts';
import type { RunContent } from '../runs/run-file.ts';
import { RUN } from '../runs/run-paths.ts';
import { recordsIn } from '../runs/store/reader.ts';
import type { BundleFile } from '../runs/zip.ts';
import { PARAMS } from '../schema/params.ts';
import { writeCausalLm } from './onnx/causal-lm.ts';
import { onnxCard } from './onnx/card.ts';
import { evaluationRows, evaluationsTable, jsonLines, metricsTable } from './tables.ts';
import type { ExportTargetId } from './target-names.ts';
import { taskSpace, taskSpaceCard } from './task-space.ts';
import { writeEvents } from './tensorboard.ts';

type MakeFiles = (bundle: RunBundle) => readonly BundleFile[] | Promise<readonly BundleFile[]>;

/**
 * All files of a target: none is written before each of them is made.
 * @throws RunFormatError where the run lacks what the target is made of.
 */
export async function exportTo(
  target: ExportTargetId,
  bundle: RunBundle,
): Promise<readonly BundleFile[]> {
  if (bundle.base) {
    const problem = `got adapters of ${bundle.base.name}, expected weights of a policy's own`;
    throw new RunFormatError('base_model.json', problem);
  }
  return MAKERS[target](bundle);
}

const MAKERS: Readonly<Record<ExportTargetId, MakeFiles>> = {
  onnx: onnxFiles,
  tensorboard: (bundle) => {
    const { config } = needRun(bundle);
    return [{ path: EVENTS, bytes: writeEvents(bundle.rows, config) }];
  },
  csv: (bundle) => {
    const run = needRun(bundle);
    return [
      text('metrics.csv', metricsTable(bundle.rows)),
      text('evaluations.csv', evaluationsTable(run)),
    ];
  },
  jsonl: (bundle) => {
    const run = needRun(bundle);
    return [
      text('metrics.jsonl', writeMetrics(bundle.rows)),
      text('evaluations.jsonl', jsonLines(evaluationRows(run))),
      text('changes.jsonl', jsonLines(run.marks)),
    ];
  },
  'task-space': taskSpaceFiles,
  // Prompts are written by domains, which the other targets do without.
  trl: async (bundle) => (await import('./trl/trl.ts')).trlFiles(bundle, needRun(bundle)),
};

/** Found by TensorBoard by what is in its name; the number is a time, of which a run holds none. */
const EVENTS = 'events.out.tfevents.0.exit-lab';
const HISTORIES = 'histories.jsonl';

/** What a generating program reads beside the model. */
const BESIDE_MODEL: readonly string[] = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];

function onnxFiles(bundle: RunBundle): BundleFile[] {
  // Adapters are added to what they adapt: the graph has no other way for them.
  const weights = mergedWeights(bundle.snapshot);
  const { lora: _, ...config } = bundle.snapshot.config;
  return [
    ...toFiles(bundle).filter(({ path }) => BESIDE_MODEL.includes(path)),
    { path: 'onnx/model.onnx', bytes: writeCausalLm(config, weights, { cache: true }) },
    { path: 'onnx/decoder_model.onnx', bytes: writeCausalLm(config, weights, { cache: false }) },
    text('README.md', onnxCard(config)),
  ];
}

async function taskSpaceFiles(bundle: RunBundle): Promise<BundleFile[]> {
  const { config, step, exitState } = needRun(bundle);
  const rows = await taskSpace(recordsIn(bundle.steps ?? []), parseExitState(exitState));
  const title = `${PARAMS.task.options[config.task]}, seed ${config.seed}, step ${step}`;
  return [text(HISTORIES, jsonLines(rows)), text('README.md', taskSpaceCard(HISTORIES, title))];
}

function needRun({ run }: RunBundle): RunContent {
  if (run) return run;
  throw new RunFormatError(
    RUN,
    'is missing, and the target is made of a run: weights alone have no past',
  );
}

function text(path: string, content: string): BundleFile {
  return { path, bytes: encodeText(content) };
}
