/** Base tasks in English as JSON lines: what a language model that is trained elsewhere is asked. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { englishPrompts } from '../exports/trl/english.ts';
import { createStartReader, type StartRow } from '../exports/trl/grader.ts';
import { defineCommand } from '../node/command.ts';
import { linesOf } from '../node/lines.ts';
import { DOMAIN_PARAM_IDS, type Config } from '../schema/params.ts';

const FLAGS = {
  count: { kind: 'integer', range: [1, 1e7], default: 512, help: 'How many.' },
  starts: {
    kind: 'string',
    help: 'prompts.jsonl of an export to TRL: its starts instead, with their scores.',
  },
  split: { kind: 'string', default: 'train', help: 'train, or a held-out split of the task.' },
} as const;

export const prompts = defineCommand({
  flags: FLAGS,
  params: ['task', 'seed', 'unsolvableShare', 'trivialShare', ...DOMAIN_PARAM_IDS],
  run: async ({ config, flags: { count, split, starts } }) => {
    const rows =
      starts === undefined ? englishPrompts(config, split, count) : ofRun(config, starts);
    for await (const row of rows) {
      if (!process.stdout.write(`${JSON.stringify(row)}\n`)) await once(process.stdout, 'drain');
    }
  },
});

/** Bytes in a line: a start takes a few thousand. */
const LONGEST_LINE = 2 ** 20;

async function* ofRun(config: Config, file: string): AsyncGenerator<StartRow> {
  const read = createStartReader(config);
  for await (const { number, text } of linesOf(createReadStream(file), LONGEST_LINE)) {
    yield read(`${file}: line ${number}`, text);
  }
}
