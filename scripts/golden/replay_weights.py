"""How likely level-replay and jaxued are to replay each level, for scores and stalenesses drawn here.

    python replay_weights.py LEVEL_SAMPLER COMMIT OUT

LEVEL_SAMPLER is level_replay/level_sampler.py of github.com/facebookresearch/level-replay at COMMIT; jaxued
comes from pip (`pip install jax==0.10.2 chex==0.1.92`, `pip install --no-deps jaxued==0.0.1`).
"""

import importlib.util
import json
import sys
import types
from importlib.metadata import version
from pathlib import Path

import jax.numpy as jnp
import numpy as np

# What level-replay was written for still had it.
np.float = float

COUNT = 24
TEMPERATURES = (1.0, 0.5, 0.1)
STALENESS = (0.0, 0.3)


def drawn(seed):
    """Different scores in [0, 0.25], and steps since each was taken."""
    rng = np.random.default_rng(seed)
    return rng.permutation(np.linspace(0.005, 0.24, COUNT)), rng.integers(0, 9, COUNT).astype(float)


def loaded(path):
    spec = importlib.util.spec_from_file_location("level_sampler", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def level_replay(path):
    module = loaded(path)
    for priority in ("rank", "softmax"):
        for temperature in TEMPERATURES:
            for coefficient in STALENESS:
                scores, ages = drawn(1)
                sampler = module.LevelSampler(
                    list(range(COUNT)),
                    None,
                    None,
                    score_transform=priority,
                    temperature=temperature,
                    staleness_coef=coefficient,
                )
                sampler.seed_scores, sampler.seed_staleness = scores, ages
                sampler.unseen_seed_weights = np.zeros(COUNT)
                yield {
                    "source": "level-replay",
                    "priority": priority,
                    "temperature": temperature,
                    "stalenessWeight": coefficient,
                    "scores": scores.tolist(),
                    "ages": ages.tolist(),
                    "probabilities": sampler.sample_weights().tolist(),
                }


def jaxued():
    # The file alone: the package around it brings environments, of which it takes the name of a type.
    environment = types.ModuleType("jaxued.environments.underspecified_env")
    environment.Level = object
    sys.modules[environment.__name__] = environment
    [folder] = importlib.util.find_spec("jaxued").submodule_search_locations
    LevelSampler = loaded(Path(folder) / "level_sampler.py").LevelSampler

    for temperature in TEMPERATURES:
        for coefficient in STALENESS:
            scores, ages = drawn(2)
            sampler = LevelSampler(
                COUNT,
                staleness_coeff=coefficient,
                prioritization="rank",
                prioritization_params={"temperature": temperature},
            )
            episodes = int(ages.max())
            weights = sampler.level_weights(
                {
                    "scores": jnp.array(scores),
                    "timestamps": jnp.array(episodes - ages, dtype=jnp.int32),
                    "size": COUNT,
                    "episode_count": episodes,
                }
            )
            yield {
                "source": "jaxued",
                "priority": "rank",
                "temperature": temperature,
                "stalenessWeight": coefficient,
                "scores": scores.tolist(),
                "ages": ages.tolist(),
                "probabilities": np.asarray(weights, dtype=float).tolist(),
            }


if __name__ == "__main__":
    path, commit, out = sys.argv[1:]
    values = {
        "versions": {"level-replay": commit, "jaxued": version("jaxued"), "jax": version("jax")},
        "cases": [*level_replay(path), *jaxued()],
    }
    Path(out).write_text(json.dumps(values, indent=1) + "\n")
