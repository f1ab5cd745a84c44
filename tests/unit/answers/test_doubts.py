"""Comparisons with solutions that failed their certificate are marked and said."""

from __future__ import annotations

import pytest

from outlast.answers import Answers
from outlast.answers.certificate import doubt_sentence, doubts
from outlast.answers.ledger import ledger
from outlast.scenario import read

ALL = {"patience": True, "front": True}


def test_trusted_solutions_raise_no_doubt():
    assert doubts(True, ALL, [{"patience": True}] * 2) == {}
    assert doubt_sentence(draws=8, failed=0, doubted={}) == ""


@pytest.mark.parametrize(
    ("coarse", "without", "contrasts", "doubted"),
    [
        (False, ALL, [], {"patience", "front"}),
        (True, {"patience": False, "front": True}, [], {"patience"}),
        (True, ALL, [{"patience": True}, {"patience": False}], {"patience"}),
    ],
)
def test_every_solution_that_failed_is_told(coarse: bool, without: dict, contrasts: list, doubted: set):
    found = doubts(coarse, without, contrasts)
    assert set(found) == doubted
    assert all("failed" in reason for reason in found.values())
    sentence = doubt_sentence(draws=8, failed=2, doubted=found)
    assert "2 of 8 draws" in sentence
    assert "patience" in sentence


def test_the_ledger_marks_the_claims_that_compare_with_it(small_answers: Answers):
    tables, scenario = small_answers.tables, read("geneva")
    without = dict.fromkeys(("patience", "endurance", "home_front", "aspiration"), tables)
    found = ledger(
        scenario.claims,
        tables,
        coarse=tables,
        without=without,
        draws=[],
        contrasts=[],
        doubted={"patience": "it failed"},
    )
    marked = found.filter(~found["trusted"])
    assert set(marked["mechanism"]) == {"patience"}
    assert set(marked["claim"]) == {"patience", "attention"}
    assert all("do not rely on the comparison: it failed" in comment for comment in marked["comment"])
    assert found["trusted"].sum() == found.height - 2
