"""Holds what ExIt Lab exports to the programs it is exported for.

    python checks.py CHECK CASE

CASE is a folder of cases.ts. Prints what was loaded and what agreed; exits with 1 and says what did not
otherwise.
"""

import csv
import json
import os
import struct
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
os.environ["TQDM_DISABLE"] = "1"

LOGITS = 1e-4


class Disagreement(Exception):
    pass


def expect(holds, problem):
    if not holds:
        raise Disagreement(problem)


def expected_of(case):
    return json.loads((case / "expected.json").read_text())


def check_transformers(case):
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    transformers.utils.logging.disable_progress_bar()
    model = AutoModelForCausalLM.from_pretrained(case / "run").eval()
    tokenizer = AutoTokenizer.from_pretrained(case / "run")
    expected = expected_of(case)

    worst = 0.0
    for sequence, wanted in zip(expected["sequences"], expected["logits"]):
        ids = tokenizer(sequence["text"])["input_ids"]
        expect(ids == sequence["ids"], f"ids of {sequence['text']!r}: got {ids}, expected {sequence['ids']}")
        with torch.no_grad():
            logits = model(torch.tensor([ids])).logits[0].flatten()
        worst = max(worst, (logits - torch.tensor(wanted)).abs().max().item())
    expect(worst < LOGITS, f"logits differ by {worst:.2g}, expected less than {LOGITS}")

    # All prompts at once, padded as the tokenizer's settings say.
    prompts = expected["greedy"]
    inputs = tokenizer([one["text"] for one in prompts], return_tensors="pt", padding=True)
    out = model.generate(**inputs, do_sample=False, max_new_tokens=expected["newTokens"])
    for one, row in zip(prompts, out[:, inputs["input_ids"].shape[1] :].tolist()):
        count = len(one["continued"])
        expect(row[:count] == one["continued"], f"greedy: got {row}, expected {one['continued']}")
        expect(all(id == tokenizer.pad_token_id for id in row[count:]), f"greedy: {row} goes on")
        written = tokenizer.decode(row, skip_special_tokens=True)
        expect(written == one["written"], f"text: got {written!r}, expected {one['written']!r}")

    model.save_pretrained(case / "resaved")
    tokenizer.save_pretrained(case / "resaved")
    return (
        f"{type(model).__name__} and {type(tokenizer).__name__} of transformers {transformers.__version__}: "
        f"logits of {len(expected['sequences'])} sequences within {worst:.1g}, "
        f"{len(prompts)} greedy texts equal"
    )


def check_peft(case):
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    def load():
        base = AutoModelForCausalLM.from_pretrained(case / "run").eval()
        return peft.PeftModel.from_pretrained(base, case / "adapters").eval()

    expected = expected_of(case)
    wanted = json.loads((case / "adapted.json").read_text())

    def worst_of(model):
        worst = 0.0
        for sequence, own in zip(expected["sequences"], wanted):
            with torch.no_grad():
                logits = model(torch.tensor([sequence["ids"]])).logits[0].flatten()
            worst = max(worst, (logits - torch.tensor(own)).abs().max().item())
        return worst

    beside = worst_of(load())
    merged = worst_of(load().merge_and_unload())
    plain = worst_of(AutoModelForCausalLM.from_pretrained(case / "run").eval())
    for name, worst in (("beside", beside), ("merged", merged)):
        expect(worst < LOGITS, f"logits with adapters {name} differ by {worst:.2g}, expected less than {LOGITS}")
    expect(plain > 100 * LOGITS, f"without adapters logits differ by {plain:.2g} only")
    load().save_pretrained(case / "adapters-resaved")
    return (
        f"PeftModel of peft {peft.__version__}: logits of {len(wanted)} sequences within {beside:.1g}, "
        f"merged within {merged:.1g} (without the adapters {plain:.2g} apart)"
    )


def check_onnx(case):
    import numpy as np
    import onnx
    import onnxruntime as ort

    expected = expected_of(case)
    shapes = json.loads((case / "onnx" / "config.json").read_text())
    layers, heads, width = (
        shapes[name] for name in ("num_hidden_layers", "num_key_value_heads", "head_dim")
    )
    sessions = {}
    for name in ("model", "decoder_model"):
        path = case / "onnx" / "onnx" / f"{name}.onnx"
        onnx.checker.check_model(onnx.load(path), full_check=True)
        sessions[name] = ort.InferenceSession(path, providers=["CPUExecutionProvider"])
    opset = onnx.load(case / "onnx" / "onnx" / "model.onnx").opset_import[0].version

    def inputs(ids, past):
        keys = past + len(ids)
        return {
            "input_ids": np.array([ids], np.int64),
            "attention_mask": np.ones((1, keys), np.int64),
            "position_ids": np.arange(past, keys, dtype=np.int64)[None],
        }

    def empty():
        names = [f"past_key_values.{i}.{part}" for i in range(layers) for part in ("key", "value")]
        return {name: np.zeros((1, heads, 0, width), np.float32) for name in names}

    worst = 0.0
    for sequence, wanted in zip(expected["sequences"], expected["logits"]):
        ids = sequence["ids"]
        [whole] = sessions["decoder_model"].run(["logits"], inputs(ids, 0))
        cache, parts = empty(), []
        # A prompt, then token by token.
        for begin, end in [(0, 5)] + [(at, at + 1) for at in range(5, len(ids))]:
            session = sessions["model"]
            results = session.run(None, {**inputs(ids[begin:end], begin), **cache})
            named = dict(zip([out.name for out in session.get_outputs()], results))
            parts.append(named["logits"])
            cache = {name: named[name.replace("past_key_values", "present")] for name in cache}
        for logits in (whole, np.concatenate(parts, axis=1)):
            worst = max(worst, float(np.abs(logits.flatten() - np.array(wanted)).max()))
    expect(worst < LOGITS, f"logits differ by {worst:.2g}, expected less than {LOGITS}")
    return (
        f"model.onnx and decoder_model.onnx, opset {opset}, pass onnx {onnx.__version__}'s checker; in "
        f"onnxruntime {ort.__version__} logits within {worst:.1g}, with and without a cache"
    )


def check_tensorboard(case):
    import tensorboard
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    events = EventAccumulator(str(case / "tensorboard"), size_guidance={"scalars": 0})
    events.Reload()
    rows = [json.loads(line) for line in (case / "jsonl" / "metrics.jsonl").read_text().splitlines()]
    count = 0
    for tag in {name for row in rows for name in row} - {"step"}:
        got = [(event.step, event.value) for event in events.Scalars(tag)]
        # Events hold float32.
        wanted = [
            (row["step"], struct.unpack("f", struct.pack("f", row[tag]))[0]) for row in rows if tag in row
        ]
        expect(got == wanted, f"{tag}: got {got[:3]}, expected {wanted[:3]}")
        count += len(got)
    [text] = events.Tensors("config/text_summary")
    expect(b"| groupSize |" in text.tensor_proto.string_val[0], "config: the parameters are not there")
    with open(case / "csv" / "metrics.csv", newline="") as table:
        cells = list(csv.DictReader(table))
    for row, cell in zip(rows, cells, strict=True):
        expect(
            {name: float(value) for name, value in cell.items() if value != ""} == row,
            f"metrics.csv: step {row['step']} differs from metrics.jsonl",
        )
    return (
        f"{count} scalars of {len(rows)} steps read by tensorboard {tensorboard.__version__} are those of "
        "metrics.jsonl, and so are the cells of metrics.csv"
    )


def check_datasets(case):
    import datasets

    datasets.disable_progress_bars()
    folder = case / "task-space"
    lines = [json.loads(line) for line in (folder / "histories.jsonl").read_text().splitlines()]
    with tempfile.TemporaryDirectory() as cache:
        histories = datasets.load_dataset(str(folder), split="train", cache_dir=cache)
        plain = datasets.load_dataset(
            "json", data_files=str(folder / "histories.jsonl"), split="train", cache_dir=cache
        )
        expect(histories.to_list() == lines, "the rows are not those of histories.jsonl")
        expect(plain.to_list() == lines, "the rows read as JSON are not those of histories.jsonl")
        types = {name: str(feature) for name, feature in histories.features.items()}
    ids = {row["id"] for row in lines}
    roots = sum(row["parent_id"] is None for row in lines)
    orphans = sum(row["parent_id"] is not None and row["parent_id"] not in ids for row in lines)
    expect(orphans == 0, f"{orphans} histories have a parent that is not there")
    return (
        f"{len(lines)} histories, {roots} of them roots, in {len(types)} columns by one line of datasets "
        f"{datasets.__version__}, from the folder and from the file"
    )


def check_trl(case):
    import subprocess

    import torch
    import trl
    from safetensors.torch import load_file

    folder = case / "trl"
    train = [sys.executable, "train_grpo.py", "--steps", "2", "--groups", "4", "--cpu", "--out", "trained"]
    ran = subprocess.run(train, cwd=folder, capture_output=True, text=True)
    expect(ran.returncode == 0, f"train_grpo.py: {' '.join(ran.stderr.strip().splitlines()[-3:])}")
    before, after = (load_file(folder / name / "model.safetensors") for name in ("model", "trained"))
    expect(before.keys() == after.keys(), "the trained weights have other names")
    moved = sum(not torch.equal(before[name], after[name]) for name in before)
    expect(moved == len(before), f"{moved} of {len(before)} weights changed, expected all")
    return f"{ran.stdout.strip().splitlines()[-1]} in two steps of trl {trl.__version__}, graded by exit-lab; all {moved} weights moved"


def check_smollm2(case):
    import numpy
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    asked = json.loads((case / "prompts.json").read_text())
    model = AutoModelForCausalLM.from_pretrained(asked["model"], dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(asked["model"])
    worst, ends = 0.0, tokenizer.eos_token_id
    for number, row in enumerate(asked["rows"]):
        messages = [{"role": "user", "content": row["text"]}]
        ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]
        expect(ids == row["ids"], f"ids of {row['text']!r}: got {row['ids']}, transformers has {ids}")
        own = numpy.fromfile(case / f"logits-{number}.bin", dtype="<f4").reshape(len(ids), -1)
        with torch.no_grad():
            theirs = model(torch.tensor([ids])).logits[0].numpy()
        spread = theirs.max(axis=1) - theirs.min(axis=1)
        worst = max(worst, float((abs(own - theirs).max(axis=1) / spread).max()))
        with torch.no_grad():
            out = model.generate(
                torch.tensor([ids]),
                attention_mask=torch.ones(1, len(ids), dtype=torch.long),
                do_sample=False,
                max_new_tokens=asked["newTokens"],
                eos_token_id=ends,
                pad_token_id=tokenizer.pad_token_id or ends,
            )[0, len(ids) :].tolist()
        expect(out == row["continued"], f"greedy of {row['text']!r}: got {row['continued']}, transformers has {out}")
    expect(worst < 1e-3, f"logits differ by {worst:.2g} of their spread, expected less than 1e-3")
    count = sum(len(row["continued"]) for row in asked["rows"])
    return (
        f"{len(asked['rows'])} prompts in transformers {transformers.__version__}: ids equal, logits of all positions "
        f"within {worst:.1g} of their spread, {count} greedy tokens equal"
    )


CHECKS = {
    "transformers": check_transformers,
    "peft": check_peft,
    "onnx": check_onnx,
    "tensorboard": check_tensorboard,
    "datasets": check_datasets,
    "trl": check_trl,
    "smollm2": check_smollm2,
}

if __name__ == "__main__":
    _, check, folder = sys.argv
    try:
        print(CHECKS[check](Path(folder)))
    except Disagreement as problem:
        sys.exit(str(problem))
