import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf, type Line } from './lines.ts';

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size: number, most = 1000): Promise<Line[]> {
  const lines: Line[] = [];
  const bytes = new TextEncoder().encode(text);
  for await (const line of linesOf(chunked(bytes, size), most)) lines.push(line);
  return lines;
}

it('gives the lines of any text, however it is cut, with their numbers', async () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 12 }).map((s) => s.replaceAll('\n', ''));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 9 }), async (lines, size) => {
      const wanted = lines
        .map((text, i) => ({ number: i + 1, text }))
        .filter(({ text }) => text.trim() !== '');
      expect(await read(lines.join('\n'), size)).toEqual(wanted);
      expect(await read(lines.map((one) => `${one}\n`).join(''), size)).toEqual(wanted);
    }),
  );
});

it('refuses a line that is too long before all of it is there', async () => {
  let taken = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('short\n');
    for (;;) {
      taken++;
      yield new Uint8Array(100).fill(0x61);
    }
  }
  const lines: Line[] = [];
  const reading = (async () => {
    for await (const line of linesOf(endless(), 1000)) lines.push(line);
  })();
  await expect(reading).rejects.toThrow('line 2: got more than 1,000 bytes, expected at most that');
  expect(lines).toEqual([{ number: 1, text: 'short' }]);
  expect(taken).toBe(11);
});

it('refuses what is no text', async () => {
  const reading = async () => {
    for await (const _ of linesOf(chunked(Uint8Array.of(0x61, 0x0a, 0xff), 3), 10));
  };
  await expect(reading()).rejects.toThrow('line 2: is not UTF-8 text');
});
