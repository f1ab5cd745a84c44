"""Coefficients of signalling games recovered from simulated cases, by every method, with one equilibrium or several."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import ndtr

from outlast.estimating import (
    CasesError,
    ConstrainedLikelihood,
    Fit,
    Fixed,
    NestedFixedPoint,
    PseudoLikelihood,
    SignallingModel,
    estimate,
    simulate,
)
from outlast.estimating.cases import cases_of
from outlast.estimating.equilibrium import equilibrium_of
from outlast.estimating.precision import precise

OUTCOMES = ("SQ", "CD", "SF", "BD")
DYADS = {
    "S_A": {"x1": 0.3},
    "V_A": {"constant": 0.9, "x2": 0.4},
    "C_B": {"constant": -0.6, "x3": 0.5},
    "W_A": {"constant": -1.2, "x1": 0.5},
    "W_B": {"constant": -0.4, "x4": 0.4},
    "a": {"constant": -1.0, "x4": 0.3},
}
THREE = {
    "V_A": {"constant": 1.0},
    "W_A": {"constant": -1.9},
    "W_B": {"constant": -2.9, "x1": 0.1},
    "a": {"constant": -1.2},
    "V_B": {"constant": 1.0},
}
METHODS = {"nested": NestedFixedPoint(), "constrained": ConstrainedLikelihood(), "repeated": PseudoLikelihood()}


Drawn = tuple[pl.DataFrame, dict[str, float]]


def model_of(truth: dict[str, dict[str, float]]) -> SignallingModel:
    return SignallingModel({u: [1 if t == "constant" else t for t in terms] for u, terms in truth.items()}, OUTCOMES)


def drawn(truth: dict[str, dict[str, float]], cases: int, observations: int, seed: int, pick: str = "random"):
    generator = np.random.default_rng(seed)
    covariates = pl.DataFrame({f"x{i}": generator.normal(size=cases) for i in range(1, 5)})
    flat = {f"{u}: {term}": value for u, terms in truth.items() for term, value in terms.items()}
    table = simulate(model_of(truth), covariates, flat, generator=generator, observations=observations, pick=pick)
    return table, flat


def away(fit: Fit, truth: dict[str, float]) -> np.ndarray:
    """How many standard errors each coefficient is from the truth."""
    true = np.array([truth[name] for name in fit.names])
    return (fit.solved.point - true) / fit.coefficients["robust_se"].to_numpy()


@pytest.fixture(scope="module")
def dyads() -> Drawn:
    return drawn(DYADS, 1000, 5, seed=2)


@pytest.fixture(scope="module")
def fits(dyads: Drawn) -> dict[str, Fit]:
    return {name: estimate(model_of(DYADS), dyads[0], method=method) for name, method in METHODS.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", METHODS)
def test_known_coefficients_are_recovered(name: str, fits: dict[str, Fit], dyads: Drawn):
    fit = fits[name]
    assert fit.converged, fit.status
    assert np.abs(away(fit, dyads[1])).max() < 3.5
    assert fit.coefficients["robust_se"].max() < 0.3


@pytest.mark.slow
def test_nested_and_constrained_end_at_one_point(fits: dict[str, Fit]):
    nested, constrained = fits["nested"], fits["constrained"]
    assert constrained.log_likelihood == pytest.approx(nested.log_likelihood, abs=1e-6)
    assert constrained.solved.point == pytest.approx(nested.solved.point, abs=1e-5)
    assert constrained.covariance == pytest.approx(nested.covariance, rel=1e-3, abs=1e-8)


@pytest.mark.slow
def test_repeated_pseudo_likelihood_is_an_equilibrium_and_no_likelier(fits: dict[str, Fit]):
    nested, repeated = fits["nested"], fits["repeated"]
    assert repeated.log_likelihood < nested.log_likelihood
    beliefs = repeated.beliefs
    ends = beliefs.select("p_SQ", "p_CD", "p_SF", "p_BD").to_numpy()
    assert ends.sum(axis=1) == pytest.approx(1, abs=1e-9)
    # B's answer to the p_F that it believes is the p_R that A believes.
    u = {name: beliefs[name].to_numpy() for name in SignallingModel.UTILITIES}
    p_firm = beliefs["p_firm"].to_numpy()
    answer = ndtr(u["W_B"] - u["V_B"] + (u["V_B"] - u["C_B"]) / p_firm)
    assert answer == pytest.approx(beliefs["p_resist"].to_numpy(), abs=1e-6)


@pytest.mark.slow
def test_first_stage_alone_warns_of_its_standard_errors(dyads: Drawn):
    fit = estimate(model_of(DYADS), dyads[0], method=PseudoLikelihood(repetitions=0))
    assert any("first stage" in warning for warning in fit.warnings)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nested", "constrained"])
def test_cases_that_play_any_of_three_equilibria_are_sorted_by_their_outcomes(name: str):
    data, truth = drawn(THREE, 80, 200, seed=5)
    fit = estimate(model_of(THREE), data, method=METHODS[name])
    assert fit.converged, fit.status
    assert np.abs(away(fit, truth)).max() < 4
    assert (fit.beliefs["equilibria"] == 3).mean() > 0.4
    assert any("more than one equilibrium" in warning for warning in fit.warnings)


@pytest.mark.slow
@pytest.mark.parametrize("pick", ["lowest", "highest"])
def test_a_stated_rule_is_followed(pick: str):
    """Where all cases play one side, its rule is at least as likely as the truth and puts every case on that side.

    The upper equilibrium of some cases is about to vanish at the estimate, so that the search may end at a jump; its
    status then says so.
    """
    data, truth = drawn(THREE, 150, 100, seed=6, pick=pick)
    fit = estimate(model_of(THREE), data, method=NestedFixedPoint(pick), start=truth)
    cases = cases_of(model_of(THREE), data)
    with precise():
        utilities = cases.values(np.array([truth[name] for name in fit.names]))
        at_truth = equilibrium_of(utilities, cases.counts, pick).parts.value.sum()
    assert fit.log_likelihood >= at_truth
    assert fit.converged or "vanishes" in fit.status
    if fit.converged:
        assert np.abs(away(fit, truth)).max() < 4
    several = fit.beliefs.filter(pl.col("equilibria") == 3)
    assert len(several) > 20
    assert (several["p_resist"] < 0.5).all() if pick == "lowest" else (several["p_resist"] > 0.5).all()


@pytest.mark.slow
def test_payoffs_fixed_at_known_values_leave_the_rest():
    data, truth = drawn(THREE, 150, 100, seed=6, pick="lowest")
    utilities = {**model_of(THREE).utilities, "V_A": [Fixed(1.0)], "V_B": [Fixed(1.0)]}
    fit = estimate(SignallingModel(utilities, OUTCOMES), data, method=NestedFixedPoint())
    assert fit.names == ("W_A: constant", "W_B: constant", "W_B: x1", "a: constant")
    assert fit.converged
    assert np.abs(away(fit, truth)).max() < 4


def test_faults_of_the_signalling_model():
    data, _ = drawn(DYADS, 60, 1, seed=1)
    with pytest.raises(CasesError, match="C_B, W_B, V_B"):
        estimate(SignallingModel({"C_B": [1], "W_B": [1], "V_B": [1, "x1"]}, OUTCOMES), data)
    with pytest.raises(CasesError, match="selection is one of"):
        NestedFixedPoint("median")
    with pytest.raises(CasesError, match="the method is one of"):
        estimate(model_of(DYADS), data, method="nested")
    with pytest.raises(CasesError, match="pick"):
        drawn(DYADS, 10, 1, seed=1, pick="middle")


@pytest.mark.slow
def test_with_one_observation_a_case_the_default_does_not_let_outcomes_choose():
    data, truth = drawn(DYADS, 1500, 1, seed=3)
    fit = estimate(model_of(DYADS), data)
    assert "repetitions" in fit.status
    assert np.abs(away(fit, truth)).max() < 4
