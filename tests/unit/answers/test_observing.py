"""The belief after observed moves is Bayes' rule on the chances with which each type makes them."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest

from outlast.answers.deals import Deals
from outlast.answers.observing import belief_after, move_names
from outlast.answers.standpoint import Standpoint, weights_at
from outlast.answers.type_test import type_test
from outlast.solving import Solution, solve

CLOSE = 1e-9


def after(view: Standpoint, *moves: list[str]) -> dict:
    """The last row for an observed sequence."""
    return belief_after(view, moves).row(-1, named=True)


def test_nothing_seen_leaves_the_prior(small_view: Standpoint):
    assert belief_after(small_view, []).is_empty()
    found = belief_after(small_view, [[], [], []])
    assert found["belief"].to_list() == pytest.approx([small_view.prior] * 3, abs=CLOSE)
    assert found["likelihood"].to_list() == pytest.approx([1.0] * 3, abs=CLOSE)
    assert found["moves"].unique().to_list() == ["nothing seen"]


@pytest.mark.parametrize("move", ["attend", "stay_away"])
def test_one_move_is_the_row_of_the_type_test(move: str, small_view: Standpoint):
    row = type_test(Deals(small_view)).filter(pl.col("move") == move).row(0, named=True)
    found = after(small_view, [move])
    assert found["belief"] == pytest.approx(row["belief_after"], abs=CLOSE)
    chance = small_view.mix(row["chance_settler"], row["chance_staller"])
    assert found["likelihood"] == pytest.approx(float(chance), abs=CLOSE)


def test_moves_have_the_names_of_the_type_test(small_view: Standpoint):
    assert set(move_names(small_view)) == set(type_test(Deals(small_view))["move"])


def tabling(view: Standpoint, kind: int, package: int) -> float:
    """Chance that a type attends, is given the floor and tables a package, worked out by hand over belief levels."""
    choices, levels = view.choices, np.asarray(view.game.inputs.grid.beliefs)
    cell = int(view.cells.argmax())
    assert view.cells[cell] == 1

    def step(station: str, block: int, action: int, weight: np.ndarray) -> np.ndarray:
        choice = choices[station]
        chance = (choice.settler, choice.staller)[kind][block][action, :, cell]
        belief = choice.posterior[block][action, :, cell]
        lotteries = np.stack([weights_at(b, levels) for b in belief])
        own, named = (levels, belief) if kind else (1 - levels, 1 - belief)
        return (weight * chance) @ (lotteries * own / np.where(named > 0, named, 1)[:, None])

    weight = view.start_of(kind)[:, cell]
    came = step("war.attend", 0, 0, weight) * view.number("recognition.challenger")
    return float(step("which.challenger", 0, package, step("floor.challenger", 0, 0, came)).sum())


def test_tabling_is_attending_being_heard_and_choosing(small_view: Standpoint):
    for package, name in enumerate(small_view.game.labels.packages[:3]):
        settler, staller = (tabling(small_view, kind, package) for kind in (0, 1))
        prior = small_view.prior
        total = prior * staller + (1 - prior) * settler
        for moves in ([f"table:{name}"], ["attend", f"table:{name}"]):
            found = after(small_view, moves)
            assert found["likelihood"] == pytest.approx(total, rel=1e-6)
            assert found["belief"] == pytest.approx(prior * staller / total, rel=1e-6)


def test_chances_of_all_that_can_be_seen_add_up(small_view: Standpoint):
    """Over every pair of first moves: likelihoods sum to one, and beliefs average to the prior."""
    pairs = [after(small_view, [a], [b]) for a, b in product(["attend", "stay_away"], repeat=2)]
    gone = 1 - sum(pair["likelihood"] for pair in pairs)
    assert 0 < gone < 0.5, "the rest: peace or an end after the first month"
    talks = [after(small_view, [move]) for move in move_names(small_view) if move != "stay_away"]
    came, *said = talks
    share = sum(row["likelihood"] for row in said)
    assert 0 < share < came["likelihood"], "in some rounds it neither has the floor nor is asked"
    whole = [after(small_view, [move]) for move in ("attend", "stay_away")]
    mean = sum(row["likelihood"] * row["belief"] for row in whole)
    assert mean == pytest.approx(small_view.prior, abs=CLOSE)


def test_signing_leaves_talks_to_those_who_attack(small_view: Standpoint):
    """After a month in which it signs, it attends the next only if it has broken the peace at once."""
    name = small_view.game.labels.packages[0]
    signed, again = (after(small_view, [f"accept:{name}"], *more) for more in ([], [["attend"]]))
    assert 0 < again["likelihood"] < 0.5 * signed["likelihood"]


def test_impossible_sequence_has_no_belief(small: Solution):
    """A challenger that is never given the floor is never seen to table nothing."""
    values = np.array(small.game.inputs.values)
    values[small.game.shape.slot("recognition.challenger")] = 0
    view = Standpoint(solve(small.game.with_values(values)))
    found = after(view, ["attend"], ["table_nothing"])
    assert found["likelihood"] == 0
    assert found["belief"] is None


@pytest.mark.parametrize(
    ("moves", "words"),
    [
        (["dance"], "no such move: dance"),
        (["attend", "stay_away"], "cannot happen in one month"),
        (["table_nothing", "stay_away"], "cannot happen in one month"),
        (["table:bare_ceasefire", "accept:bare_ceasefire"], "cannot happen in one month"),
        (["accept:nothing_on_earth"], "no such move"),
    ],
)
def test_what_cannot_be_seen_is_explained(moves: list[str], words: str, small_view: Standpoint):
    with pytest.raises(ValueError, match=words):
        belief_after(small_view, [moves])


def test_no_further_than_the_solution_looks(small_view: Standpoint):
    with pytest.raises(ValueError, match="months were seen"):
        belief_after(small_view, [[]] * (small_view.months + 1))
