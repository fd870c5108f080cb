"""Holds exit_lab_starts.py to what ExIt's own code says, and its draws to those chances.

    python test_starts.py
"""

import json
import sys
import tempfile
import unittest
from pathlib import Path

OURS = Path(__file__).resolve().parents[2] / "src" / "exports" / "verifiers"
sys.path.insert(0, str(OURS))
from exit_lab_starts import RewardLog, Starts, probabilities, variance  # noqa: E402

GOLDEN = json.loads((OURS / "fixtures" / "starts.json").read_text())
HOW = {
    "selectProbability": 0.75,
    "priority": "rank",
    "priorityScale": "max",
    "priorityStrength": 1.0,
    "uniformShare": 0.1,
}
ROWS = [{"history_id": i if i < 4 else None, "score": [0.2, 0.05, 0.1, 0.0, 0, 0][i]} for i in range(6)]


class Golden(unittest.TestCase):
    def test_chances(self):
        for case in GOLDEN["chances"]:
            for ours, theirs in zip(probabilities(case["scores"], case["how"]), case["probabilities"], strict=True):
                self.assertAlmostEqual(ours, theirs, delta=1e-12, msg=case["how"])

    def test_scores_of_groups(self):
        for case in GOLDEN["groups"]:
            self.assertAlmostEqual(variance(case["rewards"]), case["score"], delta=1e-12)


class Draws(unittest.TestCase):
    def test_follow_the_chances(self):
        starts, count = Starts(ROWS, HOW, 1), 40_000
        priorities = starts.priorities()
        drawn = [0] * len(ROWS)
        for _ in range(count):
            drawn[starts.draw(priorities)] += 1
        expected = [0.75 * chance for chance in priorities] + [0.125, 0.125]
        for got, chance in zip(drawn, expected, strict=True):
            # Five standard deviations.
            self.assertAlmostEqual(got / count, chance, delta=5 * (chance / count) ** 0.5)

    def test_are_alike_where_the_scores_are(self):
        one, other = Starts(ROWS, HOW, 3), Starts(ROWS, HOW, 3)
        self.assertEqual([one.draw() for _ in range(50)], [other.draw() for _ in range(50)])

    def test_prefer_what_its_last_group_was_divided_about(self):
        starts = Starts(ROWS, HOW, 1)
        starts.rescore(3, [0, 1])
        starts.rescore(0, [1, 1])
        starts.rescore(5, [0, 1])
        self.assertEqual(starts.scores, {0: 0, 1: 0.05, 2: 0.1, 3: 0.25})
        self.assertEqual(max(zip(starts.priorities(), starts.histories))[1], 3)


class Log(unittest.TestCase):
    def test_gives_groups_when_they_are_whole(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "rewards.jsonl"
            log = RewardLog(path, 2)
            self.assertEqual(log.groups(), [])
            RewardLog.add(path, 0, 3, 1.0)
            RewardLog.add(path, 1, 3, 0.5)
            self.assertEqual(log.groups(), [])
            RewardLog.add(path, 0, 3, 0.0)
            with open(path, "a") as half:
                half.write('{"draw": 1, "ind')
            self.assertEqual(log.groups(), [(3, [1.0, 0.0])])
            with open(path, "a") as half:
                half.write('ex": 3, "reward": 0.25}\n')
            self.assertEqual(log.groups(), [(3, [0.5, 0.25])])
            self.assertEqual(log.groups(), [])


if __name__ == "__main__":
    ran = unittest.main(exit=False).result
    if not ran.wasSuccessful():
        sys.exit(1)
    print(
        f"{ran.testsRun} tests: {len(GOLDEN['chances'])} distributions and {len(GOLDEN['groups'])} scores are those of "
        "the algorithm to 1e-12, and 40,000 draws follow them"
    )
