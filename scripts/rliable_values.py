"""Writes src/experiments/fixtures/rliable.json: values of the Python library that the statistics of
experiments are held to. Needs `pip install rliable==1.2.0 "pandas<3"`; run once, from the root of the repository:

    python3 scripts/rliable_values.py > src/experiments/fixtures/rliable.json
    npx prettier --write src/experiments/fixtures/rliable.json

Intervals are drawn: each end is the mean over REPEATS estimates of RESAMPLES resamples, beside the
standard deviation of one estimate, which is the noise that another implementation may differ by.
"""

import json
from importlib.metadata import version

import numpy as np
from rliable import library, metrics

RESAMPLES = 2_000
REPEATS = 12


def cases():
    rng = np.random.RandomState(7)
    beta = lambda a, b, shape: rng.beta(a, b, shape)
    quarters = lambda shape: rng.randint(0, 5, shape) / 4
    yield "eight seeds, one task", beta(9, 2, (8, 1)), beta(7, 3, (8, 1))
    yield "five seeds, four tasks", beta(5, 2, (5, 4)), beta(4, 3, (5, 4))
    yield "ties, unequal numbers of seeds", quarters((10, 3)), quarters((6, 3))
    yield "three seeds", beta(3, 3, (3, 2)), beta(3, 3, (3, 2))
    same = beta(2, 2, (4, 1))
    yield "two arms that are the same", same, same


def interval(scores, statistic):
    """Ends of the percentile interval, and the standard deviation of one estimate of each."""
    ends = []
    for _ in range(REPEATS):
        _, intervals = library.get_interval_estimates(
            {"arm": scores}, lambda *s: np.array([statistic(*s)]), reps=RESAMPLES
        )
        ends.append(intervals["arm"][:, 0])
    ends = np.array(ends)
    low, high = ends.mean(axis=0)
    low_noise, high_noise = ends.std(axis=0, ddof=1)
    return {"low": low, "high": high, "lowNoise": low_noise, "highNoise": high_noise}


def case(name, x, y):
    return {
        "name": name,
        "x": x.tolist(),
        "y": y.tolist(),
        "mean": metrics.aggregate_mean(x),
        "iqm": metrics.aggregate_iqm(x),
        "optimalityGap": metrics.aggregate_optimality_gap(x, gamma=0.9),
        "probabilityOfImprovement": metrics.probability_of_improvement(x, y),
        "iqmInterval": interval(x, metrics.aggregate_iqm),
        "meanInterval": interval(x, metrics.aggregate_mean),
        "improvementInterval": interval([x, y], metrics.probability_of_improvement),
    }


def main():
    np.random.seed(1)  # rliable draws from the global stream
    print(
        json.dumps(
            {
                "versions": {name: version(name) for name in ("rliable", "numpy", "scipy", "arch")},
                "resamples": RESAMPLES,
                "cases": [case(*one) for one in cases()],
            },
            indent=1,
        )
    )


main()
