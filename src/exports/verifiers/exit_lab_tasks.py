"""ExIt Lab's domains in English: tasks, prompts and grades are asked of `exit-lab`.

An episode is a chain of attempts: the first, then `revisions` self-improvement steps, each of which reads
the attempt before it and what the environment said of that.
"""

import asyncio
import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import verifiers.v1 as vf

from exit_lab_starts import RewardLog, Starts

# A reply holds a prompt of some hundred words.
LONGEST_LINE = 2**20


def command() -> list[str]:
    """What `exit-lab` is called by."""
    return shlex.split(os.environ.get("EXIT_LAB", "npx exit-lab"))


class Grader:
    """One `exit-lab grade`, asked a line at a time, of one event loop."""

    def __init__(self, domain: str) -> None:
        self.domain = domain
        self.process: asyncio.subprocess.Process | None = None
        self.turn = asyncio.Lock()

    async def grade(self, start: dict[str, Any], completion: str) -> dict[str, Any]:
        """
        :returns: reward, quality in [0, 1], solved, valid, feedback, and of an attempt that could be read
            `next`: the start that asks to improve on it, with its prompt.
        :raises RuntimeError: with what the program said, where it refused the line or could not be started.
        """
        async with self.turn:
            process = self.process or await self.started()
            line = json.dumps({"start": start, "completion": completion})
            process.stdin.write(line.encode() + b"\n")
            try:
                await process.stdin.drain()
                reply = await process.stdout.readline()
            except (BrokenPipeError, ConnectionResetError):
                reply = b""
            if reply:
                return json.loads(reply)
            self.process = None
            said = (await process.stderr.read()).decode().strip()
            raise RuntimeError(f"exit-lab grade ended: {said or 'it said nothing'}")

    async def started(self) -> asyncio.subprocess.Process:
        self.process = await asyncio.create_subprocess_exec(
            *command(),
            *("grade", "--english", "--task", self.domain),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )
        return self.process

    async def stop(self) -> None:
        if self.process is None:
            return
        self.process.stdin.close()
        await self.process.wait()
        self.process = None


class ExitLabConfig(vf.TasksetConfig):
    domain: Literal["countdown", "locks"] = "countdown"
    count: int = 512
    """Base tasks."""
    seed: int = 1
    split: str = "train"
    """Or a held-out split of the domain."""
    uneven: float = 0.0
    """Share of training tasks that nothing solves."""
    starts: str = ""
    """Folder that `exit-lab export RUN --to trl` wrote: tasks without end, drawn as ExIt chooses among its
    histories and base tasks. Where it is empty, the base tasks of `seed` alone, each once."""
    group_size: int = 8
    """Rollouts of a task, as the trainer has them: so many rewards score a start anew."""


class ExitLabData(vf.TaskData):
    domain: str
    start: dict
    """Instance, history and mode, as `exit-lab grade` takes them."""
    draw: dict | None = None
    """Of a start that was chosen: the number of the draw, the row's index, and the log of rewards."""


class ExitLabTask(vf.Task[ExitLabData, vf.State, vf.TaskConfig]):
    pass


def prompts(flags: dict[str, Any]) -> list[dict[str, Any]]:
    """What `exit-lab prompts` prints."""
    args = [str(part) for flag in flags.items() for part in flag]
    asked = subprocess.run([*command(), "prompts", *args], capture_output=True, text=True)
    if asked.returncode != 0:
        raise RuntimeError(f"exit-lab prompts: {asked.stderr.strip()}")
    return [json.loads(line) for line in asked.stdout.splitlines()]


class ExitLabTaskset(vf.Taskset[ExitLabTask, ExitLabConfig]):
    def __init__(self, config: ExitLabConfig) -> None:
        super().__init__(config)
        self.INFINITE = config.starts != ""

    def load(self) -> Iterator[ExitLabTask]:
        return self._chosen() if self.config.starts else self._base_tasks()

    def _base_tasks(self) -> Iterator[ExitLabTask]:
        config = self.config
        flags = {
            "--task": config.domain,
            "--count": config.count,
            "--seed": config.seed,
            "--split": config.split,
            "--unsolvableShare": config.uneven,
        }
        for number, row in enumerate(prompts(flags)):
            yield self._task(f"{config.domain}-{config.split}-{config.seed}-{number}", row)

    def _chosen(self) -> Iterator[ExitLabTask]:
        """Each by the scores as they are when it is asked for."""
        config, folder = self.config, Path(self.config.starts).resolve()
        how = json.loads((folder / "settings.json").read_text())["selection"]
        rows = prompts({"--task": config.domain, "--starts": folder / "prompts.jsonl"})
        path = folder / "rewards.jsonl"
        # Numbers of draws begin anew, and scores are those of the export.
        path.unlink(missing_ok=True)
        starts, log = Starts(rows, how, config.seed), RewardLog(path, config.group_size)
        number = 0
        while True:
            for index, rewards in log.groups():
                starts.rescore(index, rewards)
            index = starts.draw()
            draw = {"number": number, "index": index, "log": str(path)}
            yield self._task(f"{config.domain}-start-{index}-draw-{number}", rows[index], draw)
            number += 1

    def _task(self, name: str, row: dict[str, Any], draw: dict | None = None) -> ExitLabTask:
        domain, config = self.config.domain, self.config.task
        data = ExitLabData(name=name, prompt=row["prompt"], domain=domain, start=row["start"], draw=draw)
        return ExitLabTask(data, config)


class ExitLabEnvConfig(vf.EnvConfig):
    agent: vf.AgentConfig = vf.AgentConfig()
    revisions: int = 0
    """Self-improvement steps after the first attempt."""


class ExitLabEnv(vf.Env[ExitLabEnvConfig]):
    async def start(self) -> None:
        self.graders: dict[str, Grader] = {}

    async def stop(self) -> None:
        await asyncio.gather(*(one.stop() for one in self.graders.values()))

    async def run(self, task: ExitLabTask, agents: vf.Agents) -> None:
        data = task.data
        grader = self.graders.setdefault(data.domain, Grader(data.domain))
        start, prompt = data.start, data.prompt
        grades: list[dict[str, Any]] = []
        async with agents.agent.interaction(task) as interaction:
            segment = await interaction.turn()
            while not segment.terminated:
                grade = await grader.grade(start, segment.last_reply)
                grades.append(grade)
                if grade["solved"] or len(grades) > self.config.revisions:
                    break
                if "next" in grade:
                    start, prompt = grade["next"]["start"], grade["next"]["prompt"]
                    segment = await interaction.turn(prompt)
                else:
                    segment = await interaction.turn(f"That could not be read.\n{prompt}")
        trace = interaction.trace
        # No attempt came: the trace holds the error, and is worth nothing rather than 0.
        if not grades:
            return
        qualities = [grade["quality"] for grade in grades]
        trace.record_reward("quality", qualities[-1])
        if data.draw:
            draw = data.draw
            RewardLog.add(draw["log"], draw["number"], draw["index"], qualities[-1])
        trace.record_metrics(
            {
                "first_quality": qualities[0],
                "best_quality": max(qualities),
                "solved": float(grades[-1]["solved"]),
                "readable": float(sum(grade["valid"] for grade in grades)),
                "attempts": float(len(grades)),
            }
        )


__all__ = [
    "ExitLabConfig",
    "ExitLabData",
    "ExitLabEnv",
    "ExitLabEnvConfig",
    "ExitLabTask",
    "ExitLabTaskset",
]
