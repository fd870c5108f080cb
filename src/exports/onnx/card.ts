/** README.md beside an exported ONNX model. */
import type { PolicyConfig } from '../../model/policy.ts';
import { decoderOf } from '../../runs/model-card.ts';
import { OPSET } from './model.ts';

export function onnxCard(config: PolicyConfig): string {
  const { numLayers, headDim, maxPositions } = config;
  return `---
license: mit
library_name: transformers.js
pipeline_tag: text-generation
tags:
  - exploratory-iteration
  - onnx
---

# ExIt Lab: a policy in ONNX

${decoderOf(config)}. Standard operators of opset ${OPSET}, float32.

| file | what it computes |
| --- | --- |
| \`onnx/model.onnx\` | logits of new tokens after a cache, which goes in and comes out grown |
| \`onnx/decoder_model.onnx\` | logits of a whole sequence, without a cache |

Inputs: \`input_ids\`, \`attention_mask\` and \`position_ids\` (int64; positions below ${maxPositions}), and with a
cache \`past_key_values.0.key\` … \`past_key_values.${numLayers - 1}.value\`, float32 [batch, heads, past, ${headDim}], of
which \`past\` may be 0. Outputs: \`logits\`, and with a cache \`present.0.key\` … \`present.${numLayers - 1}.value\`.

\`\`\`js
import { AutoModelForCausalLM, AutoTokenizer, env } from '@huggingface/transformers';

env.localModelPath = '/folder/that/holds/this/one/';
const tokenizer = await AutoTokenizer.from_pretrained('this-folder');
const model = await AutoModelForCausalLM.from_pretrained('this-folder', { dtype: 'fp32' });
\`\`\`

The tokenizer has one token per word, and words are separated by spaces.
`;
}
