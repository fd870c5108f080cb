/** Grades attempts that come as JSON lines: what a trainer elsewhere asks for its reward. */
import { once } from 'node:events';
import { createGrader } from '../exports/trl/grader.ts';
import { defineCommand } from '../node/command.ts';
import { linesOf } from '../node/lines.ts';

/** Bytes in a line: a start and a completion take a few thousand. */
const LONGEST_LINE = 2 ** 20;

export const grade = defineCommand({
  flags: {
    english: {
      kind: 'boolean',
      help: 'Completions are free text; the reply has the prompt that asks to improve on it.',
    },
  },
  params: ['task', 'rewardForm', 'divergeReward'],
  run: async ({ config, flags: { english } }) => {
    const gradeLine = createGrader(config, english ? 'english' : 'words');
    for await (const { number, text } of linesOf(process.stdin, LONGEST_LINE)) {
      const reply = await gradeLine(`line ${number}`, text);
      // Whoever asks faster than they read waits: no more is read before there is room.
      if (!process.stdout.write(`${JSON.stringify(reply)}\n`)) await once(process.stdout, 'drain');
    }
  },
});
