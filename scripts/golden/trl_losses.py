"""What TRL's GRPO loss and PyTorch's AdamW make of a golden batch.

    python trl_losses.py GOLDEN OUT

GOLDEN is a folder of src/golden/fixtures with a model and reference.json, whose tokens, advantages and
log-probabilities are taken; OUT is written in the format of its `losses` and `adamw`, with versions. The
loss is `GRPOTrainer._compute_loss` of a real trainer, in float64. Versions: scripts/interop/requirements.txt.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TQDM_DISABLE"] = "1"

import torch
import transformers
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
from trl import GRPOConfig, GRPOTrainer

HEAD = 4
KL_BETA = 0.04
CLIP_LOW, CLIP_HIGH = 0.2, 0.28
HYPER = {"lr": 0.003, "betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.1}
CLIP_NORM = 1.0
STEPS = 3


def trainer_of(folder, vocab_size, **settings):
    model = LlamaForCausalLM.from_pretrained(folder)
    words = {"<pad>": 0, "<bos>": 1, "<eos>": 2, **{f"w{i}": i for i in range(3, vocab_size)}}
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel(words, unk_token="<pad>")),
        pad_token="<pad>",
        bos_token="<bos>",
        eos_token="<eos>",
    )
    args = GRPOConfig(
        output_dir=tempfile.mkdtemp(),
        use_cpu=True,
        bf16=False,
        report_to=[],
        num_generations=4,
        per_device_train_batch_size=8,
        steps_per_generation=1,
        gradient_checkpointing=False,
        disable_dropout=True,
        # DeepSeek-V3.2 weighs the KL estimate with the ratio; the loss here, and that of the paper, do not.
        use_bias_correction_kl=False,
        **settings,
    )
    prompts = Dataset.from_dict({"prompt": ["w3"] * 8})
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=lambda completions, **_: [0.0] * len(completions),
        args=args,
        train_dataset=prompts,
        processing_class=tokenizer,
    )
    trainer.current_gradient_accumulation_steps = 1
    trainer.model.double()
    return trainer


def batch_of(reference, pad_id):
    """The batch as the trainer has it: prompts padded on the left, completions on the right."""
    rows = []
    for ids, mask, old, ref in zip(
        reference["ids"], reference["completionMask"], reference["oldLogprobs"], reference["refLogprobs"]
    ):
        # Mask column t stands for the prediction of token t + 1; a row without any has one that is masked.
        counted = [t for t, m in enumerate(mask) if m]
        begin, end = (counted[0], counted[-1] + 1) if counted else (0, 1)
        rows.append(
            {
                "prompt": [int(id) for id in ids[: begin + 1]],
                "completion": [int(id) for id in ids[begin + 1 : end + 1]],
                "mask": 1 if counted else 0,
                "old": old[begin:end],
                "ref": ref[begin:end],
            }
        )
    longest = {name: max(len(row[name]) for row in rows) for name in ("prompt", "completion")}

    def right(values, fill=0):
        return list(values) + [fill] * (longest["completion"] - len(values))

    def left(values, fill):
        return [fill] * (longest["prompt"] - len(values)) + list(values)

    completion_mask = torch.tensor([right([row["mask"]] * len(row["completion"])) for row in rows])
    return {
        "prompt_ids": torch.tensor([left(row["prompt"], pad_id) for row in rows]),
        "prompt_mask": torch.tensor([left([1] * len(row["prompt"]), 0) for row in rows]),
        "completion_ids": torch.tensor([right(row["completion"], pad_id) for row in rows]),
        "completion_mask": completion_mask,
        "advantages": torch.tensor(reference["advantages"], dtype=torch.float64),
        "old_per_token_logps": torch.tensor([right(row["old"]) for row in rows], dtype=torch.float64),
        "ref_per_token_logps": torch.tensor([right(row["ref"]) for row in rows], dtype=torch.float64),
        "num_items_in_batch": completion_mask.sum(),
    }


def gradient_norm(model):
    return torch.sqrt(sum(p.grad.double().pow(2).sum() for p in model.parameters())).item()


def last(trainer, metric):
    values = trainer._metrics["train"].get(metric)
    return values[-1] if values else 0.0


def loss_case(folder, reference, config, case):
    longest = max(int(sum(mask)) for mask in reference["completionMask"])
    trainer = trainer_of(
        folder,
        config["vocab_size"],
        loss_type=case["lossType"],
        importance_sampling_level=case["importanceSampling"],
        beta=case["klBeta"],
        epsilon=case["clipLow"],
        epsilon_high=case["clipHigh"],
        temperature=reference["temperature"],
        max_completion_length=longest,
    )
    model = trainer.model.train()
    loss = trainer._compute_loss(model, batch_of(reference, config["pad_token_id"]))
    loss.backward()
    grads = {name: parameter.grad for name, parameter in model.named_parameters()}
    return trainer, {
        **case,
        "maxCompletionLength": longest,
        "loss": loss.item(),
        "kl_mean": last(trainer, "kl"),
        "clip_fraction": last(trainer, "clip_ratio/region_mean"),
        "gradNorm": gradient_norm(model),
        "gradNorms": {name: grad.norm().item() for name, grad in grads.items()},
        "gradHead": {name: grad.flatten()[:HEAD].tolist() for name, grad in grads.items()},
    }


def adamw(trainer, reference, config):
    """Steps of PyTorch's AdamW on the whole batch, every parameter decayed."""
    model = trainer.model
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=HYPER["lr"],
        betas=tuple(HYPER["betas"]),
        eps=HYPER["eps"],
        weight_decay=HYPER["weight_decay"],
    )
    steps = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = trainer._compute_loss(model, batch_of(reference, config["pad_token_id"]))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), CLIP_NORM)
        steps.append({"loss": loss.item(), "gradNormBeforeClip": norm.item()})
        optimizer.step()
    named = {name: parameter.detach() for name, parameter in model.named_parameters()}
    return {
        "hyper": HYPER,
        "clipNorm": CLIP_NORM,
        "steps": steps,
        "paramNorms": {name: values.norm().item() for name, values in named.items()},
        "paramHead": {name: values.flatten()[:HEAD].tolist() for name, values in named.items()},
    }


def main(folder, out):
    reference = json.loads((folder / "reference.json").read_text())
    config = json.loads((folder / "config.json").read_text())
    losses = []
    for loss_type in ("grpo", "dapo", "dr_grpo"):
        for level in ("token", "sequence"):
            for beta in (0.0, KL_BETA):
                case = {
                    "lossType": loss_type,
                    "importanceSampling": level,
                    "klBeta": beta,
                    "clipLow": CLIP_LOW,
                    "clipHigh": CLIP_HIGH,
                }
                trainer, made = loss_case(folder, reference, config, case)
                losses.append(made)
    values = {
        "versions": {
            "trl": trl.__version__,
            "torch": torch.__version__,
            "transformers": transformers.__version__,
        },
        "losses": losses,
        "adamw": adamw(trainer, reference, config),
    }
    out.write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
