"""Durability against the files of Fortna and UCDP: the figures of docs/durability.md, and what speaks against them."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from outlast.evidence import Durability, counted_priors, durability, hazard_priors
from outlast.evidence.settlements import EXPLANATIONS
from outlast.record.sources import import_file


@pytest.fixture(scope="module")
def fortna(shared_data: Path) -> pl.DataFrame:
    return import_file("fortna_spells", shared_data / "fortna_peacekeeping" / "pk_pkept.csv").table


@pytest.fixture(scope="module")
def found(fortna: pl.DataFrame, shared_data: Path) -> Durability:
    agreements = import_file("ucdp_agreements", shared_data / "ucdp" / "ucdp-peace-agreements-221.xlsx").table
    endings = import_file("ucdp_terminations", shared_data / "ucdp" / "ucdp-term-dyad-3-2021.xlsx").table
    return durability(fortna, agreements, endings)


def ratio(found: Durability, explanation: str, covariate: str) -> float:
    """Return one hazard ratio."""
    return found.ratios.filter(explanation=explanation, covariate=covariate)["ratio"][0]


def test_ratios_are_those_of_the_page(found: Durability):
    alone, ended, hard, army, _ = EXPLANATIONS
    assert ratio(found, alone, "peacekeeping") == pytest.approx(0.60, abs=0.005)
    assert [ratio(found, ended, name) for name in ("peacekeeping", "victory", "treaty")] == pytest.approx(
        [0.62, 0.30, 0.46], abs=0.005
    )
    assert [ratio(found, hard, name) for name in ("peacekeeping", "victory", "treaty")] == pytest.approx(
        [0.45, 0.17, 0.34], abs=0.005
    )
    assert [ratio(found, army, name) for name in ("peacekeeping", "victory", "treaty")] == pytest.approx(
        [0.42, 0.16, 0.29], abs=0.005
    )
    assert found.ratios.filter(explanation=hard)["rows"][0] == 131
    assert found.ratios.filter(explanation=hard)["failures"][0] == 55


def test_selection_hides_what_peacekeepers_do(found: Durability):
    """Controls for how hard a case was make the ratio smaller: peacekeepers go where peace is hardest to keep."""
    alone, _, hard, *_ = EXPLANATIONS
    assert ratio(found, hard, "peacekeeping") < 0.8 * ratio(found, alone, "peacekeeping")


def test_a_naive_reading_of_clauses_turns_the_sign_around(found: Durability):
    assert ratio(found, "a cease-fire clause alone", "cease") == pytest.approx(1.5, abs=0.05)
    assert ratio(found, "a peacekeeping clause alone", "pko") == pytest.approx(1.2, abs=0.05)
    assert any("Clauses are not guarantees" in warning for warning in found.warnings)


def test_hazards_are_those_of_the_page(fortna: pl.DataFrame, found: Durability):
    page = (Path(__file__).parents[2] / "docs" / "durability.md").read_text(encoding="utf-8")
    shares = found.shares.filter(pl.col("source").str.starts_with("Fortna"), month=60)
    for prior in hazard_priors(fortna):
        share = shares.filter(group=prior.guarantee).row(0, named=True)
        hazard = f"{prior.value:.4f} ({prior.low:.4f} to {prior.high:.4f})".replace("0.", ".")
        at_peace = f"{share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})".replace("0.", ".")
        (line,) = [
            line
            for line in page.splitlines()
            if line.startswith(f"| {prior.guarantee} |") and "%" not in line and "(" in line
        ]
        assert hazard in line
        assert at_peace in line


def test_endings_are_those_of_the_page(found: Durability):
    page = (Path(__file__).parents[2] / "docs" / "durability.md").read_text(encoding="utf-8")
    rates = found.hazards.filter(source="UCDP, endings of episodes", from_month=12, to_month=60)
    shares = found.shares.filter(source="UCDP, endings of episodes", month=60)
    for ended in ("victory of side A", "agreement", "ceasefire", "low activity"):
        rate, share = (table.filter(group=ended).row(0, named=True) for table in (rates, shares))
        cells = (
            ended, str(rate["failures"]), f"{rate['months']:,.0f}",
            f"{rate['hazard']:.4f} ({rate['low']:.4f} to {rate['high']:.4f})".replace("0.", "."),
            f"{share['share']:.2f} ({share['low']:.2f} to {share['high']:.2f})".replace("0.", "."),
        )  # fmt: skip
        assert f"| {' | '.join(cells)} |" in page


def test_clusters_hardly_widen_the_intervals(found: Durability):
    rows = found.hazards.filter(pl.col("source").str.starts_with("Fortna"), from_month=0, to_month=60)
    ends = {row["group"]: (row["clustered_low"], row["clustered_high"]) for row in rows.iter_rows(named=True)}
    assert ends["none"] == pytest.approx((0.0126, 0.0240), abs=0.00005)
    assert ends["soft"] == pytest.approx((0.0087, 0.0292), abs=0.00005)
    assert ends["enforceable"] == pytest.approx((0.0034, 0.0209), abs=0.00005)


def test_the_counts_that_are_shipped_are_those_of_the_file(fortna: pl.DataFrame):
    for shipped, counted in zip(counted_priors(), hazard_priors(fortna), strict=True):
        assert shipped.source == counted.source
        assert (shipped.value, shipped.low, shipped.high) == pytest.approx(
            (counted.value, counted.low, counted.high), rel=1e-4
        )
