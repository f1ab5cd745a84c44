"""What data cannot tell is not estimated in silence: separation, collinear columns, few clusters, missing columns."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outlast.estimating import (
    CasesError,
    ChallengeModel,
    Moves,
    PseudoLikelihood,
    SignallingModel,
    estimate,
    simulate,
)
from outlast.estimating.fit import Fit
from outlast.estimating.maximise import FLAT, _polished, maximise
from outlast.reporting.json_text import json_text

KINDS = [{"link": "probit"}, {"link": "logit"}, {"errors": "private"}]
SEEDS, RARELY = st.integers(0, 10_000), settings(max_examples=12, deadline=None)


def disputes(seed: int, cases: int = 300) -> pl.DataFrame:
    """Cases in which challenges and fights depend a little on covariates."""
    random = np.random.default_rng(seed)
    x, bal = random.normal(size=cases), random.uniform(size=cases)
    first = random.normal(size=cases) < 0.4 * bal + 0.1
    second = random.normal(size=cases) < 0.6 * x
    return pl.DataFrame(
        {"x": x, "bal": bal, "esc": first.astype(int), "war": (first & second).astype(int),
         "pair": random.integers(0, 40, cases), "one": ["A"] * cases}
    )  # fmt: skip


def model(u24: list[Any], u14: list[Any] | None = None, **options: str) -> ChallengeModel:
    return ChallengeModel({"u11": [1], "u14": u14 or ["bal"], "u24": u24}, Moves("esc", "war"), **options)


def sound(fit: Fit) -> Fit:
    """Check what holds of every fit: no number is missing without a word, and convergence is proved."""
    for row in fit.coefficients.iter_rows(named=True):
        numbers = [row[name] for name in ("robust_se", "classical_se", "z", "p_value", "low", "high")]
        assert (row["undefined"] is None) == all(np.isfinite(numbers)), row
        assert np.isfinite(row["estimate"])
    if fit.converged:
        assert 0 <= fit.solved.maximum.decrement < FLAT
        assert fit.status.startswith("converged")
    else:
        assert fit.status.startswith("not converged")
    content = json.loads(
        json_text({"rows": fit.coefficients, "warnings": list(fit.warnings)}), parse_constant=pytest.fail
    )
    assert all(row["z"] is not None or row["undefined"] for row in content["rows"])
    return fit


def row_of(fit: Fit, name: str) -> dict[str, Any]:
    return fit.coefficients.row(fit.names.index(name), named=True)


@pytest.mark.parametrize("options", KINDS, ids=str)
@pytest.mark.parametrize("way", [1, -1])
@given(seed=SEEDS)
@RARELY
def test_a_column_that_tells_fights_apart_runs_to_infinity_and_is_named(options: dict[str, str], way: int, seed: int):
    data = disputes(seed)
    apart = np.random.default_rng(seed + 1).random(data.height) < 0.3
    fights = np.where(apart, data["esc"] * (way > 0), data["war"]).astype(int)
    data = data.with_columns(war=pl.Series(fights), dem=pl.Series(apart.astype(float)))
    fit = sound(estimate(model([1, "x", "dem"], **options), data))
    assert not fit.converged
    assert f"u24: dem {'up' if way > 0 else 'down'}" in fit.status
    assert ("+" if way > 0 else "-") + "infinity" in row_of(fit, "u24: dem")["undefined"]
    told = fit.coefficients.filter(pl.col("undefined").is_null())
    assert told.height == 4
    # The other coefficients are those of the cases that are not told apart, for what player 2 does.
    rest = sound(estimate(model([1, "x"], **options), data.filter(pl.col("dem") == 0)))
    assert row_of(fit, "u24: x")["estimate"] == pytest.approx(row_of(rest, "u24: x")["estimate"], abs=0.25)


def test_two_columns_that_separate_are_both_named():
    data = disputes(3)
    random = np.random.default_rng(4).random(data.height)
    dem, aut = random < 0.2, random > 0.8
    fights = np.where(dem, data["esc"], np.where(aut, 0, data["war"])).astype(int)
    data = data.with_columns(war=pl.Series(fights), dem=pl.Series(dem * 1.0), aut=pl.Series(aut * 1.0))
    fit = sound(estimate(model([1, "x", "dem", "aut"]), data))
    assert "u24: dem up" in fit.status
    assert "u24: aut down" in fit.status
    assert "x" not in fit.judgement.loose[0] + fit.judgement.loose[1]


@pytest.mark.parametrize("options", KINDS, ids=str)
def test_a_number_that_separates_runs_off_with_its_constant(options: dict[str, str]):
    data = disputes(5).with_columns(war=pl.when(pl.col("x") > 0.2).then(pl.col("esc")).otherwise(0))
    fit = sound(estimate(model([1, "x"], **options), data))
    assert not fit.converged
    assert "u24: x up" in fit.status
    assert row_of(fit, "u11: constant")["undefined"] is None


def test_separation_is_named_in_the_signalling_game_too():
    random = np.random.default_rng(2)
    data = pl.DataFrame({"trade": random.normal(size=200), "dem": (random.random(200) < 0.3) * 1.0})
    game = SignallingModel(
        {"S_A": ["trade"], "V_A": [1], "C_B": [1], "W_A": [1], "W_B": [1, "dem"], "a": [1]}, ("SQ", "CD", "SF", "BD")
    )
    truth = {"S_A: trade": 0.3, "V_A: constant": 0.9, "C_B: constant": -0.6, "W_A: constant": -1.2,
             "W_B: constant": -0.4, "W_B: dem": 40.0, "a: constant": -1.0}  # fmt: skip
    drawn = simulate(game, data, truth, generator=random, observations=10)
    fit = sound(estimate(game, drawn, method=PseudoLikelihood(repetitions=0)))
    assert "W_B: dem up" in fit.status
    assert fit.coefficients.filter(pl.col("undefined").is_not_null())["term"].to_list() == ["dem"]


def test_estimating_loads_no_engine():
    code = "import sys, outlast.estimating; print(*[m for m in sys.modules if m.startswith('outlast.')])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    rooms = {name.split(".")[1] for name in loaded}
    assert rooms <= {"estimating", "scenario", "record", "files"}


@given(seed=SEEDS, digits=st.floats(0, 12), factor=st.sampled_from([1.0, 2.0, -3.0]))
@settings(max_examples=40, deadline=None)
def test_columns_that_are_nearly_one_are_told_apart_or_named(seed: int, digits: float, factor: float):
    data = disputes(seed)
    noise = np.random.default_rng(seed + 1).normal(size=data.height)
    data = data.with_columns(bal2=factor * pl.col("bal") + 10**-digits * pl.Series(noise))
    try:
        fit = sound(estimate(model([1, "x"], ["bal", "bal2"]), data))
    except CasesError as error:
        if digits > 5 and "bal2" in str(error):
            return
        raise
    errors = fit.coefficients["robust_se"]
    if fit.converged and digits > 4.5:
        assert any("u14: bal2" in warning for warning in fit.warnings)
        assert errors[1] > 100
    plain = estimate(model([1, "x"]), data)
    assert fit.log_likelihood >= plain.log_likelihood - 1e-6 or not fit.converged


@given(seed=SEEDS)
@RARELY
def test_one_cluster_has_no_robust_errors_and_says_so(seed: int):
    fit = sound(estimate(model([1, "x"]), disputes(seed), cluster="one"))
    assert fit.coefficients["robust_se"].is_nan().all()
    assert fit.coefficients["classical_se"].is_finite().all()
    assert all("one cluster of one" in reason for reason in fit.coefficients["undefined"])
    assert any("one cluster of one" in warning for warning in fit.warnings)


@pytest.mark.parametrize(("clusters", "told"), [(2, "at most 1"), (4, "at most 3"), (12, "few"), (40, "")])
def test_few_clusters_are_warned_of(clusters: int, told: str):
    data = disputes(1).with_columns(pair=pl.int_range(300) % clusters)
    fit = sound(estimate(model([1, "x"]), data, cluster="pair"))
    assert fit.clusters == clusters
    assert told in " ".join(fit.warnings)
    assert bool(told) == any("clusters" in warning for warning in fit.warnings)


def test_one_case_that_carries_an_estimate_shows_in_its_errors():
    data = disputes(2, cases=2000)
    far = pl.int_range(2000) == 7
    data = data.with_columns(
        x=pl.when(far).then(200.0).otherwise(pl.col("x") / 100),
        esc=pl.when(far).then(1).otherwise(pl.col("esc")),
        war=pl.when(far).then(0).otherwise(pl.col("war")),
    )
    fit = sound(estimate(model([1, "x"]), data))
    assert any("differ widely: " in warning and "u24: x" in warning for warning in fit.warnings) or not fit.converged


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (pl.lit(3.0), "depend on each other"),
        (pl.lit(0.0), "only zeros"),
        (pl.lit(None, dtype=pl.Float64), "observations"),
        (pl.lit(None, dtype=pl.String), "holds"),
        (pl.lit(float("nan")), "observations"),
        (pl.lit(float("inf")), "finite"),
        (2 * pl.col("x") - 1, "depend on each other"),
    ],
    ids=["constant", "zeros", "missing", "missing text", "nan", "infinite", "sum"],
)
def test_columns_that_cannot_be_used_are_refused(column: pl.Expr, told: str):
    with pytest.raises(CasesError, match=told):
        estimate(model([1, "x", "odd"]), disputes(1).with_columns(odd=column))


def test_a_saddle_is_no_maximum_whatever_its_newton_step_promises():
    """f = x^2/2 - y^2/2 at its flat point: the Newton decrement is 0."""

    def at(point: np.ndarray):
        return float(point[0] ** 2 - point[1] ** 2) / 2, np.array([point[0], -point[1]]), np.diag([1.0, -1.0])

    assert _polished(at, np.zeros(2))[2] is False


def test_curvature_that_is_rounding_is_no_proof():
    data = disputes(1)
    cases = estimate(model([1, "x"]), data).cases
    size = len(cases.scale)

    def at(point: np.ndarray):
        flat = np.diag([1.0] * (size - 1) + [1e-16])
        return float(-(point @ flat @ point) / 2), -flat @ point, -flat

    found = maximise(at, np.full(size, 0.1), cases)
    assert not found.converged
    assert found.words.startswith("not converged")
