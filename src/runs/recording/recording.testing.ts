/** Test support: a short real run, recorded. */
import { gzipSync } from 'node:zlib';
import { DEFAULT_CONFIG, type Config } from '../../schema/params.ts';
import { profileOf } from '../index/profile.ts';
import { createSession } from '../../training/create-session.ts';
import { writeRecording, type RecordedStep, type Recording } from './file.ts';

const CONFIG: Config = {
  ...DEFAULT_CONFIG,
  ...{ warmStartSteps: 40, hiddenSize: 32, numLayers: 1, numHeads: 2, intermediateSize: 48 },
  ...{ batchGroups: 6, groupSize: 4, bufferMin: 1, bufferCapacity: 12, trainTasks: 3 },
  ...{ evalEvery: 2, evalTasks: 2, evalDepth: 2, init: 'scratch', backend: 'wasm' },
};

export async function recordSome(count: number): Promise<Recording> {
  const session = await createSession(CONFIG, {
    assets: () => Promise.reject(new Error('none')),
    clock: () => 0,
    onLoading: () => undefined,
  });
  const steps: RecordedStep[] = [];
  while (steps.length < count) {
    const { record, evaluations } = await session.step();
    steps.push({ record, evaluations: evaluations.map((one) => ({ ...one, split: 'test' })) });
  }
  const control = {
    config: CONFIG,
    rows: steps.map(({ record }) => record.metrics),
    profiles: steps.map(({ record }) => profileOf(record)),
    evaluations: steps.flatMap(({ evaluations }) => evaluations),
  };
  return { info: session.info(), steps, controls: [control] };
}

export function compress(recording: Recording): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(writeRecording(recording)));
}

/** The bytes as a network brings them: in pieces that end anywhere. */
export function streamOf(
  bytes: Uint8Array<ArrayBuffer>,
  piece = 999,
): ReadableStream<BufferSource> {
  let at = 0;
  return new ReadableStream<BufferSource>({
    pull: (controller) => {
      if (at >= bytes.length) controller.close();
      else controller.enqueue(bytes.slice(at, (at += piece)));
    },
  });
}
