/**
 * How starts are chosen, for trainers in Python: the text of exit_lab_starts.py, which the package of verifiers
 * holds as a file. A test holds both to one another.
 */
export const STARTS_MODULE = String.raw`"""ExIt's choice of starts, over the histories of an exported run: which is tried next, and what it is worth.

With selectProbability a history of the run's buffer, by P(i) = (1 - u) * priority_i + u / n, otherwise a base
task. The score of a history is the variance of the rewards of its last group. Needs nothing beside Python.
"""

import json
import math
import random
from pathlib import Path


def variance(rewards):
    """Of all of them: the score of the start that a group had."""
    mean = sum(rewards) / len(rewards)
    return sum((reward - mean) ** 2 for reward in rewards) / len(rewards)


def probabilities(scores, how):
    """
    :param scores: of each history, at least 0.
    :param how: "selection" of settings.json: priority, priorityScale, priorityStrength, uniformShare.
    :returns: the chance of each, in their order.
    """
    strength, u = how["priorityStrength"], how["uniformShare"]
    if how["priority"] == "softmax":
        top = max(scores, default=0.0)
        factor = strength / top if how["priorityScale"] == "max" and top > 0 else strength
        weights = [math.exp(factor * (score - top)) for score in scores]
    elif how["priority"] == "rank":
        # Equal scores share their best rank.
        rank = {}
        for position, score in enumerate(sorted(scores, reverse=True)):
            rank.setdefault(score, position + 1)
        weights = [rank[score] ** -strength for score in scores]
    else:
        weights = [1.0] * len(scores)
    total = sum(weights)
    return [(1 - u) * weight / total + u / len(weights) for weight in weights]


class Starts:
    """Draws rows of prompts.jsonl by their scores, which change with what is told of them."""

    def __init__(self, rows, how, seed):
        """
        :param rows: with "history_id", null for a base task, and "score".
        :param how: "selection" of settings.json.
        """
        self.how = how
        self.histories = [i for i, row in enumerate(rows) if row["history_id"] is not None]
        self.base_tasks = [i for i, row in enumerate(rows) if row["history_id"] is None]
        self.scores = {i: rows[i]["score"] for i in self.histories}
        # Processes that are told the same draw alike.
        self.random = random.Random(seed)

    def priorities(self):
        """Of the histories, in their order."""
        return probabilities([self.scores[i] for i in self.histories], self.how) if self.histories else []

    def draw(self, priorities=None):
        """:returns: the index of a row. :param priorities: where the scores are as before: spares a pass."""
        if self.histories and self.random.random() < self.how["selectProbability"]:
            return self.random.choices(self.histories, priorities or self.priorities())[0]
        return self.random.choice(self.base_tasks)

    def rescore(self, index, rewards):
        """:param rewards: of a whole group that started from that row; of base tasks nothing is kept."""
        if index in self.scores:
            self.scores[index] = variance(rewards)


class RewardLog:
    """Rewards of episodes in a file, as lines: whoever draws and whoever grades may be two processes."""

    def __init__(self, path, group_size):
        self.path, self.group_size = Path(path), group_size
        self.read_until = 0
        self.open_groups = {}

    @staticmethod
    def add(path, draw, index, reward):
        """:param draw: number of the draw; as many rewards of one make a group."""
        line = json.dumps({"draw": draw, "index": index, "reward": reward})
        with open(path, "a", encoding="utf-8") as log:
            log.write(line + "\n")

    def groups(self):
        """Those that were completed since the last call: pairs of the row's index and the rewards."""
        if not self.path.exists():
            return []
        with open(self.path, encoding="utf-8") as log:
            log.seek(self.read_until)
            text = log.read()
        # A line that is being written is read the next time.
        whole = text[: text.rfind("\n") + 1]
        self.read_until += len(whole.encode())
        done = []
        for line in map(json.loads, whole.splitlines()):
            rewards = self.open_groups.setdefault(line["draw"], [])
            rewards.append(line["reward"])
            if len(rewards) == self.group_size:
                done.append((line["index"], self.open_groups.pop(line["draw"])))
        return done
`;
