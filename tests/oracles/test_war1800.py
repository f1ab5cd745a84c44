"""The challenge game on nineteenth-century disputes: what the R package ``games`` finds (Kenkel & Signorino 2014)."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from outlast.estimating import ChallengeModel, Factor, Fit, Moves, estimate, read_cases

ROOT = Path(__file__).resolve().parents[2]
FILE = Path(os.environ.get("OUTLAST_SHARED_DATA", ROOT.parent / "shared" / "data")) / "war1800" / "war1800.csv"
UTILITIES = {
    "u11": [1, "s_wt_re1", "revis1"],
    "u13": [],
    "u14": [1, Factor("regime1", base="autoc")],
    "u24": [1, "balanc", Factor("regime2", base="autoc")],
}

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="war1800.csv is not there: set OUTLAST_SHARED_DATA")


def fit_of(**options: str) -> Fit:
    return estimate(ChallengeModel(UTILITIES, Moves("esc", "war"), **options), read_cases(FILE))


@pytest.fixture(scope="module")
def probit() -> Fit:
    return fit_of()


def test_probit_has_the_published_likelihood(probit: Fit):
    assert probit.converged
    assert len(probit.cases.rows) == 282
    assert probit.log_likelihood == pytest.approx(-286.1238, abs=5e-5)


@pytest.mark.parametrize(
    ("utility", "term", "published"),
    [
        ("u11", "s_wt_re1", -0.7400),
        ("u14", "regime1=dem", -1.9022),
        ("u24", "regime2=dem", -1.5436),
        ("u24", "balanc", -0.0420),
    ],
)
def test_probit_has_the_published_coefficients(probit: Fit, utility: str, term: str, published: float):
    row = dict(zip(probit.names, probit.solved.point, strict=True))
    assert len(row) == 10
    assert row[f"{utility}: {term}"] == pytest.approx(published, abs=6e-5)


def test_probit_has_the_published_standard_error(probit: Fit):
    errors = dict(zip(probit.names, probit.coefficients["classical_se"], strict=True))
    assert errors["u11: s_wt_re1"] == pytest.approx(0.280, abs=5e-4)


def test_dropped_rows_are_told_by_column(probit: Fit):
    assert set(probit.dropped) == {"regime1 is missing", "regime2 is missing"}
    assert probit.cases.total - len(probit.cases.rows) == 31


def test_logit_and_private_information_are_other_models_of_about_the_same_fit(probit: Fit):
    logit, private = fit_of(link="logit"), fit_of(errors="private")
    assert logit.converged
    assert private.converged
    for other in (logit, private):
        assert other.log_likelihood == pytest.approx(probit.log_likelihood, abs=0.2)
        assert abs(other.log_likelihood - probit.log_likelihood) > 1e-3
    # A logistic error with the same scale is wider, so coefficients in its units are larger, all by about one factor.
    ratio = logit.solved.point / probit.solved.point
    strong = np.abs(probit.coefficients["z"].to_numpy()) > 1.5
    assert ratio[strong] == pytest.approx(1.6, abs=0.15)
