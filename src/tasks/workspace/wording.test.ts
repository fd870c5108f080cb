import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../base/rng.ts';
import { taskInWords, type TextCodec } from '../in-words.ts';
import { EMPTY_HISTORY, MODES } from '../task.ts';
import { attemptOf, playSome, task } from './attempts.testing.ts';
import { attemptWords, type Call } from './calls.ts';
import { parseConversation } from './text.ts';
import { COMMANDS, DIRECTORIES, FILES, ROOT, TEXTS, type Command } from './vocabulary.ts';
import { WORKSPACE_WORDING as wording } from './wording.ts';

const TALK = parseConversation(
  'at docs\nroot: todo\ndocs: notes=apple\ndocs/old:\n\nmove todo to old\nwhat does it say',
);
const read = (text: string): string | undefined => wording.read(TALK, text)?.join(' ');

const name = fc.constantFrom(ROOT, ...DIRECTORIES, ...FILES, ...TEXTS);
const calls = fc.array(
  fc
    .constantFrom(...(Object.keys(COMMANDS) as Command[]))
    .chain((command) =>
      fc
        .tuple(...COMMANDS[command].map(() => name))
        .map((args): Call => ({ command, args: [...args] })),
    ),
  { minLength: 1, maxLength: 4 },
);

/** Ways to write a command that mean the same. */
const styles = fc.record({
  mark: fc.constantFrom('', '- ', '* ', '1. ', '2) ', '$ ', '> ', 'Step 2: ', '- $ ', '• '),
  around: fc.constantFrom(['', ''], ['`', '`'], ['**', '**'], ['**`', '`**']),
  after: fc.constantFrom('', ' ', '  # that is it', '.'),
  loud: fc.boolean(),
  quote: fc.constantFrom('', '"', "'"),
});
type Style = typeof styles extends fc.Arbitrary<infer S> ? S : never;

function written({ command, args }: Call, { mark, around, after, loud, quote }: Style): string {
  const named = args.map((arg) => `${quote}${loud ? arg.toUpperCase() : arg}${quote}`);
  const said = loud ? command.toUpperCase() : command;
  const code = command === 'write' ? `echo ${named[1]} > ${named[0]}` : [said, ...named].join(' ');
  // A comment is part of the code, so nothing comes after it.
  return `${mark}${around[0]}${code}${around[1]}${around[0] === '' ? after : ''}`;
}

describe('an answer in words', () => {
  it('is read however it is written', () => {
    const lines = fc.array(styles, { minLength: 4, maxLength: 4 });
    const opening = fc.constantFrom(
      '',
      'Sure! Here are the commands:\n',
      'To do what is asked:\n\n',
    );
    const between = fc.constantFrom('\n', '\n\n', '\r\n');
    const closing = fc.constantFrom(
      '',
      '\n',
      '\nThat should do.',
      '\n\nNow all is as you want it.',
    );
    fc.assert(
      fc.property(calls, lines, opening, between, closing, (given, how, first, gap, last) => {
        const text = given.map((one, i) => written(one, how[i]!)).join(gap);
        expect(wording.read(TALK, first + text + last)).toEqual(attemptWords(given));
      }),
    );
  });

  it('comes back as it is asked for, in a block of code and on one line too', () => {
    fc.assert(
      fc.property(calls, (given) => {
        const tokens = attemptWords(given);
        const text = wording.write(TALK, tokens);
        expect(wording.read(TALK, text)).toEqual(tokens);
        const block = `I would run this:\n\`\`\`bash\n${text}\n\`\`\`\nDone.`;
        expect(wording.read(TALK, block)).toEqual(tokens);
        expect(wording.read(TALK, text.replaceAll('\n', ' && '))).toEqual(tokens);
      }),
    );
  });

  it('never throws, and what it gives is an attempt of the domain', () => {
    const bits = fc.constantFrom(
      ...[
        'mv',
        'cd',
        'cat',
        'missing',
        'echo',
        '>',
        'notes',
        'docs',
        'apple',
        '/',
        './',
        ' ',
        '\n',
      ],
      ...['`', '```', ';', '&&', '**', '1. ', '#', 'is missing', 'there is no ', '.', '"', 'find'],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(bits).map((list) => list.join('')),
      fc.array(bits).map((list) => list.join(' ')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const attempt = wording.read(TALK, any);
        if (attempt === null) return;
        expect(task.grade(TALK, EMPTY_HISTORY, attempt)).toMatchObject({ valid: true });
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['cd root\nmv todo old', 'cd root · mv todo old'],
    ['cd /; mv todo old/', 'cd root · mv todo old'],
    ['mv ./notes old/notes', 'mv notes old'],
    ['echo "apple" > notes', 'write notes apple'],
    ['write notes apple', 'write notes apple'],
    ['find / -name notes', 'find notes ·'],
    ['grep -rl apple docs', 'grep apple docs'],
    ['First `cd root`, then `mv todo old` (in `root`).', 'cd root · mv todo old'],
    ['Missing: notes', 'missing notes ·'],
    ['I am sorry, but the file **plan** does not exist.', 'missing plan ·'],
    ['There is no directory called `src`.', 'missing src ·'],
    // What is not certain is malformed.
    ['', undefined],
    ['I do not know.', undefined],
    ['mv notes', undefined],
    ['mv notes to old', undefined],
    ['First cd root\nmv todo old', undefined],
    ['cd root\nmv docs/notes old', undefined],
    ['cd ..', undefined],
    ['cd ./old', undefined],
    ['cd projects', undefined],
    ['echo apple >> notes', undefined],
    ['echo apple', undefined],
    ['cat notes | grep apple', undefined],
    ['find . -name notes', undefined],
    ['sudo rm notes', undefined],
    ['rm -r notes', undefined],
    ['`cd root` then rm todo', undefined],
    ['```\ncd root\n```\nor\n```\nls root\n```', undefined],
    ['ls root\n'.repeat(5), undefined],
    ['The file plan does not exist. There is no file memo.', undefined],
    ['notes is not missing', undefined],
  ])('%j is %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});

describe('the prompt in words', () => {
  it('says the listing, the request and the one before, the attempt with what came of it', () => {
    const first = { text: 'cd root\nmv todo old', feedback: [] };
    const latest = {
      text: 'cat todo\nls src\ncat notes\n',
      feedback: [
        ...['✗', 'old', '✗', '✗', 'absent', '✗', '✗', '✗', '✗', '·', '·', '·'],
        ...['apple', '·', '·', 's1'],
      ],
    };
    const prompt = wording.prompt(TALK, { earlier: [first], latest }, 'improve');
    expect(prompt).toContain(
      'You are in root.\nDirectories: docs (in root), old (in docs).\nFiles: notes (in docs), todo (in old).\n',
    );
    expect(prompt).toContain(
      'The request before: move todo to old\nThe request: what does it say\n',
    );
    expect(prompt).toContain(
      [
        'Your previous attempt:',
        'cat todo',
        'ls src',
        'cat notes',
        'Command 1 failed: todo is not here but in old.',
        'Command 2 failed: src is not there.',
        'Command 3 was wrong.',
        'It printed: apple',
        '',
        'Do better than the previous attempt. All is again as listed above.',
        'Answer with commands only, one on each line, at most 4.',
      ].join('\n'),
    );
    const unread = { text: 'hm', feedback: Array<string>(16).fill('✗') };
    expect(wording.prompt(TALK, { earlier: [], latest: unread }, 'diverge')).toContain(
      'Your previous attempt:\nhm\nIt could not be read as commands.\n',
    );
  });

  it('names all commands, and tells nothing that the prompt of words does not tell', () => {
    const prompt = wording.prompt(TALK, { earlier: [] }, 'solve');
    for (const command of Object.keys(COMMANDS)) {
      expect(prompt).toMatch(new RegExp(`^${command === 'write' ? 'echo' : command} `, 'm'));
    }
    const other = {
      ...TALK,
      tree: { ...TALK.tree, files: TALK.tree.files.map((file) => ({ ...file, text: 'tiger' })) },
    };
    expect(wording.prompt(other, { earlier: [] }, 'solve')).toBe(prompt);
    const gone = { ...TALK, kind: 'unsolvable' as const };
    expect(wording.prompt(gone, { earlier: [] }, 'solve')).toBe(prompt);
  });

  it('is never longer than it says of itself, and demonstrations are read back as they are', async () => {
    const letters = (text: string): string[] => Array.from(text);
    const codec: TextCodec = {
      words: ['<end>'],
      encode: letters,
      decode: (pieces) => pieces.join(''),
      chat: letters,
    };
    const inWords = taskInWords(task, codec, 80);
    const rng = createRng(12);
    for (let i = 0; i < 50; i++) {
      const instance = task.sample('long', rng);
      const said = playSome(instance, rng).map((attempt) => {
        return { ...attempt, tokens: letters(wording.write(instance, attempt.tokens)) };
      });
      const shown = inWords.demonstrate(instance, { earlier: said }, 'solve', rng);
      const grade = await inWords.grade(instance, { earlier: said }, shown);
      expect(grade.valid).toBe(true);
      const latest = { tokens: shown, feedback: grade.feedback, quality: grade.quality };
      const prompt = inWords.prompt(instance, { earlier: said, latest }, rng.pick(MODES));
      expect(prompt.length).toBeLessThanOrEqual(inWords.maxPromptTokens);
    }
    const one = ['mv', 'notes', 'old'];
    expect(attemptOf(TALK, [], one).quality).toBe(
      (await inWords.grade(TALK, EMPTY_HISTORY, letters('Sure: \n`mv notes old`'))).quality,
    );
  });
});
