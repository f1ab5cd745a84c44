"""Comparisons with solutions that failed their certificate are marked and said."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from outlast.answers import Answers
from outlast.answers.certificate import DOUBTED_SHARE, Doubts, doubt_sentence, doubts
from outlast.answers.claims import CLAIMS
from outlast.answers.drawn_answers import Centre, DrawnAnswers, _doubts
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


@pytest.mark.parametrize(("failed", "doubted"), [(0, False), (1, False), (4, False), (5, True), (16, True)])
def test_a_contrast_is_doubted_where_more_than_a_quarter_of_its_draws_failed(failed: int, doubted: bool):
    assert DOUBTED_SHARE == 0.25
    found = doubts(True, {"patience": True}, [{"patience": draw >= failed} for draw in range(16)])
    assert bool(found.of("patience", contrast=True)) is doubted
    assert not found.of("patience", contrast=False), "a claim that compares nothing rests on no such draw"
    said = found.of("patience", contrast=True) or found.noted.get("patience", "")
    assert said == (f"in {failed} of 16 draws one of the two solutions failed its certificate" if failed else "")


def test_a_centre_that_failed_is_doubted_whatever_the_draws_say():
    found = doubts(False, {"patience": True}, [{"patience": draw > 0} for draw in range(16)])
    assert found.of("patience", contrast=True) == "the coarse solution failed its certificate"
    assert found.noted["patience"].startswith("in 1 of 16 draws")


def test_a_draw_counts_as_failed_where_either_of_its_two_solutions_did():
    failing = {(0, "patience"), (1, None)}
    jobs = [(draw, off) for draw in (CENTRE, 0, 1, 2, 3) for off in (None, "patience")]
    solved: Any = {job: SimpleNamespace(checks=SimpleNamespace(trusted=job not in failing)) for job in jobs}
    found = _doubts(solved).of("patience", contrast=True)
    assert found == "in 2 of 4 draws one of the two solutions failed its certificate"


def test_what_failed_is_said():
    sentence = doubt_sentence(draws=8, failed=2, doubted=["sunk_cost"])
    assert "2 of 8 draws" in sentence
    assert "sunk cost" in sentence


def test_the_ledger_marks_the_claims_that_rest_on_it(small_answers: Answers):
    scenario = read("geneva")
    margins = {claim.id: 0.5 for claim in scenario.claims}
    centre = Centre({}, margins, {}, doubted={"patience": "it failed"}, noted={"pause": "in 1 of 16 draws it failed"})
    found = ledger(scenario.claims, small_answers.tables, DrawnAnswers(centre, {}, {}, 0, 0, 1))
    marked = found.filter(~found["trusted"])
    assert set(marked["claim"]) == {"patience"}
    assert all("do not rely on the comparison: it failed" in comment for comment in marked["comment"])
    noted = found.filter(found["comment"].str.contains("in 1 of 16 draws it failed"))
    assert set(noted["claim"]) == {"pause"}, "a few draws that failed are told, and no reason to doubt"


@pytest.mark.parametrize(("failing", "claims"), [("patience", {"patience", "attention"}), (None, {"patience"})])
def test_a_solution_that_failed_is_a_reason_for_the_claims_that_compare_with_it(failing: str | None, claims: set[str]):
    """The claim *patience* compares with the game without patience; *attention* only shows what it would be there.

    Either the game without patience fails at the central numbers, or the one with it does, in which contrasts share.
    """
    solved: Any = {
        (CENTRE, off): SimpleNamespace(checks=SimpleNamespace(trusted=off != failing)) for off in (None, "patience")
    }
    found = _doubts(solved)
    of = {name: found.of(CLAIMS[name].mechanism, contrast=CLAIMS[name].contrast) for name in ("patience", "attention")}
    assert {name for name, why in of.items() if why} == claims
