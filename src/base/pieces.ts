/**
 * Pieces of a pretrained model's tokenizer as text, for whoever shows them without the tokenizer: bytes under
 * the letters that GPT-2 writes them in, or texts whose spaces are ▁ (SentencePiece).
 */
export type PieceKind = 'bytes' | 'spaced';

/** Letter → byte: printable ones stand for themselves, the others are numbered from 256 on. */
const BYTES: ReadonlyMap<string, number> = new Map(byteLetters());

function byteLetters(): [string, number][] {
  const isPrintable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => [
    String.fromCodePoint(isPrintable(byte) ? byte : next++),
    byte,
  ]);
}

/** What pieces say together: a letter may be spread over several of them. */
export function textOfPieces(pieces: readonly string[], kind: PieceKind): string {
  if (kind === 'spaced') return spaced(pieces);
  const encoder = new TextEncoder();
  const bytes = pieces.flatMap((piece) =>
    Array.from(piece).flatMap((letter) => BYTES.get(letter) ?? [...encoder.encode(letter)]),
  );
  return new TextDecoder().decode(new Uint8Array(bytes));
}

const BYTE_PIECE = /^<0x([0-9A-Fa-f]{2})>$/;

function spaced(pieces: readonly string[]): string {
  const encoder = new TextEncoder();
  const bytes = pieces.flatMap((piece) => {
    const byte = BYTE_PIECE.exec(piece)?.[1];
    return byte === undefined
      ? [...encoder.encode(piece.replaceAll('▁', ' '))]
      : [parseInt(byte, 16)];
  });
  return new TextDecoder().decode(new Uint8Array(bytes)).replace(/^ /, '');
}

/** One piece as it is shown: white space is visible. */
export function visiblePiece(piece: string, kind: PieceKind): string {
  const text = kind === 'spaced' ? spaced([` ${piece}`]) : textOfPieces([piece], kind);
  return text.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥') || '∅';
}
