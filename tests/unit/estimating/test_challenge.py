"""The challenge game: its chances by simulation of the moves, its derivatives, and known coefficients recovered."""

from __future__ import annotations

import jax
import numpy as np
import polars as pl
import pytest

from outlast.estimating import CasesError, ChallengeModel, Label, estimate
from outlast.estimating.likelihood import BLOCK, derivatives
from outlast.estimating.precision import precise

from .samples import COUNTS, TRUTH, UTILITIES, drawn

KINDS = [{"link": "probit"}, {"link": "logit"}, {"errors": "private"}]
UTILITY = np.array([-0.4, 0.3, 0.7, -0.5])


def model(**options: str) -> ChallengeModel:
    return ChallengeModel(UTILITIES, COUNTS, **options)


def played(errors: str, draws: int = 400_000) -> np.ndarray:
    """Play the game with drawn normal errors and count the outcomes: player 1 knows only the chance that 2 fights."""
    random = np.random.default_rng(5)
    u11, u13, u14, u24 = UTILITY
    second = random.normal(size=(2, draws))
    fights = u24 + second[1] > second[0]
    p4 = fights.mean()
    first = random.normal(size=(3, draws))
    if errors == "private":
        challenges = (1 - p4) * (u13 + first[1]) + p4 * (u14 + first[2]) > u11 + first[0]
    else:
        challenges = (1 - p4) * u13 + p4 * u14 + first[1] > u11 + first[0]
    return np.array([(~challenges).mean(), (challenges & ~fights).mean(), (challenges & fights).mean()])


@pytest.mark.parametrize("errors", ["agent", "private"])
def test_chances_are_those_of_the_game_played_out(errors: str):
    with precise():
        chances = np.exp(model(errors=errors).law.log_chances(jax.numpy.asarray(UTILITY)))
    assert chances.sum() == pytest.approx(1, abs=1e-12)
    assert chances == pytest.approx(played(errors), abs=4e-3)


@pytest.mark.parametrize("options", KINDS)
def test_derivatives_agree_with_differences(options: dict[str, str]):
    law, counts, step = model(**options).law, np.array([[1.0, 2.0, 3.0]]), 1e-5
    with precise():
        _, gradient, hessian = derivatives(law, UTILITY[None], counts)
        for j in range(4):
            shift = np.eye(4)[j] * step
            up = derivatives(law, (UTILITY + shift)[None], counts)
            down = derivatives(law, (UTILITY - shift)[None], counts)
            assert gradient[0, j] == pytest.approx((up[0] - down[0])[0] / (2 * step), abs=1e-8)
            assert hessian[0, j] == pytest.approx((up[1] - down[1])[0] / (2 * step), abs=1e-8)


def test_an_outcome_that_cannot_happen_and_did_not_takes_no_part():
    with precise():
        value, gradient, hessian = derivatives(
            model().law, np.array([[0.0, 0.0, 0.0, -500.0]]), np.array([[1.0, 1, 0]])
        )
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()
    assert np.isfinite(hessian).all()


@pytest.mark.parametrize("options", KINDS)
def test_known_coefficients_are_recovered(options: dict[str, str]):
    fit = estimate(model(**options), drawn(model(**options), 4000, seed=3))
    assert fit.converged
    z = (fit.solved.point - np.array([TRUTH[name] for name in fit.names])) / fit.coefficients["robust_se"].to_numpy()
    assert np.abs(z).max() < 3.5
    assert fit.coefficients["robust_se"].max() < 0.5


def test_counts_labels_and_repeated_rows_are_one_likelihood():
    data = drawn(model(), BLOCK + 5, seed=1, observations=2)
    counts = data.select(COUNTS).to_numpy()
    rows = np.repeat(np.arange(data.height), 2)
    ends = np.concatenate([np.repeat(COUNTS, row) for row in counts])
    long = data[rows].with_columns(pl.Series("end", ends))
    short = estimate(model(), data)
    other = estimate(
        ChallengeModel(UTILITIES, Label("end", COUNTS)), long.with_columns(case=pl.Series(rows)), cluster="case"
    )
    assert other.log_likelihood == pytest.approx(short.log_likelihood, abs=1e-8)
    assert other.solved.point == pytest.approx(short.solved.point, abs=1e-6)
    assert other.covariance == pytest.approx(short.covariance, rel=1e-5)
    assert other.clusters == len(short.cases.rows)


def test_units_of_a_column_do_not_matter():
    data = drawn(model(), 800, seed=2)
    big = estimate(model(), data.with_columns(pl.col("x") * 1e6))
    plain = estimate(model(), data)
    assert big.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-7)
    assert big.solved.point[1] * 1e6 == pytest.approx(plain.solved.point[1], rel=1e-5)


def test_beliefs_have_one_row_for_each_case_and_sum_to_one():
    data = drawn(model(), 300, seed=4).with_columns(x=pl.when(pl.int_range(300) == 7).then(None).otherwise(pl.col("x")))
    fit = estimate(model(), data)
    chances = fit.beliefs.select("p_status_quo", "p_capitulation", "p_fight").to_numpy()
    assert chances.sum(axis=1) == pytest.approx(1)
    assert 7 not in fit.beliefs["row"]
    assert fit.dropped == {"x is missing": 1}


def test_separated_data_end_with_a_warning_and_words():
    data = drawn(model(), 400, seed=6).with_columns(w=pl.when(pl.col("fought") > 0).then(1.0).otherwise(-1.0))
    fit = estimate(model(), data)
    assert fit.warnings or not fit.converged


def test_private_logit_is_refused():
    with pytest.raises(CasesError, match="not logistic"):
        model(link="logit", errors="private")


def test_a_method_is_refused_where_the_equilibrium_is_unique():
    with pytest.raises(CasesError, match="no method"):
        estimate(model(), drawn(model(), 100, seed=1), method="npl")
