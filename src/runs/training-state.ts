/**
 * training_state.safetensors: AdamW's moments as `m.<name>` and `v.<name>`, the reference policy as
 * `reference.<name>`, and the optimizer's step in the metadata. With it a resumed run equals an
 * uninterrupted one.
 */
import type { NamedTensor, PolicyConfig, PolicySnapshot } from '../model/policy.ts';
import { trainedShapes } from './adapter-run.ts';
import { RunFormatError, show } from './checks.ts';
import { checkShapes } from './huggingface.ts';
import { writeSafetensors, type Safetensors } from './safetensors.ts';

const STEP_KEY = 'optimizer_step';
const M = 'm.';
const V = 'v.';
const REFERENCE = 'reference.';

export type TrainingState = Pick<PolicySnapshot, 'optimizer' | 'reference'>;

/** @returns undefined where there is nothing to keep. */
export function writeTrainingState(
  file: string,
  { config, optimizer, reference }: PolicySnapshot,
): Uint8Array<ArrayBuffer> | undefined {
  if (!optimizer && !reference) return undefined;
  const named = (tensors: readonly NamedTensor[], prefix: string): NamedTensor[] =>
    checkShapes(file, trainedShapes(config), tensors, '').map((tensor) => ({
      ...tensor,
      name: prefix + tensor.name,
    }));
  if (optimizer) checkSquares(file, optimizer.v, V);
  const tensors = [
    ...(optimizer ? [...named(optimizer.m, M), ...named(optimizer.v, V)] : []),
    ...(reference ? named(reference, REFERENCE) : []),
  ];
  return writeSafetensors(tensors, optimizer ? { [STEP_KEY]: String(optimizer.step) } : {});
}

/** @throws RunFormatError if a part is incomplete or does not fit config.json. */
export function readTrainingState(
  file: string,
  config: PolicyConfig,
  { tensors, metadata }: Safetensors,
): TrainingState {
  const foreign = tensors.find(({ name }) => ![M, V, REFERENCE].some((p) => name.startsWith(p)));
  if (foreign) {
    throw new RunFormatError(
      file,
      `tensor "${foreign.name}" begins with none of m., v., reference.`,
    );
  }
  const part = (prefix: string): NamedTensor[] =>
    checkShapes(
      file,
      trainedShapes(config),
      tensors.filter(({ name }) => name.startsWith(prefix)),
      prefix,
    );
  const has = (prefix: string): boolean => tensors.some(({ name }) => name.startsWith(prefix));
  const step = metadata[STEP_KEY];
  return {
    ...((has(M) || has(V) || step !== undefined) && {
      optimizer: {
        step: readStep(file, step),
        m: part(M),
        v: checkSquares(file, part(V), V),
      },
    }),
    ...(has(REFERENCE) && { reference: part(REFERENCE) }),
  };
}

/** Means of squares, whose roots AdamW takes. */
function checkSquares(
  file: string,
  tensors: readonly NamedTensor[],
  prefix: string,
): readonly NamedTensor[] {
  for (const { name, values } of tensors) {
    const at = values.findIndex((value) => value < 0);
    if (at < 0) continue;
    throw new RunFormatError(
      file,
      `tensor "${prefix}${name}": got ${values[at]} at ${at}, expected means of squares, at least 0`,
    );
  }
  return tensors;
}

function readStep(file: string, text: string | undefined): number {
  const step = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  if (Number.isSafeInteger(step)) return step;
  throw new RunFormatError(
    file,
    `${STEP_KEY}: got ${show(text)}, expected a whole number of at least 0`,
  );
}
