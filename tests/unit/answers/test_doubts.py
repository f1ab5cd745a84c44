"""Comparisons with solutions that failed their certificate are marked and said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from outlast.answers import Answers
from outlast.answers.certificate import Doubts, doubt_sentence, doubts
from outlast.answers.claims import CLAIMS
from outlast.answers.drawn_answers import Centre, DrawnAnswers, _doubted
from outlast.answers.job import CENTRE
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


def test_the_ledger_marks_the_claims_that_rest_on_it(small_answers: Answers):
    scenario = read("geneva")
    margins = {claim.id: 0.5 for claim in scenario.claims}
    centre = Centre({}, margins, {}, doubted={"patience": "it failed"})
    found = ledger(scenario.claims, small_answers.tables, DrawnAnswers(centre, {}, {}, 0, 0, 1))
    marked = found.filter(~found["trusted"])
    assert set(marked["claim"]) == {"patience"}
    assert all("do not rely on the comparison: it failed" in comment for comment in marked["comment"])


@pytest.mark.parametrize(("failing", "claims"), [("patience", {"patience", "attention"}), (None, {"patience"})])
def test_a_solution_that_failed_is_a_reason_for_the_claims_that_compare_with_it(failing: str | None, claims: set[str]):
    """The claim *patience* compares with the game without patience; *attention* only shows what it would be there.

    Either the game without patience fails at the central numbers, or the one with it does, in which contrasts share.
    """
    solved: Any = {
        (CENTRE, off): SimpleNamespace(checks=SimpleNamespace(trusted=off != failing)) for off in (None, "patience")
    }
    found = _doubted(solved, [CLAIMS["patience"], CLAIMS["attention"]])
    assert {name for name, why in found.items() if why} == claims
