import { expect, it } from 'vitest';
import { newStore, storedRun } from '../runs/store/store.testing.ts';
import { unzip } from '../runs/zip.ts';
import { createRunsService } from './runs-service.ts';

it('exports a kept run as the files of another program', async () => {
  const store = newStore();
  const { id, records, session } = await storedRun(store, 2);
  const service = createRunsService(
    () => Promise.resolve(store),
    () => 0,
  );
  const { path, bytes } = await service.exportTo(id, 'task-space');
  expect(path).toBe(`exit-lab-${session.config.task}-step-2-task-space.zip`);
  session.dispose();
  const [histories] = unzip(bytes).filter((file) => file.path === 'histories.jsonl');
  const rows = new TextDecoder().decode(histories!.bytes).trim().split('\n');
  const inserted = records.flatMap(({ groups }) =>
    groups.flatMap(({ completions }) => completions.filter((one) => one.insertedAs !== null)),
  );
  expect(rows.length).toBe(inserted.length);
  await expect(service.exportTo('absent', 'onnx')).rejects.toThrow('absent');
});
