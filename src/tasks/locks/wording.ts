/** Locks in English: a code to break, with marks for each dial. */
import type { Mode, Token } from '../task.ts';
import type { Wording, WrittenAttempt } from '../wording.ts';
import type { LockInstance } from './instance.ts';
import type { LockShape } from './manifest.ts';
import { descriptorToken, dialToken, dialTokens, MARKS, RIGHT } from './vocabulary.ts';

export function lockWording(shape: LockShape): Wording<LockInstance> {
  const { dials, values, uniform } = shape;
  const words = dialTokens(values);
  return {
    prompt: ({ descriptors }, { latest }, mode) =>
      [
        `Break the code of a lock with ${dials} dials. Each dial is set to a number from 0 to ${values - 1}.`,
        `The lock is labelled ${descriptors.map((value, slot) => descriptorToken(slot, value)).join(' ')}.`,
        ...(uniform
          ? []
          : ['Locks with the same labels often open to the same numbers, but not always.']),
        ...(latest ? ['', ...previous(latest)] : []),
        '',
        ASKED[mode],
        `Answer with the ${dials} numbers only, spaces between them.`,
      ].join('\n'),
    read: (_instance, text) => settingIn(text, shape)?.map(dialToken) ?? null,
    write: (_instance, attempt) =>
      attempt.map((token) => (words.includes(token) ? words.indexOf(token) : token)).join(' '),
  };
}

const ASKED: Readonly<Record<Mode, string>> = {
  solve: 'Which numbers open it?',
  improve: 'Improve on the previous attempt.',
  diverge: 'Try numbers that are very different from the previous attempt.',
};

function previous({ text, feedback }: WrittenAttempt): string[] {
  const marks = feedback.filter((word) => MARKS.includes(word));
  const said = marks.map(
    (mark, dial) => `dial ${dial + 1} is ${mark === RIGHT ? 'right' : 'wrong'}`,
  );
  return ['Your previous attempt:', text.trim(), ...(said.length > 0 ? [sentence(said)] : [])];
}

function sentence(parts: readonly Token[]): string {
  const text = parts.join(', ');
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`;
}

/** "dial 2: 0", "dial 2 = 0", "dial 2 is set to 0". */
const NAMED = /\bdial\s*(\d+)\s*(?:[:=]|->|→)?\s*(?:is\s+)?(?:set\s+)?(?:to\s+|at\s+)?(\d+)\b/g;

/** Numbers with nothing but spaces and marks between them, none of them part of a word or a decimal. */
const RUN = /(?<![a-z\d.])\d+(?:[\s,;|/-]+\d+)*(?![a-z\d]|\.\d)/g;

/** The only setting that a text names; undefined where it names none, or two that differ. */
function settingIn(text: string, shape: LockShape): number[] | undefined {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[*_`#$[\](){}]/g, ' ')
    .replace(/[\u2010-\u2015]/g, '-');
  const named = [...plain.matchAll(NAMED)];
  if (named.length > 0) return dialByDial(named, shape);
  const onLines = plain.split('\n').flatMap((line) => settingsOf(line, shape));
  // One number on each line.
  const settings = onLines.length > 0 ? onLines : settingsOf(plain, shape);
  const [first] = settings;
  return settings.every((other) => other.join() === first?.join()) ? first : undefined;
}

function dialByDial(
  named: readonly RegExpMatchArray[],
  { dials, values }: LockShape,
): number[] | undefined {
  const setting = Array<number>(dials).fill(-1);
  for (const [, dial, value] of named) {
    const at = Number(dial) - 1;
    const own = Number(value);
    const isNew = setting[at] === -1 || setting[at] === own;
    if (!isNew || own >= values) return undefined;
    setting[at] = own;
  }
  return setting.includes(-1) ? undefined : setting;
}

/** Runs of as many numbers as there are dials, or of as many digits. */
function settingsOf(text: string, { dials, values }: LockShape): number[][] {
  return [...text.matchAll(RUN)]
    .map(([run]) => {
      const numbers = run.match(/\d+/g) ?? [];
      const digits = numbers.length === 1 ? Array.from(numbers[0]) : numbers;
      return digits.map(Number);
    })
    .filter((run) => run.length === dials && run.every((value) => value < values));
}
