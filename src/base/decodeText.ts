/** Text of files that do not say how it is encoded. */

export interface DecodedText {
  readonly text: string;
  /** Its name, in words. */
  readonly encoding: string;
}

const MARKS = [
  { bytes: [0xef, 0xbb, 0xbf], label: 'utf-8', encoding: 'UTF-8 (with a byte order mark)' },
  { bytes: [0xff, 0xfe], label: 'utf-16le', encoding: 'UTF-16 (little-endian)' },
  { bytes: [0xfe, 0xff], label: 'utf-16be', encoding: 'UTF-16 (big-endian)' },
] as const;

/** What no text holds: control characters other than tabs and ends of lines. */
// eslint-disable-next-line no-control-regex
const BINARY = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/**
 * As its byte order mark says; else UTF-8 where every byte is, else windows-1252, in which any bytes are
 * text.
 * @throws RangeError if it is no text, or not what its mark says.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const mark = MARKS.find((one) => one.bytes.every((byte, i) => bytes[i] === byte));
  const decoded = mark ? marked(bytes, mark) : unmarked(bytes);
  if (BINARY.test(decoded.text)) throw new RangeError(`file: got ${kindOf(bytes)}, expected text`);
  return decoded;
}

function marked(bytes: Uint8Array, { label, encoding }: (typeof MARKS)[number]): DecodedText {
  const text = decode(bytes, label);
  if (text !== undefined) return { text, encoding };
  throw new RangeError(`file: got bytes that are not ${encoding}, expected what its mark says`);
}

function unmarked(bytes: Uint8Array): DecodedText {
  const text = decode(bytes, 'utf-8');
  if (text !== undefined) return { text, encoding: 'UTF-8' };
  const western = new TextDecoder('windows-1252').decode(bytes);
  return { text: western.replace(C1, inC1), encoding: 'windows-1252' };
}

/** Bytes 0x80 to 0x9f, which Node leaves as the control characters of ISO 8859-1. */
const IN_C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const C1 = /[\u0080-\u009f]/g;

function inC1(control: string): string {
  return IN_C1[control.charCodeAt(0) - 0x80]!;
}

/** Without its mark; undefined where a byte is none of the encoding. */
function decode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function kindOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return 'a zip archive or a workbook';
  return 'binary data';
}
