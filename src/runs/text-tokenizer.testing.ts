/** A tokenizer in the format of real ones: byte-level BPE with a few merges and a chat template. */
import type { ReadFile } from './checkpoint.ts';

/** As GPT-2 writes bytes: printable ones as they are, the others from 256 on. */
function byteLetters(): string[] {
  const printable = (byte: number): boolean =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(printable(byte) ? byte : next++),
  );
}

const MERGES = ['Ġ =', 'Ġ -', 'Ġ +', 'Ġ *', 't h', 'th e', 'Ġ the', 'n u', 'nu m'] as const;
export const SPECIALS = ['<|endoftext|>', '<|im_start|>', '<|im_end|>'] as const;

const TEMPLATE =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const PIECES = [...SPECIALS, ...byteLetters(), ...MERGES.map((merge) => merge.replace(' ', ''))];

export const TEXT_VOCABULARY = PIECES.length;

export const TOKENIZER_FILE = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: SPECIALS.map((content, id) => ({
    ...{ id, content, special: true, single_word: false },
    ...{ lstrip: false, rstrip: false, normalized: false },
  })),
  normalizer: null,
  pre_tokenizer: {
    type: 'ByteLevel',
    add_prefix_space: false,
    trim_offsets: true,
    use_regex: true,
  },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    ...{ type: 'BPE', dropout: null, unk_token: null, fuse_unk: false, byte_fallback: false },
    vocab: Object.fromEntries(PIECES.map((piece, id) => [piece, id])),
    merges: MERGES,
  },
};

export const SETTINGS_FILE = {
  tokenizer_class: 'GPT2Tokenizer',
  bos_token: '<|im_start|>',
  eos_token: { content: '<|im_end|>' },
  pad_token: '<|im_end|>',
  chat_template: TEMPLATE,
};

/** A folder of such files, some of them changed. */
export function textFiles(changes: Readonly<Record<string, unknown>> = {}): ReadFile {
  const files: Readonly<Record<string, unknown>> = {
    'tokenizer.json': TOKENIZER_FILE,
    'tokenizer_config.json': SETTINGS_FILE,
    ...changes,
  };
  return (name) => {
    const content = files[name];
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return Promise.resolve(content === undefined ? undefined : new TextEncoder().encode(text));
  };
}
