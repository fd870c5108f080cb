/** Texts of a TRL export that are the same for every run: what differs is in its settings.json. */

export const REQUIREMENTS = `trl==1.16.0
transformers==5.24.0
datasets==5.2.0
torch>=2.6
`;

export const TRL_README = `# On with TRL

\`model/\` is the policy, \`prompts.jsonl\` what training starts from (the histories of the buffer with their
scores, then base tasks), \`settings.json\` the run's parameters in TRL's words, and \`train_grpo.py\` a
\`GRPOTrainer\` whose rewards come from \`exit-lab grade\`, and whose prompts \`exit_lab_starts.py\` chooses.

\`\`\`sh
pip install -r requirements.txt
python train_grpo.py --steps 200 --out trained                   # one process
accelerate launch train_grpo.py --steps 200 --out trained        # as many as accelerate is set up for
\`\`\`

\`EXIT_LAB\` is the command that grades, \`npx exit-lab\` where it is not set. Which prompts are trained on is
chosen as in ExIt: with \`selectProbability\` a history by its priority, otherwise a base task; the score of a
history becomes the variance of the rewards of its last group. New attempts do not become histories here.
`;

export const TRAIN_SCRIPT = String.raw`"""Goes on with an ExIt Lab run in TRL: GRPO on the histories of its buffer, chosen by their priority."""

import argparse
import json
import os
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from accelerate.utils import gather_object
from datasets import load_dataset
from torch.utils.data import Sampler
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from exit_lab_starts import Starts

HERE = Path(__file__).resolve().parent
SETTINGS = json.loads((HERE / "settings.json").read_text())
# Lines that a grader is sent before its answers are read: neither side fills the other's pipe.
EXCHANGE = 32


class Graders:
    """A pool of "exit-lab grade" processes; each takes a share of the attempts."""

    def __init__(self, count):
        flags = [part for name, value in SETTINGS["grade"].items() for part in ("--" + name, str(value))]
        command = [*shlex.split(os.environ.get("EXIT_LAB", "npx exit-lab")), "grade", *flags]
        self.processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(count)
        ]
        self.threads = ThreadPoolExecutor(count)

    def rewards(self, starts, completions):
        lines = [json.dumps({"start": s, "completion": c}) for s, c in zip(starts, completions)]
        count = len(self.processes)
        shares = self.threads.map(self._ask, self.processes, [lines[i::count] for i in range(count)])
        rewards = [0.0] * len(lines)
        for i, share in enumerate(shares):
            rewards[i::count] = share
        return rewards

    def _ask(self, process, lines):
        rewards = []
        for begin in range(0, len(lines), EXCHANGE):
            sent = lines[begin : begin + EXCHANGE]
            process.stdin.write("".join(line + "\n" for line in sent))
            process.stdin.flush()
            for line in sent:
                reply = process.stdout.readline()
                if not reply:
                    raise RuntimeError(f"exit-lab grade ended (exit code {process.wait()}) at {line}")
                rewards.append(json.loads(reply)["reward"])
        return rewards

    def close(self):
        for process in self.processes:
            process.stdin.close()
            process.wait()


class Selection(Sampler):
    """Indices of prompts, each group's side by side, as GRPOTrainer expects them of its sampler."""

    def __init__(self, rows, generations, prompts_per_batch, repeats, seed):
        self.generations, self.prompts_per_batch, self.repeats = generations, prompts_per_batch, repeats
        # Drawn and scored the same on every process.
        self.starts = Starts(rows, SETTINGS["selection"], seed)

    def rescore(self, rewards_by_index):
        for index, rewards in rewards_by_index.items():
            self.starts.rescore(index, rewards)

    def __iter__(self):
        while True:
            priorities = self.starts.priorities()
            chosen = [self.starts.draw(priorities) for _ in range(self.prompts_per_batch)]
            for _ in range(self.repeats):
                for index in chosen:
                    yield from [index] * self.generations

    def __len__(self):
        return 10**9


class ExItTrainer(GRPOTrainer):
    """GRPO whose prompts are drawn by what the last attempts at them were worth."""

    selection = None

    def _get_train_sampler(self, dataset=None):
        args = self.args
        self.selection = Selection(
            list(dataset or self.train_dataset),
            generations=self.num_generations,
            prompts_per_batch=args.generation_batch_size // self.num_generations,
            repeats=self.num_iterations * args.steps_per_generation,
            seed=args.seed,
        )
        return self.selection


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--out", default="trained")
    parser.add_argument("--graders", type=int, default=2, help="processes that grade")
    parser.add_argument("--groups", type=int, default=SETTINGS["selection"]["batchGroups"])
    parser.add_argument("--cpu", action="store_true")
    asked = parser.parse_args()

    prompts = load_dataset("json", data_files=str(HERE / "prompts.jsonl"), split="train")
    prompts = prompts.add_column("index", list(range(len(prompts))))
    graders = Graders(asked.graders)
    rewarded = []

    def worth(completions, start, index, **_):
        rewards = graders.rewards(start, completions)
        rewarded.append(sum(rewards) / len(rewards))
        # What all processes saw, so that their scores stay the same.
        by_index = {}
        for one, reward in gather_object(list(zip(index, rewards))):
            by_index.setdefault(one, []).append(reward)
        trainer.selection.rescore(by_index)
        return rewards

    args = GRPOConfig(
        output_dir=asked.out,
        max_steps=asked.steps,
        per_device_train_batch_size=asked.groups * SETTINGS["grpo"]["num_generations"],
        lr_scheduler_type="constant",
        use_bias_correction_kl=False,
        use_cpu=asked.cpu,
        bf16=not asked.cpu,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        **SETTINGS["grpo"],
    )
    trainer = ExItTrainer(
        model=AutoModelForCausalLM.from_pretrained(HERE / "model"),
        processing_class=AutoTokenizer.from_pretrained(HERE / "model"),
        reward_funcs=worth,
        train_dataset=prompts,
        args=args,
    )
    try:
        trainer.train()
    finally:
        graders.close()
    trainer.save_model(asked.out)
    trainer.accelerator.print(f"mean rewards: {', '.join(f'{mean:.3f}' for mean in rewarded)}")


if __name__ == "__main__":
    main()
`;
