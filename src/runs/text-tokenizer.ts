/**
 * The tokenizer of a pretrained model: tokenizer.json and tokenizer_config.json of its folder, and its
 * chat template. Inside the app a token is its piece, as tokenizer.json writes it, so that all that works
 * with words works with these.
 */
import { Template } from '@huggingface/jinja';
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import type { PieceKind } from '../base/pieces.ts';
import { BOS, EOS, PAD, type Tokenizer } from '../base/tokenizer.ts';
import type { PolicyConfig } from '../model/policy.ts';
import type { ReadFile } from './checkpoint.ts';
import { checkObject, decodeText, parseJson, RunFormatError } from './checks.ts';

const TOKENIZER = 'tokenizer.json';
const SETTINGS = 'tokenizer_config.json';
const TEMPLATE = 'chat_template.jinja';

export interface TextTokenizer {
  /** Pieces in id order. Its `bosId`, the app's `<bos>`, is what every conversation begins with. */
  readonly pieces: Tokenizer;
  /** A text in pieces; nothing is added. */
  readonly encode: (text: string) => string[];
  /** The text of pieces, special ones left out. */
  readonly decode: (pieces: readonly string[]) => string;
  /** What a model reads before it answers a person's message, without the first piece. */
  readonly chat: (message: string) => string[];
  readonly pieceKind: PieceKind;
}

const token = v.nullish(v.union([v.string(), v.looseObject({ content: v.string() })], 'a token'));
const template = v.union(
  [v.string(), v.array(v.looseObject({ name: v.string(), template: v.string() }))],
  'a template, or a list of them by name',
);
const SettingsSchema = v.looseObject({
  bos_token: token,
  eos_token: token,
  pad_token: token,
  unk_token: token,
  chat_template: v.nullish(template),
});
type Settings = v.InferOutput<typeof SettingsSchema>;

const TokenizerSchema = v.looseObject({
  model: v.looseObject({}, 'a model'),
  decoder: v.optional(v.unknown()),
  added_tokens: v.nullish(
    v.array(v.looseObject({ id: v.number('an id'), content: v.string('a text') }), 'a list'),
  ),
});

/**
 * @param config of the model, whose vocabulary the tokenizer's pieces must fit.
 * @throws RunFormatError naming the file, and the field that is not as expected.
 */
export async function readTextTokenizer(
  read: ReadFile,
  config: Pick<PolicyConfig, 'vocabSize' | 'eosId' | 'padId'>,
): Promise<TextTokenizer> {
  const described = checkObject(TOKENIZER, TokenizerSchema, await readJson(read, TOKENIZER));
  const settings = checkObject(SETTINGS, SettingsSchema, await readJson(read, SETTINGS));
  const tokenizer = refusing(TOKENIZER, () => new HuggingFaceTokenizer(described, settings));
  // Where ids have gaps the library lists pieces without a text.
  const named = [...tokenizer.get_vocab(true)].filter(([piece]) => typeof piece === 'string');
  const beyond = named.find(([, id]) => id >= config.vocabSize);
  if (beyond) {
    const problem = `"${beyond[0]}": got id ${beyond[1]}, expected less than ${config.vocabSize}`;
    throw new RunFormatError(TOKENIZER, `${problem}, the vocab_size of config.json`);
  }
  const render = await readTemplate(read, settings);
  const isOfBytes = JSON.stringify(described.decoder ?? null).includes('"ByteLevel"');
  const pieceKind: PieceKind = isOfBytes ? 'bytes' : 'spaced';
  const codec = { tokenizer, render, size: config.vocabSize, pieceKind };
  const first = idsOf(tokenizer, render(''))[0];
  if (first === undefined) {
    throw new RunFormatError(SETTINGS, 'chat_template: writes nothing, expected a conversation');
  }
  const eos = textOf(settings.eos_token);
  const eosId = (eos === undefined ? undefined : tokenizer.token_to_id(eos)) ?? config.eosId;
  return textTokenizer(codec, { bosId: first, eosId, padId: config.padId });
}

async function readJson(read: ReadFile, file: string): Promise<unknown> {
  const bytes = await read(file);
  if (!bytes) throw new RunFormatError(file, 'is missing, and texts cannot be read without it');
  return parseJson(file, decodeText(file, bytes));
}

/** What a library throws is the file's fault. */
function refusing<T>(file: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw new RunFormatError(file, (cause as Error).message, { cause });
  }
}

function textOf(special: Settings['eos_token']): string | undefined {
  return typeof special === 'string' ? special : special?.content;
}

/** The text of a conversation of one message, as far as the answer. */
type Render = (message: string) => string;

async function readTemplate(read: ReadFile, settings: Settings): Promise<Render> {
  const own = await read(TEMPLATE);
  const [file, source] = own
    ? [TEMPLATE, decodeText(TEMPLATE, own)]
    : [SETTINGS, defaultOf(settings.chat_template)];
  const parsed = refusing(file, () => new Template(source));
  const specials = Object.fromEntries(
    (['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const).map((name) => [
      name,
      textOf(settings[name]) ?? '',
    ]),
  );
  return (content) => {
    const messages = [{ role: 'user', content }];
    return refusing(file, () =>
      parsed.render({ messages, add_generation_prompt: true, ...specials }),
    );
  };
}

function defaultOf(templates: Settings['chat_template']): string {
  if (typeof templates === 'string') return templates;
  const chosen = templates?.find(({ name }) => name === 'default') ?? templates?.[0];
  if (chosen) return chosen.template;
  const problem = 'chat_template: got nothing, expected a template';
  throw new RunFormatError(SETTINGS, `${problem}, here or in ${TEMPLATE}`);
}

function idsOf(tokenizer: HuggingFaceTokenizer, text: string): number[] {
  return tokenizer.encode(text, { add_special_tokens: false }).ids;
}

const DECODING = { skip_special_tokens: true, clean_up_tokenization_spaces: false };

interface Codec {
  readonly tokenizer: HuggingFaceTokenizer;
  readonly render: Render;
  readonly size: number;
  readonly pieceKind: PieceKind;
}

function textTokenizer(
  { tokenizer, render, size, pieceKind }: Codec,
  specials: Pick<Tokenizer, 'bosId' | 'eosId' | 'padId'>,
): TextTokenizer {
  // A model may have more rows than its tokenizer has pieces.
  const words = Array.from(
    { length: size },
    (_, id) => tokenizer.id_to_token(id) ?? `<unused ${id}>`,
  );
  const ids = new Map(words.map((word, id) => [word, id]));
  // By the app's own names too, whatever the model calls them.
  ids.set(BOS, specials.bosId).set(EOS, specials.eosId).set(PAD, specials.padId);
  const idOf = (piece: string): number => {
    const id = ids.get(piece);
    if (id === undefined) throw new RangeError(`"${piece}" is not in the vocabulary`);
    return id;
  };
  const pieceOf = (id: number): string => {
    const piece = words[id];
    if (piece === undefined) throw new RangeError(`token id ${id}: expected 0 … ${size - 1}`);
    return piece;
  };
  const encode = (text: string): string[] => idsOf(tokenizer, text).map(pieceOf);
  return {
    pieces: {
      ...{ words, ...specials },
      encode: (pieces) => pieces.map(idOf),
      decode: (tokens) => Array.from(tokens, pieceOf),
    },
    ...{ encode, pieceKind },
    decode: (pieces) => (pieces.length === 0 ? '' : tokenizer.decode(pieces.map(idOf), DECODING)),
    chat: (message) => encode(render(message)).slice(1),
  };
}
