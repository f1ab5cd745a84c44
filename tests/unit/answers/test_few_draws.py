"""Of a handful of draws nothing is said in shares or quantiles, and one number has one range wherever it stands."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from io import StringIO
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from outlast.answers.claims import CLAIMS
from outlast.answers.drawn_answers import CONTRASTS, Centre, DrawnAnswers, side_jobs
from outlast.answers.intervals import FEWEST, banded, ends, few_sentence, share_of, with_intervals
from outlast.answers.ledger import COLUMNS, ledger
from outlast.answers.stall import Stall, stall_table
from outlast.answers.verdict import verdict
from outlast.cli import app
from outlast.ensemble import making
from outlast.reporting.sections.ledger import claims as claims_section
from outlast.reporting.sections.outlook import headlines as headlines_section
from outlast.reporting.terminal import headline_table, print_claims
from outlast.reporting.wording import of_draws, quantity, span
from outlast.scenario import read


def drawn(tables, draws: int) -> dict[str, np.ndarray]:
    """Bands of so many draws, each the tables' own numbers, a little moved."""
    return {name: np.stack([band + 0.001 * i for i in range(draws)]) for name, band in banded(tables).items()}


def test_sixteen_draws_make_a_share_and_fifteen_a_count():
    assert CONTRASTS < FEWEST == making.CONTRASTS == 16
    assert (share_of(12, 16), share_of(12, 15)) == (0.75, None)
    assert [of_draws(12, 16, 0.75), of_draws(12, 15, None), of_draws(0, 0, None)] == ["75% of 16", "12 of 15", ""]


@pytest.mark.parametrize(
    ("asked", "contrasts"),
    [
        (["run", "starter", "--out", "nowhere"], CONTRASTS),
        (["compare", "starter", "geneva", "--draws", "4"], CONTRASTS),
        (["claims", "starter"], FEWEST),
        (["claims", "starter", "--draws", "4"], 4),
    ],
)
def test_every_command_has_its_own_number_of_contrasts(asked, contrasts: int, small, tmp_path, monkeypatch):
    """`run` and `compare` are quick and count; `claims` gives shares. Nothing is solved here."""
    found: list[int] = []

    def told(scenario, values):
        found.append(len(values))
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OUTLAST_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("outlast.solving.solve", lambda game: small)
    monkeypatch.setattr(import_module("outlast.answers.answer"), "side_jobs", told)
    assert app.run_program(asked) != 0
    assert found == [contrasts]


def test_contrasts_are_recorded(small_answers):
    contrasts = tuple({"patience": 1.0} for _ in range(16))
    found = DrawnAnswers(Centre({}, {}, {}, contrasts), {}, {}, 0, 5, 1)
    assert len(found.contrasts) == 5, "a stored ensemble contrasts sixteen draws, even where fewer were asked for"
    assert small_answers.record["contrasts"] == min(CONTRASTS, small_answers.record["draws"])


def test_each_contrast_takes_a_solve_for_every_mechanism(small_answers):
    scenario = read("geneva")
    alone = len(side_jobs(scenario, np.zeros((0, 3))))
    needed = {CLAIMS[claim.id].mechanism for claim in scenario.claims if CLAIMS[claim.id].contrast}
    assert len(side_jobs(scenario, np.zeros((5, 3)))) == alone + 5 * (1 + len(needed))


def test_ends_take_sixteen_draws_that_tell():
    values = np.arange(16.0)
    assert ends(values) == pytest.approx((1.5, 13.5))
    assert ends(values[:15]) == (None, None)
    assert ends(np.append(values[:15], np.nan)) == (None, None), "a draw without a solution tells nothing"


@pytest.mark.parametrize("claim", ["pause", "patience"])
@pytest.mark.parametrize("draws", [2, 15, 16])
def test_ledger_gives_no_share_of_a_handful(claim: str, draws: int, small_answers):
    holds = np.where(np.arange(draws) < 2, 1.0, -1.0)
    centre = Centre({}, {"pause": 1.0, "patience": 1.0}, {}, tuple({"patience": each} for each in holds))
    found = DrawnAnswers(centre, {}, {"pause": holds}, 0, draws, 1)
    said = [SimpleNamespace(id=claim, paragraph=1, statement="x")]
    row = ledger(said, small_answers.tables, found).row(0, named=True)
    assert (row["held"], row["draws"]) == (2, draws)
    assert row["share"] == (2 / 16 if draws == 16 else None)


def test_ledger_without_claims_keeps_its_columns(small_answers):
    found = ledger([], small_answers.tables, DrawnAnswers(None, {}, {}, 0, 0, 1))
    assert found.schema == small_answers.tables["claims"].schema == pl.Schema(COLUMNS)


def test_page_and_terminal_count_a_handful(small_answers):
    some = small_answers.tables["claims"].with_columns(held=pl.lit(3), draws=pl.lit(4), share=pl.lit(None, pl.Float64))
    made = small_answers.with_tables({"claims": some})
    section = claims_section(made)
    assert "%" not in section.reading
    assert {row[2].text for row in section.grids[0].rows} == {"3 of 4"}
    console = Console(file=StringIO(), width=100)
    print_claims(made, console=console)
    assert "3 of 4" in console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]
    few = replace(made, record=made.record | {"draws": 4})
    assert "4 draws are too few" in headlines_section(few).grids[0].caption


@pytest.mark.parametrize("draws", [0, 4, 32])
def test_ranges_stand_everywhere_or_nowhere(small_answers, draws: int):
    tables = with_intervals(dict(small_answers.tables), drawn(small_answers.tables, draws) if draws else {})
    for name in ("headlines", "rounds", "delay", "deal_map"):
        low = [column for column in tables[name].columns if column == "low" or column.endswith("_low")]
        assert low
        for column in low:
            assert tables[name][column].is_null().all() == (draws < FEWEST), (name, column)
            assert tables[name][column].dtype == pl.Float64
    assert bool(few_sentence(tables["headlines"], draws)) == (draws == 4)


def test_one_number_has_one_value_and_one_range(small_answers):
    """The verdict, the headlines, the rounds, the delay and the deal map write the same number the same way."""
    bands = drawn(small_answers.tables, 32)
    # In most draws another package is the best, as it may be: the range of the headline stays with its package.
    bands["headlines.value"][1:, -3] += 0.4
    tables = with_intervals(dict(small_answers.tables), bands)
    heads = {row["key"]: row for row in tables["headlines"].to_dicts()}
    best = tables["deal_map"].sort("product", descending=True).row(0, named=True)
    assert heads["best_product"]["value"] == best["product"]
    assert (heads["best_product"]["low"], heads["best_product"]["high"]) == (best["product_low"], best["product_high"])
    assert best["title"] in heads["best_product"]["label"]
    said = " ".join(verdict(tables, small_answers.parties))
    told = ["attend_next", "signed_next", "signed_year", "delay_challenger", "delay_defender", "delay_patron"]
    if not tables["deal_map"]["in_zone"].any():
        told.append("best_product")
    for key in told:
        row = heads[key]
        assert f"{quantity(row['value'], row['unit'])} ({span(row['low'], row['high'], unit=row['unit'])})" in said, key
    console = Console(file=StringIO(), width=120)
    console.print(headline_table(small_answers.with_tables(tables)))
    assert span(best["product_low"], best["product_high"]) in console.file.getvalue()  # pyright: ignore
    year = tables["delay"].filter(pl.col("months") == 12, pl.col("account") == "patron").row(0, named=True)
    assert (heads["delay_patron"]["low"], heads["delay_patron"]["high"]) == (year["low"], year["high"])


BASE = Stall(0.02, 0.01, 0.6, 0.3, "freeze", 0.5, 24)  # threshold 0.4


@pytest.mark.parametrize(
    ("offer", "waiting", "says"),
    [
        (0.3, 0.5, "stalling is free even for a settler; in equilibrium a settler waits"),
        (0.3, 0.2, "stalling is free even for a settler; in equilibrium a settler would sign it all the same"),
        (0.45, 0.5, "stalling costs a settler something; in equilibrium a settler waits all the same"),
        (0.45, 0.2, "stalling costs a settler something; in equilibrium a settler would sign it"),
    ],
)
def test_stall_sentence_says_what_is_so(offer: float, waiting: float, says: str):
    assert replace(BASE, offer=offer, waiting=waiting).sentence.endswith(says)


def test_without_an_offer_nothing_is_compared():
    none = replace(BASE, offer=float("nan"), package=None)
    assert none.sentence == "no package is acceptable to the others, so there is nothing to wait for or to sign"
    assert "threshold" not in none.sentence


def test_rates_are_no_chances():
    table = stall_table(BASE)
    units = dict(table.select("quantity", "unit").iter_rows())
    assert units["hazard"] == units["impatience"] == "a month"
    assert not table.filter(pl.col("unit") == "a month")["label"].str.contains("(?i)chance").any()
    assert BASE.threshold == pytest.approx(0.4)
    assert replace(BASE, hazard=float("inf")).threshold == 0.6, "who is gone at once leaves the worth after the exit"
    assert "averaged over 7 months" in stall_table(replace(BASE, months=7))["note"][0]
