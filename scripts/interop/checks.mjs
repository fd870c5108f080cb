/**
 * Holds exported ONNX models to Node's runtime and to transformers.js:
 *
 *     node checks.mjs CHECK CASE PACKAGES
 *
 * CASE is a folder of cases.ts, PACKAGES one from which npm packages can be imported. Prints what was loaded
 * and what agreed; exits with 1 and says what did not otherwise.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LOGITS = 1e-4;

const [, , check, folder, packages] = process.argv;
const require = createRequire(join(packages, 'package.json'));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const versionOf = (name) =>
  JSON.parse(readFileSync(join(packages, 'node_modules', name, 'package.json'), 'utf8')).version;
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

function expectThat(holds, problem) {
  if (holds) return;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** The largest difference from the logits of a sequence. */
function distance(logits, sequence) {
  const wanted = expected.logits[sequence];
  expectThat(
    logits.length === wanted.length,
    `got ${logits.length} logits, expected ${wanted.length}`,
  );
  return wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - logits[i])), 0);
}

function expectClose(worst) {
  const problem = `logits differ by ${worst.toPrecision(2)}, expected less than ${LOGITS}`;
  expectThat(worst < LOGITS, problem);
}

async function onnxruntimeNode() {
  const { default: ort } = await load('onnxruntime-node');
  const path = join(folder, 'onnx', 'onnx', 'decoder_model.onnx');
  const session = await ort.InferenceSession.create(path);
  let worst = 0;
  for (const [i, { ids }] of expected.sequences.entries()) {
    const tensor = (values) =>
      new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
    const { logits } = await session.run({
      input_ids: tensor(ids),
      attention_mask: tensor(ids.map(() => 1)),
      position_ids: tensor(ids.keys()),
    });
    worst = Math.max(worst, distance(logits.data, i));
  }
  expectClose(worst);
  const version = versionOf('onnxruntime-node');
  return `decoder_model.onnx in onnxruntime-node ${version}: logits of ${expected.sequences.length} sequences within ${worst.toExponential(0)}`;
}

async function transformersJs() {
  const { AutoModelForCausalLM, AutoTokenizer, env } = await load('@huggingface/transformers');
  env.allowRemoteModels = false;
  env.localModelPath = folder;
  const tokenizer = await AutoTokenizer.from_pretrained('onnx');
  const model = await AutoModelForCausalLM.from_pretrained('onnx', {
    dtype: 'fp32',
    device: 'cpu',
  });
  let worst = 0;
  for (const [i, { text }] of expected.sequences.entries()) {
    const { logits } = await model(tokenizer(text));
    worst = Math.max(worst, distance(logits.data, i));
  }
  expectClose(worst);
  for (const { text, written } of expected.greedy) {
    const inputs = tokenizer(text);
    const output = await model.generate({
      ...inputs,
      do_sample: false,
      max_new_tokens: expected.newTokens,
    });
    const continued = output.slice(null, [inputs.input_ids.dims[1], null]);
    const [got] = tokenizer.batch_decode(continued, { skip_special_tokens: true });
    expectThat(
      got === written,
      `text: got ${JSON.stringify(got)}, expected ${JSON.stringify(written)}`,
    );
  }
  const version = versionOf('@huggingface/transformers');
  return `${model.constructor.name} of transformers.js ${version}: logits within ${worst.toExponential(0)}, ${expected.greedy.length} greedy texts equal`;
}

const CHECKS = { 'onnxruntime-node': onnxruntimeNode, 'transformers.js': transformersJs };
process.stdout.write(`${await CHECKS[check]()}\n`);
process.exit(0);
