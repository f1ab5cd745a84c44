"""Measure the estimators: seconds, and how often the intervals of simulated data hold the truth.

``python benchmarks/estimating.py [REPLICATIONS]`` prints the tables that ``tables`` returns. The fit of old disputes
needs ``war1800.csv`` in ``$OUTLAST_SHARED_DATA/war1800`` or ``../shared/data/war1800``, and is left out without.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from outlast.estimating import (
    ChallengeModel,
    ConstrainedLikelihood,
    Factor,
    Moves,
    NestedFixedPoint,
    PseudoLikelihood,
    SignallingModel,
    estimate,
    read_cases,
    simulate,
)
from outlast.estimating.cases import cases_of
from outlast.estimating.equilibrium import equilibrium_of, totals
from outlast.estimating.likelihood import carried, derivatives
from outlast.estimating.precision import precise

ROOT = Path(__file__).resolve().parents[1]
OUTCOMES = ("SQ", "CD", "SF", "BD")

DYADS: Mapping[str, Mapping[str, float]] = {
    "S_A": {"x1": 0.3, "x2": -0.2},
    "V_A": {"constant": 0.9, "x3": 0.4},
    "C_B": {"constant": -0.6, "x2": 0.3, "x4": 0.5},
    "W_A": {"constant": -1.2, "x1": 0.5, "x5": 0.4},
    "W_B": {"constant": -0.4, "x5": -0.3, "x6": 0.4},
    "a": {"constant": -1.0, "x6": 0.3},
}
"""A game with one equilibrium in most cases; own choice of numbers."""

THREE: Mapping[str, Mapping[str, float]] = {
    "V_A": {"constant": 1.0},
    "W_A": {"constant": -1.9},
    "W_B": {"constant": -2.9, "x1": 0.1},
    "a": {"constant": -1.2},
    "V_B": {"constant": 1.0},
}
"""The Monte Carlo game of Crisman-Cox & Gibilisco (2019), with up to three equilibria; a case plays any of them."""


class Setting(NamedTuple):
    """One simulated design: the true coefficients, the number of cases, and the observations of each."""

    name: str
    truth: Mapping[str, Mapping[str, float]]
    cases: int
    observations: int


UNIQUE = Setting("one equilibrium", DYADS, 1500, 5)
SEVERAL = Setting("three equilibria", THREE, 200, 100)


def model_of(setting: Setting) -> SignallingModel:
    """Return the model with the formulas of a setting's true coefficients."""
    formulas = {name: [1 if term == "constant" else term for term in terms] for name, terms in setting.truth.items()}
    return SignallingModel(formulas, OUTCOMES)


def named(setting: Setting) -> dict[str, float]:
    """Return the true coefficients by their names in a fit."""
    return {f"{name}: {term}": value for name, terms in setting.truth.items() for term, value in terms.items()}


def drawn(setting: Setting, seed: int) -> pl.DataFrame:
    """Return one simulated table of cases."""
    generator = np.random.default_rng(seed)
    covariates = pl.DataFrame({f"x{i}": generator.normal(size=setting.cases) for i in range(1, 7)})
    truth = named(setting)
    return simulate(model_of(setting), covariates, truth, generator=generator, observations=setting.observations)


def median(job: Callable[[], Any], repeats: int = 5) -> float:
    """Return the median wall time of a job after one run that compiles."""
    job()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        job()
        times.append(time.perf_counter() - begun)
    return sorted(times)[len(times) // 2]


def war1800() -> Path:
    """Return where the disputes are, if they are."""
    return Path(os.environ.get("OUTLAST_SHARED_DATA", ROOT.parent / "shared" / "data")) / "war1800" / "war1800.csv"


def speed() -> str:
    """Return the table of seconds."""
    rows = []
    if war1800().is_file():
        disputes = read_cases(war1800())
        utilities = {
            "u11": [1, "s_wt_re1", "revis1"],
            "u14": [1, Factor("regime1")],
            "u24": [1, "balanc", Factor("regime2")],
        }
        model = ChallengeModel(utilities, Moves("esc", "war"))
        rows.append(
            ("challenge game, 282 disputes, 10 coefficients: the whole fit", median(lambda: estimate(model, disputes)))
        )
    large = UNIQUE._replace(cases=10_000, observations=1)
    cases = cases_of(model_of(large), drawn(large, 1))
    point = np.array([named(large)[name] for name in estimate_names(large)])
    rows.append(
        ("signalling game, 10,000 cases: one likelihood, gradient and Hessian", median(lambda: _once(cases, point)))
    )
    challenge = ChallengeModel({"u11": [1, "x1"], "u14": [1, "x2"], "u24": [1, "x3"]}, ("none", "yielded", "fought"))
    small = _challenge_cases(challenge, 10_000)
    rows.append(
        (
            "challenge game, 10,000 cases: one likelihood, gradient and Hessian",
            median(lambda: _closed(challenge, small)),
        )
    )
    table = drawn(UNIQUE, 1)
    for method in (PseudoLikelihood(), NestedFixedPoint(), ConstrainedLikelihood()):
        name = f"signalling game, 1,500 dyads x 5, 15 coefficients: {type(method).__name__}"
        rows.append((name, median(lambda method=method: estimate(model_of(UNIQUE), table, method=method), 1)))
    lines = [f"| {name} | {seconds:.3f} |" for name, seconds in rows]
    return "\n".join(["| job, compiled before | median seconds |", "|---|---|", *lines])


def estimate_names(setting: Setting) -> list[str]:
    """Return the names of the coefficients in the order of the model."""
    order = SignallingModel.UTILITIES
    return [f"{name}: {term}" for name in order for term in setting.truth.get(name, {})]


def _once(cases: Any, point: np.ndarray) -> float:
    with precise():
        value, gradient, hessian = totals(equilibrium_of(cases.values(point), cases.counts, "likeliest"))
        carried(cases, gradient, hessian)
    return float(value.sum())


def _challenge_cases(model: ChallengeModel, many: int) -> Any:
    generator = np.random.default_rng(1)
    covariates = pl.DataFrame({f"x{i}": generator.normal(size=many) for i in range(1, 4)})
    table = simulate(model, covariates, {"u11: x1": 0.5, "u24: x3": 0.5}, generator=generator)
    table = table.rename(dict(zip(("status_quo", "capitulation", "fight"), model.outcomes, strict=True)))
    return cases_of(model, table)


def _closed(model: ChallengeModel, cases: Any) -> float:
    with precise():
        value, gradient, hessian = derivatives(model.law, cases.values(np.zeros(6)), cases.counts)
        carried(cases, gradient, hessian)
    return float(value.sum())


def coverage(setting: Setting, method: Any, replications: int) -> str:
    """Return one row: shares of 50% and 90% intervals that hold the truth, and the largest bias in standard errors."""
    truth = named(setting)
    held: list[np.ndarray] = []
    errors: list[np.ndarray] = []
    failed = 0
    for seed in range(replications):
        fit = estimate(model_of(setting), drawn(setting, 1000 + seed), method=method)
        if not fit.converged:
            failed += 1
            continue
        true = np.array([truth[name] for name in fit.names])
        inside = [
            (fit.table(level)["low"].to_numpy() < true) & (true < fit.table(level)["high"].to_numpy())
            for level in (0.5, 0.9)
        ]
        held.append(np.stack(inside))
        errors.append((fit.solved.point - true) / fit.coefficients["robust_se"].to_numpy())
    if not held:
        return f"| {setting.name} | {type(method).__name__} | {replications} | {failed} | | | |"
    share = np.mean(held, axis=(0, 2))
    bias = np.abs(np.mean(errors, axis=0)).max()
    size = f"{setting.cases:,} x {setting.observations}"
    shares = f"{share[0]:.3f} | {share[1]:.3f} | {bias:.2f}"
    return f"| {setting.name}, {size} | {type(method).__name__} | {replications} | {failed} | {shares} |"


def coverages(replications: int) -> str:
    """Return the table of coverage."""
    rows = [coverage(UNIQUE, method, replications) for method in (NestedFixedPoint(), PseudoLikelihood())]
    rows += [coverage(SEVERAL, method, replications) for method in (NestedFixedPoint(), PseudoLikelihood())]
    head = (
        "| design, cases x observations | method | replications | failed | 50% holds | 90% holds | largest bias, s.e. |"
    )
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows])


def tables(replications: int = 100) -> str:
    """Return what was measured as Markdown."""
    return f"""## Estimating choices from many cases

{speed()}

Simulated cases, all coefficients together. The selection of the nested fixed point is `likeliest`.

{coverages(replications)}
"""


if __name__ == "__main__":
    print(tables(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
