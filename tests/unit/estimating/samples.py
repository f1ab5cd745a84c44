"""Cases drawn from known challenge games, for several tests."""

from __future__ import annotations

import jax
import numpy as np
import polars as pl

from outlast.estimating import ChallengeModel
from outlast.estimating.precision import precise

TRUTH = {
    "u11: constant": -0.3,
    "u11: x": 0.8,
    "u14: constant": -0.6,
    "u14: z": 0.7,
    "u24: constant": 0.4,
    "u24: w": -0.9,
}
UTILITIES = {"u11": [1, "x"], "u14": [1, "z"], "u24": [1, "w"]}
COUNTS = ("none", "yielded", "fought")


def drawn(model: ChallengeModel, cases: int, seed: int, observations: int = 1) -> pl.DataFrame:
    """Draw cases of ``TRUTH`` with three independent covariates."""
    random = np.random.default_rng(seed)
    x, z, w = random.normal(size=(3, cases))
    t = TRUTH
    u11 = t["u11: constant"] + t["u11: x"] * x
    u14 = t["u14: constant"] + t["u14: z"] * z
    u24 = t["u24: constant"] + t["u24: w"] * w
    utilities = np.stack([u11, np.zeros(cases), u14, u24], axis=1)
    with precise():
        chances = np.exp(np.asarray(jax.vmap(model.law.log_chances)(utilities)))
    counts = random.multinomial(observations, chances / chances.sum(axis=1, keepdims=True))
    return pl.DataFrame({"x": x, "z": z, "w": w, **dict(zip(COUNTS, counts.T, strict=True))})
