/** Base tasks in English as JSON lines: what a language model that is trained elsewhere is asked. */
import { once } from 'node:events';
import { englishPrompts } from '../exports/trl/english.ts';
import { defineCommand } from '../node/command.ts';

const FLAGS = {
  count: { kind: 'integer', range: [1, 1e7], default: 512, help: 'How many.' },
  split: { kind: 'string', default: 'train', help: 'train, or a held-out split of the task.' },
} as const;

export const prompts = defineCommand({
  flags: FLAGS,
  params: ['task', 'seed', 'unsolvableShare', 'trivialShare', 'absentShare', 'mostTurns'],
  run: async ({ config, flags: { count, split } }) => {
    for (const row of englishPrompts(config, split, count)) {
      if (!process.stdout.write(`${JSON.stringify(row)}\n`)) await once(process.stdout, 'drain');
    }
  },
});
