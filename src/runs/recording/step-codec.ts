/**
 * Steps of a run as bytes, by the tables of their records. What an earlier step has said is not said again:
 * base tasks and the attempts that starts continue are references. Log-probabilities, advantages and
 * diversities are rounded as their columns say, all other fractions are 32-bit floats.
 */
import { omit } from '../../schema/columns.ts';
import {
  COMPLETION,
  GROUP,
  RECORDS_VERSION,
  STEP,
  type GroupRecord,
  type StepRecord,
} from '../../schema/records.ts';
import { ByteReader, ByteWriter } from './bytes.ts';
import { readColumns, writeColumns } from './column-codec.ts';
import {
  CodecDictionary,
  readList,
  readMetrics,
  readRow,
  writeList,
  writeMetrics,
  writeRow,
} from './row-codec.ts';

const GROUP_HEAD = omit(GROUP, 'completions');
/** The step's number stands in its metrics. */
const STEP_END = omit(STEP, 'step', 'metrics', 'groups');

export class StepEncoder {
  private readonly dictionary = new CodecDictionary(RECORDS_VERSION);
  private readonly out = new ByteWriter(this.dictionary.words);

  /** Steps must come in their order. */
  encode(record: StepRecord): Uint8Array<ArrayBuffer> {
    const { out, dictionary } = this;
    writeMetrics(out, record.metrics);
    writeList(out, record.groups, (group) => {
      out.uint(group.completions.length);
      writeRow(out, GROUP_HEAD, group, dictionary);
    });
    const completions = record.groups.flatMap((group) => group.completions);
    writeColumns(out, COMPLETION, completions, dictionary);
    writeRow(out, STEP_END, record, dictionary);
    update(dictionary, record);
    return out.take();
  }
}

type GroupHead = Omit<GroupRecord, 'completions'>;

export class StepDecoder {
  private readonly dictionary: CodecDictionary;

  /** @param version of the file: `RECORDS_VERSION` of the program that wrote it. */
  constructor(version = RECORDS_VERSION) {
    this.dictionary = new CodecDictionary(version);
  }

  /**
   * Steps must come in their order.
   * @throws RangeError where they do not, or where bytes are missing.
   */
  decode(bytes: Uint8Array): StepRecord {
    const { dictionary } = this;
    const from = new ByteReader(bytes, dictionary.words);
    const metrics = readMetrics(from);
    const heads = readList(from, () => ({
      size: from.uint(),
      head: readRow(from, GROUP_HEAD, dictionary) as GroupHead,
    }));
    const count = heads.reduce((sum, { size }) => sum + size, 0);
    if (count > bytes.length) {
      throw new RangeError(
        `completions: got ${count}, expected at most ${bytes.length}, the bytes of the step`,
      );
    }
    const completions = readColumns(from, COMPLETION, count, dictionary);
    const end = readRow(from, STEP_END, dictionary) as Omit<
      StepRecord,
      'step' | 'metrics' | 'groups'
    >;
    let first = 0;
    const groups = heads.map(({ size, head }): GroupRecord => {
      first += size;
      return { ...head, completions: completions.slice(first - size, first) };
    });
    const record = { step: metrics.step, metrics, groups, ...end };
    update(dictionary, record);
    return record;
  }
}

/** Histories that came in the step can be referred to from now on, those that left cannot. */
function update({ attempts }: CodecDictionary, { groups, evictedIds }: StepRecord): void {
  for (const { completions } of groups) {
    for (const { insertedAs, tokens, feedback, quality } of completions) {
      if (insertedAs !== null) attempts.set(insertedAs, { tokens, feedback, quality });
    }
  }
  for (const id of evictedIds) attempts.delete(id);
}
