/** A session as the files of an exported run. */
import { checkpointId } from '../runs/base-checkpoints.ts';
import { toFiles, type RunBundle } from '../runs/bundle.ts';
import { segmentsFrom } from '../runs/store/reader.ts';
import type { StepRecord } from '../schema/records.ts';
import type { BundleFile } from '../runs/zip.ts';
import type { Session } from './session.ts';

const CREATED_BY = 'exit-lab 0.1.0';

/** @param after only rows of metrics after this step: for whoever has those before. */
export async function bundleOf(session: Session, after = 0): Promise<RunBundle> {
  const { state, marks, evaluations } = session.history;
  const rows = session.rowsAfter(after);
  const { model } = session;
  const base = model && { id: model.id, name: model.name, maxTokens: model.maxTokens };
  return {
    ...(base
      ? { base, snapshot: await session.policy.save('trained'), words: [] }
      : { snapshot: await session.policy.save(), words: session.words }),
    rows,
    run: {
      config: session.config,
      step: state.step,
      exitState: state,
      marks,
      evaluations,
      backend: session.info().backend.name,
      createdBy: CREATED_BY,
    },
  };
}

/** @param records of the run's steps up to the newest, as far as they are known. */
export async function exportFiles(
  session: Session,
  records: Iterable<StepRecord> = [],
): Promise<readonly BundleFile[]> {
  return toFiles({ ...(await bundleOf(session)), steps: await segmentsFrom(records) });
}

/** `exit-lab-locks-nano-step-120`. */
export function exportName({ config, history, model }: Session): string {
  const id = model
    ? `${config.task}-${fileName(model.name)}`
    : (checkpointId(config) ?? config.task);
  return `exit-lab-${id}-step-${history.state.step}`;
}

function fileName(name: string): string {
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'model'
  );
}
