import { describe, expect, test } from 'vitest';
import { parseConversation } from './text.ts';

describe('a typed conversation', () => {
  const parse = (text: string) => () => parseConversation(text);
  const at = 'at docs\nroot: todo\ndocs: notes=apple plan\ndocs/old: log\n\n';

  test('is read with its case and punctuation forgiven', () => {
    const { tree, turns } = parseConversation(`${at}Move notes to old.\nWhat does it say?\n`);
    expect(turns).toEqual(['move notes to old', 'what does it say']);
    expect(tree.dirs).toEqual([
      { name: 'docs', parent: 'root' },
      { name: 'old', parent: 'docs' },
    ]);
    expect(tree.files).toContainEqual({ name: 'notes', dir: 'docs', text: 'apple' });
  });

  test.each([
    ['open notes', 'turn 1: got "open notes", expected known words; "open" is not one'],
    ['notes move to', 'turn 1: got "notes move to", expected a sentence such as'],
    ['delete it', 'turn 1: got "delete it", expected the turn before to name what is meant'],
    ['list docs\nwhere is it', 'turn 2: got "where is it", expected the turn before to name'],
    ['delete todo\nold too', 'turn 2: got "old too", expected the turn before to name'],
    ['', 'turns: got "0", expected 1 to 7 sentences'],
  ])('with the sentences %j is refused', (sentences, message) => {
    expect(parse(at + sentences)).toThrow(message);
  });

  test.each([
    ['docs:\n\nlist docs', 'line 1: got "docs:", expected "at"'],
    ['at docs\ndocs notes\n\nlist docs', 'line 2: got "docs notes", expected a directory, a colon'],
    ['at docs\ndocs: nuts\n\nlist docs', 'line 2: got "nuts", expected a file: notes, plan'],
    ['at docs\ndocs: plan=fog\n\nlist docs', 'line 2: got "fog", expected a text: apple'],
    ['at docs\nnotes: plan\n\nlist docs', 'line 2: got "notes", expected a directory: root'],
    ['at src\ndocs: notes\n\nlist docs', 'line 1: got "src", expected a directory that has a line'],
    ['at docs\ndocs:\ndocs:\n\nlist docs', 'directory: got "docs", expected a name that no other'],
    ['at docs\ndocs: plan plan\n\nlist docs', 'file: got "docs/plan", expected each file once'],
    ['at old\nold/docs:\ndocs/old:\n\nlist docs', 'expected a parent at the top'],
    ['at docs\nsrc/old/docs:\n\nlist docs', 'line 2: got "src/old/docs", expected a directory at'],
    ['at docs\ndocs:', 'text: got "at docs\ndocs:", expected the workspace, an empty line'],
  ])('%j is refused', (text, message) => {
    expect(parse(text)).toThrow(message);
  });
});
