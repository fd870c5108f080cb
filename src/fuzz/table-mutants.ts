/** Tables as programs and people write them, and mutants of them. */
import type { Rng } from '../base/rng.ts';
import { encodeText } from '../runs/checks.ts';
import { joined, mutateBytes, type Bytes } from './mutate.ts';

const ROWS = 24;

function lines(head: string, row: (i: number) => string): string {
  return [head, ...Array.from({ length: ROWS }, (_, i) => row(i))].join('\n');
}

/** Each of another kind: separators, decimal marks, gaps, words, identifiers, few columns. */
export const TABLES: readonly string[] = [
  lines('age,smoker,city,group', (i) => `${20 + i},${i % 2 ? 'yes' : 'no'},"Paris, FR",${i % 3}`),
  lines('length, cm;kind', (i) => `${i},5;${i % 2 ? 'cat' : 'dog'}`),
  lines('id\tlevel\tnote\ty', (i) => `${i}\t${i % 3 ? i : 'N/A'}\t"two\nlines"\t${i / 7}`),
  lines('height,kind', (i) => `${150 + i},${i < 12 ? 'a' : 'b'}`),
  lines('x|zip|y', (i) => `"${i},${i}"|0${1000 + i}|${1e9 + i}`),
  lines(
    'country,grade,passed',
    (i) => `${['DE', 'NA', 'FR'][i % 3]},"${i},5",${i % 2 ? '1' : '0.0'}`,
  ),
];

const ODD_CELLS = [
  ...[
    '',
    '"',
    '""',
    '"a"b',
    'NA',
    '-',
    '1e999',
    '0x10',
    '1,234',
    '1.234.567',
    '−5',
    '12345678901234567890',
  ],
  ...['=1+1', '# predict: x', '\u00a0', 'Infinity', '\ufeff', '00', 'a\nb', '"a\nb"', '1;2', '\t'],
] as const;

const CORRECTIONS = [
  '# predict: kind\n',
  '# numbers: age, "a ""b"""\n',
  '# left out: x\n# words: y\n',
  '# first line: data\n',
  '# decimal mark: comma\n',
  'sep=;\n',
] as const;

export function mutateTable(rng: Rng): Bytes {
  let text = rng.pick(TABLES);
  for (let n = rng.int(4); n > 0; n--) text = mutateText(text, rng);
  const bytes = encoded(text, rng);
  return rng.chance(0.3) ? mutateBytes(bytes, rng) : bytes;
}

function mutateText(text: string, rng: Rng): string {
  const all = text.split('\n');
  const at = rng.int(all.length);
  const separator = rng.pick([',', ';', '\t', '|']);
  const cells = all[at]!.split(separator);
  const cell = rng.int(cells.length);
  return rng.pick([
    () => all.with(at, cells.with(cell, rng.pick(ODD_CELLS)).join(separator)).join('\n'),
    () => all.with(at, all[at]! + separator).join('\n'),
    () => all.filter((_, i) => i !== at).join('\n'),
    () => [...all.slice(0, at), all[at]!, ...all.slice(at)].join('\n'),
    () => all.slice(0, at + 1).join('\n'),
    () => all.slice(at).join('\n'),
    () => text.replaceAll('\n', rng.pick(['\r\n', '\r', '\n\n'])),
    () => text.replaceAll(rng.pick([',', ';', '\t']), separator),
    () => column(all, separator, rng.int(3), rng.pick(ODD_CELLS)),
    () => rng.pick(CORRECTIONS) + text,
    () => text + '\n'.repeat(1 + rng.int(3)),
  ])();
}

/** The same value in every second line. */
function column(all: readonly string[], separator: string, at: number, value: string): string {
  return all
    .map((line, i) => {
      const cells = line.split(separator);
      return i % 2 === 0 && at < cells.length ? cells.with(at, value).join(separator) : line;
    })
    .join('\n');
}

function encoded(text: string, rng: Rng): Bytes {
  const roll = rng.next();
  if (roll < 0.7) return encodeText(text);
  if (roll < 0.8) return joined(Uint8Array.of(0xef, 0xbb, 0xbf), encodeText(text));
  if (roll < 0.9) return Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff);
  const units = Uint16Array.from(`\ufeff${text}`, (letter) => letter.charCodeAt(0));
  return new Uint8Array(units.buffer);
}
