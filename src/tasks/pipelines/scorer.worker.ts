/** Scores pipelines away from the thread that asks. */
import * as v from 'valibot';
import { readPipeline } from '../tables/choices.ts';
import { evaluate } from '../tables/evaluate.ts';
import { TableSchema } from '../tables/table.ts';

const RequestSchema = v.object({ table: TableSchema, words: v.array(v.string()) });

self.onmessage = ({ data }: MessageEvent<unknown>) => {
  const { table, words } = v.parse(RequestSchema, data);
  const pipeline = readPipeline(words);
  if (!pipeline) throw new RangeError(`pipeline: got "${words.join(' ')}", expected seven choices`);
  self.postMessage(evaluate(table, pipeline));
};
