/** A run as the files of another program: what each target of `target-names.ts` is made of. */
import { parseExitState } from '../exit/parse-state.ts';
import { ADAPTER_WEIGHTS, toAdapterFiles } from '../runs/adapters.ts';
import { toFiles, type RunBundle } from '../runs/bundle.ts';
import { readCheckpoint, WEIGHTS } from '../runs/checkpoint.ts';
import { readerOf, type ModelFiles } from '../runs/model-files.ts';
import { writeSafetensors } from '../runs/safetensors.ts';
import { mergedWeights } from '../model/parameters.ts';
import type { NamedTensor } from '../model/policy.ts';
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

/** What is made of the weights and words of a policy, which a run of adapters does not hold. */
const OWN_WEIGHTS: ReadonlySet<ExportTargetId> = new Set(['task-space', 'trl']);

type MakeFiles = (
  bundle: RunBundle,
  base: ModelFiles | undefined,
) => readonly BundleFile[] | Promise<readonly BundleFile[]>;

/**
 * All files of a target: none is written before each of them is made.
 * @param base the pretrained model that the run adapts, where its files are at hand.
 * @throws RunFormatError where the run lacks what the target is made of.
 */
export async function exportTo(
  target: ExportTargetId,
  bundle: RunBundle,
  base?: ModelFiles,
): Promise<readonly BundleFile[]> {
  if (bundle.base && OWN_WEIGHTS.has(target)) {
    const problem = `got adapters of ${bundle.base.name}, expected weights of a policy's own: export it to peft or merged`;
    throw new RunFormatError('base_model.json', problem);
  }
  return MAKERS[target](bundle, base);
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
  peft: adapterFiles,
  merged: mergedFiles,
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
  'chat_template.jinja',
];

/** Adapters are added to what they adapt: the graph has no other way for them. */
async function onnxFiles(bundle: RunBundle, files: ModelFiles | undefined): Promise<BundleFile[]> {
  const { lora: _, ...config } = bundle.snapshot.config;
  const { weights, beside } = bundle.base
    ? await adapted(bundle, files)
    : { weights: mergedWeights(bundle.snapshot), beside: besideModel(toFiles(bundle)) };
  return [
    ...beside,
    { path: 'onnx/model.onnx', bytes: writeCausalLm(config, weights, { cache: true }) },
    { path: 'onnx/decoder_model.onnx', bytes: writeCausalLm(config, weights, { cache: false }) },
    text('README.md', onnxCard(config)),
  ];
}

function besideModel(files: readonly BundleFile[]): BundleFile[] {
  return files.filter(({ path }) => BESIDE_MODEL.includes(path));
}

function adapterFiles({ snapshot: { config, adapters }, base }: RunBundle): BundleFile[] {
  if (!adapters || !config.lora) throw withoutAdapters();
  return toAdapterFiles(config, adapters, base?.name ?? 'base');
}

/** The model's own files, with the adapters in its weights. */
async function mergedFiles(
  bundle: RunBundle,
  files: ModelFiles | undefined,
): Promise<BundleFile[]> {
  const { weights, beside } = await adapted(bundle, files);
  return [{ path: WEIGHTS, bytes: writeSafetensors(weights) }, ...beside];
}

/** A pretrained model with the adapters in its weights, and its own files beside them. */
async function adapted(
  { snapshot: { config, adapters }, base }: RunBundle,
  files: ModelFiles | undefined,
): Promise<{ readonly weights: readonly NamedTensor[]; readonly beside: BundleFile[] }> {
  if (!adapters || !config.lora) throw withoutAdapters();
  if (!files) {
    const name = base ? `"${base.name}"` : 'the pretrained model';
    throw new RunFormatError(WEIGHTS, `is missing, expected the files of ${name} beside the run`);
  }
  const read = readerOf(files);
  const { weights } = await readCheckpoint(read);
  const names = [...files.keys()].filter((name) => BESIDE_MODEL.includes(name));
  const copies = names.map(async (path) => ({ path, bytes: new Uint8Array((await read(path))!) }));
  return {
    weights: mergedWeights({ config, weights, adapters }),
    beside: await Promise.all(copies),
  };
}

function withoutAdapters(): RunFormatError {
  return new RunFormatError(
    ADAPTER_WEIGHTS,
    'is missing, expected a run that trained adapters of a pretrained model',
  );
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
