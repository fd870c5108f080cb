import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTextTokenizer, type TextTokenizer } from './text-tokenizer.ts';
import {
  SETTINGS_FILE,
  TEXT_VOCABULARY,
  textFiles,
  TOKENIZER_FILE,
} from './text-tokenizer.testing.ts';

const CONFIG = { vocabSize: TEXT_VOCABULARY + 3, eosId: 0, padId: 0 };
const open = (changes: Readonly<Record<string, unknown>> = {}): Promise<TextTokenizer> =>
  readTextTokenizer(textFiles(changes), CONFIG);

describe('a tokenizer of texts', () => {
  it('gives back any text, in pieces that its ids give back', async () => {
    const { encode, decode, pieces } = await open();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (whole) => {
        fc.pre(!/<\|(im_start|im_end|endoftext)\|>/.test(whole));
        const tokens = encode(whole);
        expect(decode(tokens)).toBe(whole);
        expect(pieces.decode(pieces.encode(tokens))).toEqual(tokens);
      }),
    );
    expect(encode('7 - 3 = 4, the number')).toEqual([
      '7',
      'Ġ-',
      'Ġ',
      '3',
      'Ġ=',
      'Ġ',
      '4',
      ',',
      'Ġthe',
      'Ġ',
      'num',
      'b',
      'e',
      'r',
    ]);
  });

  it('puts a message as the template says, but for the piece that begins it', async () => {
    const { chat, pieces, decode } = await open();
    const read = chat('hi');
    expect(read.join('')).toBe('userĊhi<|im_end|>Ċ<|im_start|>assistantĊ');
    expect(pieces.words[pieces.bosId]).toBe('<|im_start|>');
    expect(pieces.words[pieces.eosId]).toBe('<|im_end|>');
    expect(decode(read)).toBe('user\nhi\nassistant\n');
    expect(pieces.words).toHaveLength(CONFIG.vocabSize);
    expect(pieces.words.at(-1)).toBe(`<unused ${CONFIG.vocabSize - 1}>`);
  });

  it('takes the template of a file of its own, or the default of several', async () => {
    const own = await open({ 'chat_template.jinja': '{{ bos_token }}{{ messages[0].content }}!' });
    expect(own.chat('hi').join('')).toBe('hi!');
    const named = [
      { name: 'tool_use', template: 'x' },
      { name: 'default', template: '{{ eos_token }}{{ messages[0].content }}?' },
    ];
    const settings = { ...SETTINGS_FILE, chat_template: named };
    const several = await open({ 'tokenizer_config.json': settings });
    expect(several.chat('hi').join('')).toBe('hi?');
    expect(several.pieces.words[several.pieces.bosId]).toBe('<|im_end|>');
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['no tokenizer', { 'tokenizer.json': undefined }, 'tokenizer.json: is missing'],
    [
      'no template',
      { 'tokenizer_config.json': { ...SETTINGS_FILE, chat_template: undefined } },
      'tokenizer_config.json: chat_template: got nothing, expected a template, here or in',
    ],
    [
      'a template that cannot be read',
      { 'chat_template.jinja': '{% for x in %}' },
      'chat_template.jinja: ',
    ],
    ['an empty template', { 'chat_template.jinja': '' }, 'chat_template: writes nothing'],
    [
      'a model of another kind',
      { 'tokenizer.json': { ...TOKENIZER_FILE, model: { type: 'Mystery' } } },
      'tokenizer.json: ',
    ],
    [
      'more pieces than the model',
      {
        'tokenizer.json': {
          ...TOKENIZER_FILE,
          added_tokens: [{ ...TOKENIZER_FILE.added_tokens[0], id: 9999, content: '<|more|>' }],
        },
      },
      'tokenizer.json: "<|more|>": got id 9999, expected less than',
    ],
  ])('with %s is refused', async (_what, changes, message) => {
    await expect(open(changes)).rejects.toThrow(message);
  });
});
