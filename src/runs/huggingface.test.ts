import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PolicyConfig } from '../model/policy.ts';
import { POLICY } from './bundle.testing.ts';
import { RunFormatError } from './checks.ts';
import {
  fromHuggingFaceConfig,
  toGenerationConfig,
  toHuggingFaceConfig,
  weightShapes,
} from './huggingface.ts';
import { readSafetensors } from './safetensors.ts';

const FIXTURES = ['tied', 'untied', 'gqa', 'qwen2', 'qwen3'] as const;

function fixture(name: string, path: string): Uint8Array {
  return readFileSync(new URL(`../golden/fixtures/${name}/${path}`, import.meta.url));
}

function fixtureConfig(name: string): unknown {
  return JSON.parse(new TextDecoder().decode(fixture(name, 'config.json')));
}

const size = fc.integer({ min: 1, max: 5000 });
const anyScaling = fc
  .record({ factor: size, lowFreqFactor: size, more: size, originalMaxPositions: size })
  .map(({ more, ...rest }) => ({ ...rest, highFreqFactor: rest.lowFreqFactor + more }));
const anyConfig: fc.Arbitrary<PolicyConfig> = fc
  .record({
    half: fc.integer({ min: 1, max: 64 }),
    kvHeads: fc.integer({ min: 1, max: 8 }),
    group: fc.integer({ min: 1, max: 4 }),
    ropeScaling: fc.option(anyScaling),
    family: fc.constantFrom({}, { attentionBias: true }, { queryKeyNorm: true }),
  })
  .chain(({ half, kvHeads, group, ropeScaling, family }) =>
    fc.record({
      ...{ numKeyValueHeads: fc.constant(kvHeads), ropeScaling: fc.constant(ropeScaling) },
      family: fc.constant(family),
      vocabSize: fc.integer({ min: 3, max: 5000 }),
      hiddenSize: size,
      intermediateSize: size,
      numLayers: size,
      numHeads: fc.constant(kvHeads * group),
      headDim: fc.constant(2 * half),
      maxPositions: size,
      rmsNormEps: fc.constantFrom(1e-5, 1e-6),
      ropeTheta: fc.constantFrom(10000, 500000),
      tieEmbeddings: fc.boolean(),
      bosId: fc.constant(1),
      eosId: fc.constant(2),
      padId: fc.constant(0),
    }),
  )
  .map(({ family, numKeyValueHeads, ropeScaling, ...rest }) => ({
    ...rest,
    ...family,
    ...(numKeyValueHeads < rest.numHeads && { numKeyValueHeads }),
    ...(ropeScaling && { ropeScaling }),
  }));

describe('config.json', () => {
  test('any configuration comes back', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        const text = JSON.stringify(toHuggingFaceConfig(config));
        expect(fromHuggingFaceConfig(JSON.parse(text))).toEqual(config);
      }),
    );
  });

  test.each(FIXTURES)('is the file that the reference was made with (%s)', (name) => {
    const file = fixtureConfig(name);
    const config = fromHuggingFaceConfig(file);
    expect(toHuggingFaceConfig(config)).toEqual(file);
  });

  test.each(FIXTURES)('calls for exactly the tensors of the reference (%s)', (name) => {
    const shapes = weightShapes(fromHuggingFaceConfig(fixtureConfig(name)));
    const { tensors } = readSafetensors(fixture(name, 'model.safetensors'));
    expect(Object.fromEntries(shapes)).toEqual(
      Object.fromEntries(tensors.map(({ name, shape }) => [name, shape])),
    );
  });

  test('fields that transformers leaves out take its defaults', () => {
    const left = [
      'num_key_value_heads',
      'head_dim',
      'rope_theta',
      'tie_word_embeddings',
      'attention_bias',
      'mlp_bias',
    ];
    const fields = Object.entries(toHuggingFaceConfig({ ...POLICY, tieEmbeddings: false }));
    const file = Object.fromEntries(fields.filter(([name]) => !left.includes(name)));
    expect(fromHuggingFaceConfig({ ...file, use_cache: true, rope_scaling: null })).toEqual({
      ...POLICY,
      tieEmbeddings: false,
    });
  });

  test('a file of Qwen names a window that it does not use, and several tokens that end', () => {
    const {
      bos_token_id: _bos,
      pad_token_id: _pad,
      ...file
    } = {
      ...toHuggingFaceConfig({ ...POLICY, attentionBias: true }),
      ...{ sliding_window: 32_768, use_sliding_window: false, max_window_layers: 21 },
      ...{ eos_token_id: [5, 2], attention_bias: undefined },
    };
    expect(fromHuggingFaceConfig(file)).toEqual({
      ...{ ...POLICY, attentionBias: true },
      ...{ bosId: 5, eosId: 5, padId: 5 },
    });
  });

  test('both spellings of the rotary base mean the same', () => {
    const { rope_theta: _, ...file } = toHuggingFaceConfig({ ...POLICY, ropeTheta: 500 });
    const spelled = [
      { ...file, rope_theta: 500 },
      { ...file, rope_theta: 500, rope_scaling: { rope_type: 'default' } },
      { ...file, rope_parameters: { rope_theta: 500, rope_type: 'default' } },
      { ...file, rope_theta: 500, rope_parameters: { rope_theta: 500 }, rope_scaling: null },
    ].map((one) => fromHuggingFaceConfig(one));
    const llama3 = {
      ...{ rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 },
      original_max_position_embeddings: 32,
    };
    const scaled = [
      { ...file, rope_theta: 500, rope_scaling: llama3 },
      { ...file, rope_parameters: { ...llama3, rope_theta: 500 } },
      { ...file, rope_theta: 500, rope_scaling: llama3, rope_parameters: llama3 },
    ].map((one) => fromHuggingFaceConfig(one));
    const ropeScaling = {
      factor: 8,
      lowFreqFactor: 1,
      highFreqFactor: 4,
      originalMaxPositions: 32,
    };
    for (const config of scaled) expect(config).toEqual({ ...POLICY, ropeTheta: 500, ropeScaling });
    for (const config of spelled) expect(config).toEqual({ ...POLICY, ropeTheta: 500 });
    expect(fromHuggingFaceConfig({ ...file, rope_parameters: null }).ropeTheta).toBe(10000);
  });

  test.each<[string, object, string]>([
    [
      'another architecture',
      { architectures: ['GPT2'] },
      'architectures: got ["GPT2"], expected one of LlamaForCausalLM, Qwen2',
    ],
    [
      'another model',
      { model_type: 'gpt2' },
      'model_type: got "gpt2", expected "llama" or "qwen2"',
    ],
    [
      'a model that is not the architecture',
      { model_type: 'qwen2' },
      'architectures: got ["LlamaForCausalLM"], expected ["Qwen2ForCausalLM"], which model_type says',
    ],
    [
      'a text for a number',
      { hidden_size: '8' },
      'hidden_size: got "8", expected a whole number of at least 1',
    ],
    [
      'a fraction',
      { num_hidden_layers: 1.5 },
      'num_hidden_layers: got 1.5, expected a whole number of at least 1',
    ],
    [
      'zero heads',
      { num_attention_heads: 0 },
      'num_attention_heads: got 0, expected a whole number of at least 1',
    ],
    [
      'a missing field',
      { vocab_size: undefined },
      'vocab_size: got nothing, expected a whole number of at least 1',
    ],
    ['no epsilon', { rms_norm_eps: 0 }, 'rms_norm_eps: got 0, expected a number above 0'],
    [
      'groups of unequal size',
      { num_attention_heads: 4, num_key_value_heads: 3 },
      'num_key_value_heads: got 3, expected a divisor of num_attention_heads (4)',
    ],
    ['an odd head', { head_dim: 3 }, 'head_dim: got 3, expected an even whole number'],
    [
      'heads that do not divide the width',
      { head_dim: null, num_attention_heads: 3, num_key_value_heads: 3 },
      'head_dim: got 2.66',
    ],
    [
      'another scaling of rotary embeddings',
      { rope_scaling: { type: 'linear' } },
      'rope_scaling.type: got "linear", expected "default" or "llama3"',
    ],
    [
      'a scaling that lacks a part',
      { rope_scaling: { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 } },
      'rope_scaling.original_max_position_embeddings: got nothing, expected a number of at least 1',
    ],
    [
      'a band of no width',
      {
        rope_scaling: {
          ...{ rope_type: 'llama3', factor: 8, low_freq_factor: 4, high_freq_factor: 4 },
          original_max_position_embeddings: 32,
        },
      },
      'rope_scaling.high_freq_factor: got 4, expected more than low_freq_factor (4)',
    ],
    [
      'more layers than anything is made of',
      { num_hidden_layers: 1e9 },
      'num_hidden_layers: got 1000000000, expected at most 8192',
    ],
    [
      'more positions',
      { max_position_embeddings: 1e7 },
      'max_position_embeddings: got 10000000, expected at most 131072',
    ],
    [
      'scaling as transformers 5 spells it',
      { rope_parameters: { rope_type: 'linear', rope_theta: 10000, factor: 8 } },
      'rope_parameters.rope_type: got "linear", expected "default" or "llama3"',
    ],
    [
      'a base per kind of layer',
      { rope_parameters: { full_attention: { rope_theta: 10000 } } },
      'rope_parameters.full_attention: got {"rope_theta":10000}, expected nothing',
    ],
    [
      'two spellings that disagree',
      { rope_theta: 500, rope_parameters: { rope_theta: 10000 } },
      'rope_parameters.rope_theta: got 10000, expected rope_theta (500), where both are given',
    ],
    ['a base that is none', { rope_theta: 0 }, 'rope_theta: got 0, expected a number from 1 to'],
    ['another key of rotary embeddings', { rope_interleaved: true }, 'rope_interleaved: got true'],
    [
      'half of them',
      { partial_rotary_factor: 0.5 },
      'partial_rotary_factor: got 0.5, expected 1 or',
    ],
    [
      'quantized weights',
      { quantization_config: { bits: 4 } },
      'quantization_config: got {"bits":4}, expected nothing: this decoder has no such part',
    ],
    ['another activation', { hidden_act: 'gelu' }, 'hidden_act: got "gelu", expected "silu"'],
    ['biases', { attention_bias: true }, 'attention_bias: got true, expected false'],
    [
      'no end token',
      { eos_token_id: [] },
      'eos_token_id: got [], expected a whole number of at least 0, or several',
    ],
    [
      'an end token out of range',
      { eos_token_id: [2, 8] },
      'eos_token_id: got 8, expected less than vocab_size (8)',
    ],
    [
      'an id out of range',
      { pad_token_id: 8 },
      'pad_token_id: got 8, expected less than vocab_size (8)',
    ],
  ])('%s is refused', (_what, changes, message) => {
    const file = JSON.parse(
      JSON.stringify({ ...toHuggingFaceConfig(POLICY), ...changes }),
    ) as unknown;
    expect(() => fromHuggingFaceConfig(file)).toThrow(RunFormatError);
    expect(() => fromHuggingFaceConfig(file)).toThrow(`config.json: ${message}`);
  });

  test('what is no object is refused', () => {
    for (const value of [null, [], 'text', 3]) {
      expect(() => fromHuggingFaceConfig(value)).toThrow('expected a JSON object');
    }
  });
});

test('generation_config.json samples from the whole distribution, as the run does', () => {
  expect(toGenerationConfig(POLICY, 0.7)).toEqual({
    bos_token_id: 1,
    eos_token_id: 2,
    pad_token_id: 0,
    do_sample: true,
    temperature: 0.7,
    top_k: 0,
    top_p: 1,
  });
});
