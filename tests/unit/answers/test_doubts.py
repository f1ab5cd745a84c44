"""Comparisons with solutions that failed their certificate are marked and said."""

from __future__ import annotations

import pytest

from outlast.answers import Answers
from outlast.answers.certificate import Doubts, doubt_sentence, doubts
from outlast.answers.ledger import ledger
from outlast.scenario import read

ALL = {"patience": True, "front": True}


def test_trusted_solutions_raise_no_doubt():
    found = doubts(True, ALL, [{"patience": True}] * 2)
    assert found == Doubts({}, {})
    assert found.of("patience", contrast=True) == ""
    assert doubt_sentence(draws=8, failed=0, doubted=[]) == ""


@pytest.mark.parametrize(
    ("coarse", "without", "contrasts", "central", "others"),
    [
        (False, ALL, [], set(), {"patience", "front"}),
        (True, {"patience": False, "front": True}, [], {"patience"}, set()),
        (True, ALL, [{"patience": True}, {"patience": False}], set(), {"patience"}),
    ],
)
def test_every_solution_that_failed_is_told(coarse: bool, without: dict, contrasts: list, central: set, others: set):
    found = doubts(coarse, without, contrasts)
    assert (set(found.central), set(found.contrasts)) == (central, others)
    for mechanism in without:
        assert ("failed" in found.of(mechanism, contrast=False)) is (mechanism in central)
        assert ("failed" in found.of(mechanism, contrast=True)) is (mechanism in central | others)


def test_what_failed_is_said():
    sentence = doubt_sentence(draws=8, failed=2, doubted=["sunk_cost"])
    assert "2 of 8 draws" in sentence
    assert "sunk cost" in sentence


@pytest.mark.parametrize(
    ("doubted", "claims"),
    [
        (Doubts({"patience": "it failed"}), {"patience", "attention"}),
        (Doubts({}, {"patience": "it failed"}), {"patience"}),
    ],
)
def test_the_ledger_marks_the_claims_that_rest_on_it(doubted: Doubts, claims: set[str], small_answers: Answers):
    """The claim *patience* compares with the game without patience; *attention* only shows what it would be there."""
    tables, scenario = small_answers.tables, read("geneva")
    without = dict.fromkeys(("patience", "endurance", "home_front", "aspiration"), tables)
    found = ledger(scenario.claims, tables, coarse=tables, without=without, draws=[], contrasts=[], doubted=doubted)
    marked = found.filter(~found["trusted"])
    assert set(marked["claim"]) == claims
    assert all("do not rely on the comparison: it failed" in comment for comment in marked["comment"])
