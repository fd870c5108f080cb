import { describe, expect, it } from 'vitest';
import { textOfPieces, visiblePiece } from './pieces.ts';
import { newParts } from './text-diff.ts';

describe('pieces of a tokenizer', () => {
  it('are bytes under other letters, of which several may be one letter', () => {
    expect(textOfPieces(['3', 'Ġ+', 'Ġ4', 'Ċ', 'Ã', '¼'], 'bytes')).toBe('3 + 4\nü');
    expect(visiblePiece('Ġthe', 'bytes')).toBe('␣the');
    expect(visiblePiece('Ċ', 'bytes')).toBe('↵');
  });

  it('are texts with a sign for spaces, and bytes by their number', () => {
    expect(textOfPieces(['▁3', '▁+', '<0xC3>', '<0xBC>'], 'spaced')).toBe('3 +ü');
    expect(visiblePiece('▁the', 'spaced')).toBe('␣the');
  });
});

describe('what is new in a text', () => {
  it('is what no longest common sequence of words holds', () => {
    expect(newParts('1 + 2 = 3\n3 * 4 = 12', '1 + 2 = 3\n3 - 4 = 12')).toEqual([
      { text: '1 + 2 = 3\n3 ', isNew: false },
      { text: '* ', isNew: true },
      { text: '4 = 12', isNew: false },
    ]);
  });

  it('is nothing where there was no text before, and all where nothing is alike', () => {
    expect(newParts('a b', null)).toEqual([{ text: 'a b', isNew: false }]);
    expect(newParts('a b', 'c')).toEqual([{ text: 'a b', isNew: true }]);
    expect(newParts('', 'c')).toEqual([]);
  });
});
