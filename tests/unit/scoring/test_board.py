"""The board of scores: by hand on few forecasts, and baselines that see only what was known."""

from __future__ import annotations

import datetime
import math

import polars as pl
import pytest

from outlast.record.faults import RecordError
from outlast.scoring import Board, forecasts_from, outcomes_from, score_forecasts
from outlast.scoring.baselines import answer_again, answer_rates, base_rate, ends_in, persistence
from outlast.scoring.scores import crps, quantile_score

from .test_forecasts import cells, forecasts

BEGAN = datetime.date(2022, 2, 24)


def board(said: list[str], came: list[str], **more: datetime.date) -> Board:
    """Score rows of forecasts against rows of outcomes."""
    return score_forecasts(
        forecasts_from(forecasts(*said)), outcomes_from(cells("\n".join(["month,question,outcome", *came]))), **more
    )


def row(found: Board, forecaster: str, question: str = "attend") -> dict:
    """Return the mean scores of one forecaster."""
    return found.means.filter(forecaster=forecaster, question=question).row(0, named=True)


CAME = [f"2025-{month:02}-01,attend,{answer}" for month, answer in zip(range(1, 8), "yynynnn", strict=True)]
CAME = [each.replace(",y", ",yes").replace(",n", ",no") for each in CAME]


def test_scores_are_those_by_hand():
    found = board(
        ["2025-05-31,2025-06-01,attend,me,chance,yes,0.2", "2025-06-30,2025-07-01,attend,me,chance,yes,0.4"], CAME
    )
    mine = row(found, "me")
    assert mine["log"] == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    assert mine["brier"] == pytest.approx((0.04 + 0.16) / 2)
    rate = row(found, "base rate")  # 3 of 5, then 3 of 6, half a case added to either answer
    assert rate["log"] == pytest.approx(-(math.log(2.5 / 6) + math.log(3.5 / 7)) / 2)
    assert mine["gap"] == pytest.approx(mine["log"] - min(rate["log"], row(found, "persistence")["log"]))
    assert found.lines[0] == "No baseline beats the forecasts in any of 1 comparisons."


def test_the_first_line_says_that_a_baseline_wins():
    found = board(["2025-06-30,2025-07-01,attend,me,chance,yes,0.9"], CAME)
    assert found.lines[0] == "A baseline wins."
    assert "a baseline wins" in found.lines[1]


def test_equal_scores_go_to_the_baseline():
    rate = 3.5 / 7
    found = board([f"2025-06-30,2025-07-01,attend,me,chance,yes,{rate}"], CAME[:2] + CAME[2:])
    best = row(found, "base rate")["log"]
    assert row(found, "me")["log"] == pytest.approx(best)
    assert found.means.row(0, named=True)["forecaster"] != "me"


def test_a_baseline_never_sees_what_was_not_known():
    said = ["2025-04-30,2025-06-01,attend,me,chance,yes,0.2"]
    first = board(said, CAME).scored.filter(forecaster="base rate")["chance"][0]
    other = [*CAME[:4], "2025-05-01,attend,yes", CAME[5], "2025-07-01,attend,yes"]
    assert board(said, other).scored.filter(forecaster="base rate")["chance"][0] == first
    assert board(said, CAME[1:]).scored.filter(forecaster="base rate")["chance"][0] != first
    late = ["month,question,outcome,known", *[f"{each}," for each in CAME]]
    late[4] += "2025-05-02"  # the outcome of April came to light after the forecast
    later = score_forecasts(forecasts_from(forecasts(*said)), outcomes_from(cells("\n".join(late))))
    assert later.scored.filter(forecaster="base rate")["chance"][0] == pytest.approx(2.5 / 4)


def test_the_constant_hazard_stands_beside_agreement_and_knows_the_age_of_the_war():
    came = [f"2025-{month:02}-01,agreement,no" for month in range(1, 8)]
    said = ["2025-06-30,2025-07-01,agreement,me,chance,yes,0.01"]
    old = row(board(said, came), "constant hazard", "agreement")
    assert old["log"] == pytest.approx(11 / 318, rel=1e-6)
    assert row(board(said, came, war_began=BEGAN), "constant hazard", "agreement") == old
    young = row(board(said, came, war_began=datetime.date(2024, 2, 1)), "constant hazard", "agreement")
    assert young["log"] > 2 * old["log"]


def test_a_war_ends_once():
    assert sum(ends_in(ahead) for ahead in range(1, 2000)) == pytest.approx(1, abs=1e-6)
    assert ends_in(2, age=35) == pytest.approx(math.exp(-84 / 983.1) * (1 - math.exp(-11 / 318)))


def test_several_answers_share_the_chance():
    came = [f"2025-{month:02}-01,posture,{word}" for month, word in ((1, "surge"), (2, "sustain"), (3, "sustain"))]
    said = [f"2025-02-28,2025-03-01,posture,me,chance,{word},{chance}"
            for word, chance in (("surge", 0.1), ("sustain", 0.6), ("withhold", 0.3))]  # fmt: skip
    found = board(said, came)
    mine = row(found, "me", "posture")
    assert mine["log"] == pytest.approx(-math.log(0.6))
    assert mine["brier"] == pytest.approx((0.01 + 0.16 + 0.09) / 2)
    assert row(found, "base rate", "posture")["log"] == pytest.approx(-math.log(1.5 / 3.5))


def test_what_was_held_impossible_scores_infinity_and_is_said():
    found = board(["2025-06-30,2025-07-01,attend,me,chance,yes,1"], CAME)
    assert row(found, "me")["log"] == math.inf
    assert any("impossible" in note for note in found.notes)
    assert found.lines[0] == "A baseline wins."


def test_quantiles_are_scored_with_their_intervals_and_baselines():
    came = [f"2025-{month:02}-01,territory,{value}" for month, value in ((1, 0.18), (2, 0.182), (3, 0.183), (4, 0.19))]
    said = [f"2025-03-31,2025-04-01,territory,me,quantile,{level},{value}"
            for level, value in ((0.05, 0.18), (0.25, 0.184), (0.5, 0.185), (0.75, 0.186), (0.95, 0.191))]  # fmt: skip
    found = board(said, came)
    mine = row(found, "me", "territory")
    losses = [2 * level * (0.19 - value) for level, value in ((0.05, 0.18), (0.25, 0.184), (0.5, 0.185), (0.75, 0.186))]
    losses.append(2 * (1 - 0.95) * (0.191 - 0.19))
    assert mine["quantile"] == pytest.approx(sum(losses) / 5)
    assert mine["interval_90"] == pytest.approx(0.011)
    assert mine["interval_50"] == pytest.approx(0.002 + 4 * 0.004)
    assert (mine["inside_50"], mine["inside_90"]) == (0, 1)
    assert row(found, "persistence", "territory")["error"] == pytest.approx(0.007)
    assert set(found.means["forecaster"]) == {"me", "persistence", "past changes", "climatology"}
    assert dict(found.levels.select("level", "below").iter_rows())[0.95] == 1


def test_a_forecast_without_any_past_is_left_out_where_others_have_one():
    came = [f"2025-{month:02}-01,territory,{value}" for month, value in ((1, 0.18), (2, 0.182), (3, 0.183))]
    said = [f"2024-12-31,2025-{month:02}-01,territory,me,quantile,0.5,0.18" for month in (1,)]
    said += ["2025-02-28,2025-03-01,territory,me,quantile,0.5,0.18"]
    found = board(said, came)
    assert row(found, "me", "territory")["forecasts"] == 1
    assert any("no baseline knew anything" in note for note in found.notes)
    alone = board(said[:1], came)
    assert "no baseline could be made" in alone.lines[1]


def test_what_has_no_outcome_is_counted():
    said = ["2025-06-30,2025-07-01,attend,me,chance,yes,0.1", "2025-06-30,2025-08-01,attend,me,chance,yes,0.1"]
    assert "Not scored for want of an outcome: 1 of attend." in board(said, CAME).notes


@pytest.mark.parametrize(
    ("said", "came", "words"),
    [
        ("2025-06-30,2025-07-01,agreement,me,chance,yes,0.1", CAME, "outcome for at least one"),
        ("2025-06-30,2025-07-15,attend,me,chance,yes,0.1", CAME, "begin on day 15"),
        ("2025-06-30,2025-07-01,attend,me,quantile,0.5,0.1", CAME, "is a number"),
        ("2025-06-30,2025-07-01,attend,me,chance,yes,0.1", [*CAME[:-1], "2025-07-01,attend,nope"], "one of yes, no"),
    ],
)
def test_what_cannot_be_scored_is_explained(said: str, came: list[str], words: str):
    with pytest.raises(RecordError, match=words):
        board([said], came)


def test_baselines_of_answers_agree_with_those_of_events():
    past = [True, True, False, True, False, False]
    words = ["yes" if each else "no" for each in past]
    import numpy as np

    events = np.array(past)
    assert answer_rates(words, ["no", "yes"])["yes"] == pytest.approx(base_rate(events))
    for step in (1, 2):
        again = answer_again(words, ["no", "yes"], step=step)["yes"]
        assert again == pytest.approx(persistence(step)(events))


def test_the_quantile_score_comes_near_the_crps():
    draws = [0.1, 0.4, 0.45, 0.9, 1.3]
    levels = [(place + 0.5) / 2000 for place in range(2000)]
    quantiles = [sorted(draws)[min(int(level * 5), 4)] for level in levels]
    assert quantile_score(levels, quantiles, 0.7) == pytest.approx(crps(draws, 0.7), abs=1e-3)
    assert quantile_score([0.5], [0.2], 0.7) == pytest.approx(0.5)


def test_two_forecasters_are_compared_apart():
    said = [f"2025-06-30,2025-07-01,attend,{name},chance,yes,{chance}" for name, chance in (("a", 0.1), ("b", 0.9))]
    found = board(said, CAME)
    assert found.lines[0] == "A baseline wins 1 of 2 comparisons."
    assert found.means.filter(beside="a")["forecaster"].to_list()[0] == "a"
    assert isinstance(found.curves, pl.DataFrame)


def test_a_gap_within_two_standard_errors_is_called_so():
    happened = [letter == "y" for letter in "ynnyynynnnyy"]
    came = [f"2024-{month:02}-01,attend,{'yes' if each else 'no'}" for month, each in enumerate(happened, start=1)]
    close = [f"2024-{month:02}-28,2024-{month + 1:02}-01,attend,me,chance,yes,{0.45 + 0.1 * (month % 3 == 0)}"
             for month in range(6, 12)]  # fmt: skip
    assert "within two standard errors" in board(close, came).lines[1]
    sure = [each.rsplit(",", 1)[0] + (",0.999" if happened[int(each[16:18]) - 1] else ",0.001") for each in close]
    assert "within two" not in board(sure, came).lines[1]
