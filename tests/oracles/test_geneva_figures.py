"""The figures behind the scenario `geneva`: recomputed from published data, and its arithmetic at the start."""

from __future__ import annotations

import datetime
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
WORDS = tomllib.loads((ROOT / "src" / "outlast" / "shipped" / "geneva.toml").read_text(encoding="utf-8"))
UKRAINE_KM2 = 603_550
THEATRE = 700_000
DAYS_IN_A_MONTH = 365.25 / 12
LAST_DAY = datetime.date(2026, 2, 17)
A_YEAR_BEFORE = datetime.date(2025, 2, 17)

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the data sets are not beside the repository (../shared/data)"
)


def gather(table: Any, path: str = "") -> dict[str, dict[str, Any]]:
    """Return every number of a table of the file as a record, by dotted path; named lists by name."""
    if isinstance(table, (int, float)) and not isinstance(table, bool):
        return {path: {"value": table, "basis": "judgement"}}
    if isinstance(table, dict) and "value" in table:
        return {path: table}
    found: dict[str, dict[str, Any]] = {}
    pairs = table.items() if isinstance(table, dict) else []
    if isinstance(table, list):
        pairs = [(row["name"], row) for row in table if "name" in row]
    for key, inner in pairs:
        if key not in {"levels", "months", "claims", "paragraph"}:
            found |= gather(inner, f"{path}.{key}" if path else key)
    return found


NUMBERS = gather(WORDS)


def value(path: str) -> float:
    """Return the central value at a dotted path."""
    return NUMBERS[path]["value"]


def covers(path: str, figure: float) -> bool:
    """Say whether the range at a dotted path contains a figure."""
    return NUMBERS[path]["low"] <= figure <= NUMBERS[path]["high"]


def superiority(supply: float) -> float:
    """Return the challenger's share of the contest at the start."""
    strength = value("stocks.endurance.start") * (1 + supply)
    ratio = strength / value("stocks.forces.start")
    return 1 / (1 + ratio ** value("mechanisms.front.decisiveness"))


def months_between(first: datetime.date, last: datetime.date) -> float:
    """Return the months between two days."""
    return (last - first).days / DAYS_IN_A_MONTH


def area_held() -> dict[datetime.date, float]:
    """Return the share of Ukraine assessed as held by Russia, by day."""
    file = DATA / "economist_isw" / "area_assessed_as_controlled_by_russia.csv"
    frame = pl.read_csv(file, try_parse_dates=True)
    shares = frame["area_assessed_as_russia_controlled"] / 1e6 / UKRAINE_KM2
    return dict(zip(frame["date"], shares, strict=True))


def monthly_toll(kind: str) -> float:
    """Return The Economist's central estimate of losses a month over the last year of the series."""
    frame = pl.read_csv(DATA / "economist_isw" / f"meta-estimate-{kind}.csv", try_parse_dates=True)
    toll = dict(zip(frame["date"], frame["estimate"], strict=True))
    return (toll[LAST_DAY] - toll[A_YEAR_BEFORE]) / months_between(A_YEAR_BEFORE, LAST_DAY)


def aid_by_year() -> pl.DataFrame:
    """Return total, military and American allocations by year, bn EUR."""
    frame = pl.read_csv(DATA / "kiel" / "data_explorer.csv", infer_schema_length=None)
    american = pl.col("total").filter(pl.col("iso") == "USA").sum().alias("american")
    return frame.group_by("year").agg(pl.col("total", "military").sum(), american).sort("year")


def poll(series: str, period: str, answer: str) -> float:
    """Return the share that gave an answer in a poll."""
    frame = pl.read_csv(DATA / "polls" / "polls.csv")
    row = frame.filter(series=series, period=period, answer=answer)
    return row["share"].item()


def test_every_value_lies_in_its_range():
    ranged = {path: number for path, number in NUMBERS.items() if "low" in number}
    assert [path for path, n in ranged.items() if not n["low"] <= n["value"] <= n["high"]] == []
    assert [path for path, n in NUMBERS.items() if n["basis"] != "judgement" and not n.get("source")] == []


def test_every_claim_names_its_paragraph():
    claimed = {path: n["source"] for path, n in NUMBERS.items() if n["basis"] == "claim"}
    assert [path for path, source in claimed.items() if not re.match(r"article, par\. \d", source)] == []


def test_the_page_of_numbers_says_what_the_file_says():
    page = (ROOT / "docs" / "geneva_numbers.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `([^`]+)` \| ([-\d.e]+) \| ([^|]+) \| (data|claim|judgement) \| (.+) \|$", page, re.MULTILINE
    )
    written = [(shown, range_, basis) for _, shown, range_, basis, _ in rows]
    expected = [
        (f"{n['value']:g}", f"{n['low']:g} to {n['high']:g}" if "low" in n else "none", n["basis"])
        for n in NUMBERS.values()
    ]
    assert sorted(written) == sorted(expected)


def test_starts_stand_on_levels_and_the_war_is_as_old_as_the_calendar_says():
    for name, stock in WORDS["stocks"].items():
        assert stock["start"]["value"] in stock["levels"].values(), name
    assert covers("scenario.war_months", months_between(datetime.date(2022, 2, 24), WORDS["scenario"]["as_of"]))


def test_packages_span_the_space():
    packages = WORDS["packages"]
    kinds = {(p["guarantee"], p["alliances"], p["demilitarised"], p["sanctions_relief"]) for p in packages}
    assert len(packages) == 14
    assert len(kinds) <= 9
    for guarantee in ("none", "soft", "enforceable"):
        held = [p for p in packages if p["guarantee"] == guarantee]
        assert len(held) >= 3
        if guarantee != "none":
            assert sum(p["alliances"] == "open" or not p["demilitarised"] for p in held) >= 2


def test_recognition_leaves_room_in_every_draw():
    assert sum(NUMBERS[f"recognition.{role}"]["high"] for role in ("challenger", "defender", "patron")) <= 1


def test_a_soft_promise_is_cheaper_to_keep_than_to_break_only_while_patience_is_high():
    honour, slope = value("mechanisms.guarantees.honour_cost"), value("mechanisms.guarantees.honour_cost_slope")
    at_full, at_low = honour, honour * (1 + slope * 0.75)
    assert at_full < value("mechanisms.guarantees.renege_cost.soft") < at_low
    assert at_low < value("mechanisms.guarantees.renege_cost.enforceable")


def test_levies_contracts_and_prisoners_replace_the_losses_of_the_start():
    rates = sum(n["value"] for path, n in NUMBERS.items() if path.endswith(".rate"))
    lost = value("mechanisms.manpower.losses") * (1 - superiority(value("mechanisms.front.supply_sustain")))
    assert lost == pytest.approx(rates, rel=0.02)
    # 403,000 recruits in 2025 (K. Budanov, 27 December 2025).
    assert rates * THEATRE == pytest.approx(403_000 / 12, rel=0.02)


def test_without_support_the_front_moves_faster():
    gains = [2 * superiority(supply) - 1 for supply in (0.0, value("mechanisms.front.supply_sustain"))]
    assert gains[0] > 2 * gains[1] > 0


@needs_data
def test_land_held():
    held = area_held()
    assert held[LAST_DAY] == pytest.approx(0.2004, abs=5e-5)
    assert covers("stocks.territory.start", held[LAST_DAY])
    assert covers("mechanisms.aspiration.prewar_line", held[datetime.date(2022, 2, 23)])
    assert covers("packages.istanbul_2022.line_share", held[datetime.date(2022, 2, 23)])
    for square_kilometres in (5_000, 5_830):
        assert covers("packages.donetsk_article5.line_share", held[LAST_DAY] + square_kilometres / UKRAINE_KM2)


@needs_data
def test_pace_of_the_front():
    """The central gain lies between those of the last two years, differenced over whole years."""
    held = area_held()
    two_years_before = datetime.date(2024, 2, 17)
    last = (held[LAST_DAY] - held[A_YEAR_BEFORE]) / months_between(A_YEAR_BEFORE, LAST_DAY)
    before = (held[A_YEAR_BEFORE] - held[two_years_before]) / months_between(two_years_before, A_YEAR_BEFORE)
    advantage = 2 * superiority(value("mechanisms.front.supply_sustain")) - 1
    assert value("mechanisms.front.pace") * advantage == pytest.approx(last, rel=0.02)
    for gain in (before, last, 4_524 / UKRAINE_KM2 / 12):
        assert covers("mechanisms.front.pace", gain / advantage)


@needs_data
def test_losses_lie_between_deaths_with_half_the_wounded_and_all_casualties():
    casualties, deaths = monthly_toll("casualties"), monthly_toll("deaths")
    inferior = 1 - superiority(value("mechanisms.front.supply_sustain"))
    central = value("mechanisms.manpower.losses") * inferior * THEATRE
    assert deaths + (casualties - deaths) / 2 < central < casualties
    for men in (deaths + (casualties - deaths) / 2, casualties):
        assert covers("mechanisms.manpower.losses", men / THEATRE / inferior)


@needs_data
def test_claimed_losses_are_of_the_same_size():
    rows = json.loads((DATA / "general_staff_losses" / "russia_losses_personnel.json").read_text(encoding="utf-8"))
    claimed = {row["date"]: row["personnel"] for row in rows}
    month = (claimed[str(LAST_DAY)] - claimed[str(A_YEAR_BEFORE)]) / months_between(A_YEAR_BEFORE, LAST_DAY)
    assert month == pytest.approx(33_000, rel=0.01)
    assert covers(
        "mechanisms.manpower.losses", month / THEATRE / (1 - superiority(value("mechanisms.front.supply_sustain")))
    )


@needs_data
def test_patience_by_what_was_given():
    aid = {row["year"]: row for row in aid_by_year().iter_rows(named=True)}
    before = [aid[year] for year in (2022, 2023, 2024)]
    still_giving = 1 - sum(row["american"] for row in before) / sum(row["total"] for row in before)
    assert still_giving == pytest.approx(0.56, abs=0.005)
    assert covers("stocks.patience.start", still_giving)
    fall = 1 - aid[2025]["military"] / (sum(row["military"] for row in before) / 3)
    together = value("mechanisms.patience.drift") + value("mechanisms.patience.fruitless")
    assert together == pytest.approx(fall / 24, abs=0.001)
    # Withdrawal of one half over four years of war, the other reading of the same table.
    assert (
        together
        < 0.5 / 48
        < NUMBERS["mechanisms.patience.drift"]["high"] + NUMBERS["mechanisms.patience.fruitless"]["high"]
    )


@needs_data
def test_a_surge_is_the_money_of_2023():
    military = dict(aid_by_year().select("year", "military").iter_rows())
    ratio = military[2023] / military[2025]
    assert ratio == pytest.approx(1.24, abs=0.01)
    assert covers("mechanisms.front.supply_surge", ratio * value("mechanisms.front.supply_sustain"))


@needs_data
def test_endurance_by_surveys():
    rejecting = "reject any concessions"
    now = poll("KIIS_TERRITORY_GENERAL", "2025-12", rejecting)
    share_left = now / poll("KIIS_TERRITORY_GENERAL", "2022-05", rejecting)
    assert covers("stocks.endurance.start", share_left)
    fighting = "fight until victory"
    assert poll("GALLUP_NEGOTIATIONS", "2025", fighting) / poll("GALLUP_NEGOTIATIONS", "2022", fighting) < share_left
    pi = superiority(value("mechanisms.front.supply_sustain"))
    wear = value("mechanisms.endurance.fatigue") + value("mechanisms.endurance.losses") * pi
    net = value("mechanisms.endurance.recovery_sustain") - wear
    # Between the fall over the whole war so far (a share of 1 down to 0.65 in 43 months) and no fall, as in 2025.
    assert (share_left - 1) / 43 < net < 0
    assert now >= poll("KIIS_TERRITORY_GENERAL", "2024-12", rejecting)
