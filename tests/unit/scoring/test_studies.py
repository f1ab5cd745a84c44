"""The studies of benchmarks/: what they learn from, whom they score, and the regression of one of them."""

from __future__ import annotations

import datetime

import numpy as np
import polars as pl
import pytest
from logistic import fit_logistic
from mediation import OURS, score_mediation, with_history
from ukraine import OurForecasts, back_test_ukraine

from outlast.scoring.baselines import constant

YES, NO = True, False


def events(*rows: tuple[str, int, int, bool, bool]) -> pl.DataFrame:
    """Make mediation events of country, year, month, several parties, and agreement."""
    made = [
        (f"E{place}", country, datetime.date(year, month, 1), True, several, False, 1, agreement)
        for place, (country, year, month, several, agreement) in enumerate(rows)
    ]
    names = ["event", "country", "month", "proper", "several", "shuttle", "mediators", "agreement"]
    return pl.DataFrame(made, schema=names, orient="row")


def test_history_of_an_event_is_of_earlier_months():
    found = with_history(
        events(("A", 2020, 1, YES, YES), ("A", 2020, 1, YES, NO), ("B", 2020, 2, YES, YES), ("A", 2020, 3, YES, YES))
    )
    assert found["agreed_last"].to_list() == [NO, NO, NO, NO]
    overall = [0.5, 0.5, 1.5 / 3, 2.5 / 4]
    agreed, seen = [0, 0, 0, 1], [0, 0, 0, 2]
    expected = [(a + 10 * o) / (s + 10) for a, o, s in zip(agreed, overall, seen, strict=True)]
    assert found["rate_before"].to_list() == pytest.approx(expected)


def test_what_comes_later_does_not_change_a_forecast_but_for_the_regression_of_its_own_past():
    """Outcomes of 2023 are for scoring: turned round, they leave the constant and the rule as they were."""
    learnt = [("A", 2020 + i % 3, 1 + i % 12, i % 2 == 0, i % 4 == 0) for i in range(40)]
    later = [("A", 2023, 1, YES, YES), ("A", 2023, 1, NO, NO)]
    turned = [("A", 2023, 1, YES, NO), ("A", 2023, 1, NO, YES)]
    one, other = score_mediation(events(*learnt, *later)), score_mediation(events(*learnt, *turned))
    assert one.scored["chance"].to_list() == other.scored["chance"].to_list()
    assert one.scored["log"].to_list() != other.scored["log"].to_list()
    assert set(one.means["forecaster"]) == {"constant", "one variable", OURS}
    rule = one.scored.filter(forecaster="one variable")["chance"].to_list()
    assert rule == pytest.approx([10.5 / 21, 0.5 / 21])


def test_learning_anew_uses_earlier_months_and_no_others():
    learnt = [("A", 2020 + i % 3, 1 + i % 12, i % 2 == 0, i % 4 == 0) for i in range(40)]
    later = [("A", 2023, 1, YES, YES), ("A", 2023, 2, YES, NO)]
    found = score_mediation(events(*learnt, *later), refit=True).scored.filter(forecaster="constant")
    assert found["chance"].to_list() == pytest.approx([10.5 / 41, 11.5 / 42])


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="2022"):
        score_mediation(events(("A", 2023, 1, YES, YES)))


def test_our_forecasts_stand_beside_the_baselines():
    days = pl.date_range(datetime.date(2022, 2, 1), datetime.date(2024, 1, 31), interval="1d", eager=True)
    area = pl.DataFrame({"date": days, "area_km2": 1.0, "share": np.linspace(0.1, 0.2, days.len())})
    months = pl.date_range(datetime.date(2022, 2, 1), datetime.date(2024, 1, 1), interval="1mo", eager=True)
    money = {kind: [1.0] * months.len() for kind in ("total", "financial", "humanitarian", "military")}
    support = pl.DataFrame({"donor": ["United States"] * months.len(), "month": months, **money})
    wars = pl.DataFrame({"months": [6.0, 60.0]})
    ours = OurForecasts(agreement={"model": constant(0.001)})
    found = {target.name: target for target in back_test_ukraine(area, support, wars, ours=ours)}
    assert list(found) == ["territory", "support", "amount", "agreement"]
    assert found["agreement"].verdict.startswith("model wins")
    assert found["territory"].verdict.startswith("A baseline wins")
    assert found["amount"].means["crps"].to_list() == [0, 0]


def test_regression_without_a_penalty_gives_the_shares_of_two_groups():
    x = np.array([[0.0]] * 10 + [[1.0]] * 10)
    happened = np.array([True] * 2 + [False] * 8 + [True] * 6 + [False] * 4)
    fitted = fit_logistic(x, happened, penalty=0.0)
    assert fitted.chances(np.array([[0.0], [1.0]])).tolist() == pytest.approx([0.2, 0.6], abs=1e-4)


def test_a_heavy_penalty_leaves_the_overall_share():
    x = np.array([[0.0]] * 10 + [[1.0]] * 10)
    happened = np.array([True] * 2 + [False] * 8 + [True] * 6 + [False] * 4)
    fitted = fit_logistic(x, happened, penalty=1e6)
    assert fitted.chances(x).tolist() == pytest.approx([0.4] * 20, abs=1e-3)


def test_regression_at_its_optimum_has_no_gradient():
    random = np.random.default_rng(5)
    x = random.normal(size=(200, 3))
    happened = random.uniform(size=200) < 1 / (1 + np.exp(-(x @ [1.0, -0.5, 0.0] - 0.3)))
    fitted = fit_logistic(x, happened, penalty=2.0)
    z = (x - fitted.centre) / fitted.spread
    gap = happened - fitted.chances(x)
    assert gap.sum() == pytest.approx(0, abs=1e-3)
    assert (z.T @ gap).tolist() == pytest.approx((2.0 * fitted.slopes).tolist(), abs=1e-3)


def test_nothing_to_tell_apart_is_refused():
    with pytest.raises(ValueError, match="cases"):
        fit_logistic(np.zeros((3, 1)), np.array([True, True, True]))
    constant = fit_logistic(np.ones((4, 1)), np.array([True, False, False, False]), penalty=0.0)
    assert constant.chances(np.ones((1, 1)))[0] == pytest.approx(0.25, abs=1e-4)
