"""What cannot happen has no worth, no range and no verdict: it is null, never a number that stands for nothing."""

from __future__ import annotations

import json
from io import StringIO

import numpy as np
import polars as pl
import pytest
from rich.console import Console

import outlast as ol
from outlast.answers.deals import Deals, durability
from outlast.answers.delay import delay
from outlast.answers.job import Checks, Job, Solved
from outlast.answers.ledger import ledger
from outlast.answers.rounds import rounds
from outlast.answers.sensitivity import HEADLINES, _headlines, _table
from outlast.answers.stall import stall
from outlast.answers.standpoint import Standpoint, ratio
from outlast.reporting.saving import as_json
from outlast.reporting.terminal import print_answers
from tiny import tiny_game, tiny_words


def shunned(noise: float) -> Standpoint:
    """Return a war of one package in which a round costs the challenger the whole prize, at so much noise."""
    words = tiny_words()
    words["mechanisms"]["styles"]["challenger_round_cost"] = 1.0
    words["noise"]["challenger"]["attend"] = noise
    return Standpoint(ol.solve(tiny_game(14, words)))


@pytest.fixture(scope="module")
def never() -> Standpoint:
    """A war in which the talks are not attended with any chance that a number can hold."""
    found = shunned(1e-5)
    assert all(path.share[0] == 0 for path in found.fruitless)
    return found


@pytest.fixture(scope="module")
def answers(never: Standpoint):
    return ol.answer(never.solution, draws=0)


def test_an_impossible_stretch_of_talks_is_worth_nothing_that_could_be_told(never: Standpoint):
    found = delay(never)
    assert found.select("dividend", "selection").null_count().row(0) == (found.height, found.height)
    assert found["passage"].null_count() == 0, (
        "what the months bring without anybody at the table is known all the same"
    )
    assert (found["chance"] == 0).all()


def test_a_stretch_too_unlikely_to_be_held_in_a_number_is_still_weighed():
    """After 13 months at 1e-67 each the chance is less than any number; the values in such a war are as ever."""
    found = delay(shunned(1e-4)).filter(months=13)
    assert (found["chance"] == 0).all()
    assert found["dividend"].null_count() == 0
    by_account = dict(found.select("account", "dividend").iter_rows())
    assert min(by_account["settler"], by_account["staller"]) <= by_account["challenger"]
    assert by_account["challenger"] <= max(by_account["settler"], by_account["staller"])


def test_answers_say_so_wherever_it_stands(answers):
    heads = dict(answers.tables["headlines"].select("key", "value").iter_rows())
    assert [heads[f"delay_{role}"] for role in ("challenger", "defender", "patron")] == [None] * 3
    assert heads["signed_year"] is not None
    assert answers.verdict[1] == "There can be no year of fruitless talks, so nobody gains by one or loses."
    told = json.loads(as_json(answers))
    assert not any("NaN" in sentence or "nan" in sentence for sentence in told["verdict"])
    values = dict(answers.tables["stall"].select("quantity", "value").iter_rows())
    assert (values["hazard"], values["threshold"]) == (None, None)
    console = Console(file=StringIO(), width=120)
    print_answers(answers, console=console)
    assert "There can be no 12 months of talks" in (page := ol.report(answers).html)
    assert "nan" not in page.lower().replace("governance", "")


def test_nothing_is_stalled_with_talks_that_cannot_be(never: Standpoint):
    found = stall(Deals(never))
    assert np.isnan(found.threshold)
    assert found.package is None or "no such talks" in found.sentence


def test_a_claim_about_what_cannot_happen_neither_holds_nor_fails(answers):
    from types import SimpleNamespace

    from outlast.answers.drawn_answers import Centre, DrawnAnswers

    said = [SimpleNamespace(id=name, paragraph=1, statement="x") for name in ("buys_time", "next_round", "styles")]
    nothing = float("nan")
    centre = Centre({}, {each.id: nothing for each in said}, {"styles": nothing})
    found = ledger(said, answers.tables, DrawnAnswers(centre, {}, {}, 0, 0, 1))
    for row in found.to_dicts():
        assert (row["holds"], row["margin"], row["without"], row["share"]) == (None, None, None, None)
        assert "cannot happen" in row["comment"]


def test_rounds_that_are_not_reached_bring_nothing(small_view: Standpoint):
    """A war that is over for sure after two months: the third round is neither attended nor stayed away from."""
    view = Standpoint(small_view.solution)
    view.__dict__["_runs"] = {**small_view._runs, "dealless": [_cut(path, 2) for path in small_view.dealless]}
    found = rounds(view)
    assert found["attend"].is_null().to_list() == [False, False] + [True] * (found.height - 2)
    for column in ("signed", "nothing", "away"):
        assert found[column].is_null().equals(found["attend"].is_null())


def _cut(path, months: int):
    from dataclasses import replace

    begun = {name: mass.copy() for name, mass in path.begun.items()}
    through = {name: mass.copy() for name, mass in path.through.items()}
    for mass in (*begun.values(), *through.values()):
        mass[months:] = 0.0
    return replace(path, begun=begun, through=through)


def test_a_peace_that_is_over_has_no_patience_and_no_hazard(small_view: Standpoint):
    deals = Deals(small_view)
    first = deals.settlements[0]
    survival = first.survival.copy()
    survival[:, 3:] = 0.0
    gone = {name: np.where(np.arange(getattr(first, name).shape[1]) < 3, getattr(first, name), np.nan)
            for name in ("patience", "forces", "honour", "gain")}  # fmt: skip
    deals.__dict__["settlements"] = [type(first)(survival, **gone), *deals.settlements[1:]]
    found = durability(deals).filter(package=deals.view.game.labels.packages[0])
    assert found["hazard"][2] == 1, "the month in which it ends"
    for column in ("hazard", "hazard_settler", "hazard_staller", "patience", "forces", "honour", "attack_gain"):
        assert found[column].is_null().to_list() == [False] * 3 + [True] * (found.height - 3), column


def test_a_type_of_whom_no_peace_is_left_does_not_count(small_view: Standpoint):
    deals = Deals(small_view)
    first = deals.settlements[0]
    survival, patience = first.survival.copy(), first.patience.copy()
    survival[1, 3:], patience[1, 3:] = 0.0, np.nan
    deals.__dict__["settlements"] = [type(first)(survival, patience, first.forces, first.honour, first.gain)]
    deals.__dict__["settlements"] += Deals(small_view).settlements[1:]
    found = durability(deals).filter(package=deals.view.game.labels.packages[0])
    np.testing.assert_allclose(found["patience"][3:], patience[0, 3 : found.height], rtol=1e-12)
    assert found["hazard_staller"].is_null().to_list() == [False] * 3 + [True] * (found.height - 3)


def test_a_ratio_of_nothing_is_no_number():
    found = ratio(np.array([1.0, 0.0]), np.array([4.0, 0.0]))
    assert found[0] == 0.25
    assert np.isnan(found[1])


@pytest.mark.parametrize("chance", [0.3, 1e-13, 1e-300, 0.0])
def test_a_type_however_unlikely_is_somewhere(chance: float, small_view: Standpoint):
    levels = np.asarray(small_view.game.inputs.grid.beliefs)
    weight = np.zeros((len(levels), 2))
    weight[0, 0], weight[1, 0] = 1 - chance / levels[1], chance / levels[1]
    assert small_view.calibrated(weight, chance, 1).sum() == pytest.approx(1)
    assert small_view.calibrated(weight, chance, 0).sum() == pytest.approx(1)


HEADS = pl.DataFrame({"key": ["one", "two"], "label": ["One", "Two"], "unit": ["chance"] * 2, "value": [0.5, None]})
NUMBER = {"path": "x", "label": "x", "unit": "", "value": 1.0, "low": 0.0, "high": 2.0, "basis": "data", "varied": True}


def test_a_solve_again_without_a_solution_leaves_its_effect_open():
    nan = float("nan")
    failed = Solved(Job(0, np.ones(1)), {}, {}, Checks(nan, nan, nan, False, "OverflowError: too large"))
    assert _headlines(failed) is None
    fine = Solved(Job(1, np.ones(1)), {HEADLINES: np.array([0.7, np.nan])}, {}, Checks(0, 0, 0, True))
    found = _table(HEADS, [NUMBER], {("x", "high"): _headlines(fine)})  # pyright: ignore[reportArgumentType]
    row = found.row(0, named=True)
    assert (row["effect_low"], row["effect_high"], row["effect"]) == (None, pytest.approx(0.2), None)


def test_an_answer_that_cannot_be_has_no_effect_that_could_be_told():
    moved = {("x", end): np.array([0.5, np.nan]) for end in ("low", "high")}
    one, two = _table(HEADS, [NUMBER], moved).to_dicts()
    assert (one["effect_low"], one["effect"]) == (0, 0)
    assert (two["effect_low"], two["effect_high"], two["effect"], two["answer"]) == (None, None, None, None)


def test_a_table_of_numbers_without_ranges_keeps_its_columns():
    bare = NUMBER | {"low": None, "high": None, "varied": False}
    assert _table(HEADS, [bare], {}).schema == _table(HEADS, [NUMBER], {}).schema
