/** One answer of a pretrained model, with what it weighed: to be held beside other programs. */
import { startEngine } from '../model/engine.ts';
import { CliError } from '../node/args.ts';
import { defineCommand } from '../node/command.ts';
import { filesIn } from '../node/model-folder.ts';
import { READ_ONLY, readPretrained, type PretrainedModel } from '../training/create-session.ts';

const FLAGS = {
  model: {
    kind: 'string',
    required: true,
    help: 'Folder with a pretrained model of Hugging Face.',
  },
  prompt: { kind: 'string', required: true, help: 'The text that it answers.' },
  raw: {
    kind: 'boolean',
    help: 'Goes on from the text as it stands, without the chat template.',
  },
  maxTokens: { kind: 'integer', range: [1, 4096], default: 64, help: 'Most tokens of the answer.' },
  top: {
    kind: 'integer',
    range: [0, 1000],
    default: 0,
    help: 'So many of the largest logits of the first token.',
  },
} as const;

export const generate = defineCommand({
  flags: FLAGS,
  params: ['backend'],
  run: async ({ config, flags: { model: folder, prompt, raw, maxTokens, top } }) => {
    const model = await readPretrained(filesIn(folder));
    const ids = promptIds(model, prompt, raw);
    if (ids.length === 0) throw new CliError('--prompt: got no token, expected some text');
    const engine = await startEngine({ requested: config.backend });
    const { config: shape } = model.snapshot;
    const lora = shape.lora ?? READ_ONLY;
    const policy = await engine.from({ ...model.snapshot, config: { ...shape, lora } });
    const { tokens, logprobs, lengths } = await policy.sample({
      ...{ prompts: [ids], samplesPerPrompt: 1, maxTokens },
      ...{ temperature: 0, topP: 1, topK: 0, uniforms: new Float32Array(maxTokens) },
    });
    const written = [...tokens.subarray(0, lengths[0])];
    const { pieces, decode } = model.text;
    const report = {
      backend: engine.backend.name,
      prompt: ids,
      tokens: written,
      text: decode(pieces.decode(written)),
      logprobs: [...logprobs.subarray(0, lengths[0])],
      ...(top > 0 && { top: largest(await policy.logits([ids]), ids.length, top) }),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
    policy.dispose();
    engine.dispose();
  },
});

function promptIds({ text }: PretrainedModel, prompt: string, raw: boolean): number[] {
  const { pieces, encode, chat } = text;
  return raw ? pieces.encode(encode(prompt)) : [pieces.bosId, ...pieces.encode(chat(prompt))];
}

/** [id, logit] after the last token, falling. */
function largest(
  { values }: { readonly values: Float32Array },
  time: number,
  count: number,
): [number, number][] {
  const last = values.subarray(((time - 1) * values.length) / time);
  return Array.from(last, (logit, id): [number, number] => [id, logit])
    .sort(([, a], [, b]) => b - a)
    .slice(0, count);
}
