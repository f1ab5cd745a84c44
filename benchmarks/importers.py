"""Compare what the importers read with what the files are known to hold: ``python benchmarks/importers.py``.

The files are looked for in the folder that ``OUTLAST_SHARED_DATA`` names, else in ``../shared/data`` beside the
repository.
Every row has the number expected, the number got, and how far they may lie apart: half of the last digit expected.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from scipy.stats import weibull_min

from outlast.record.sources import import_file
from outlast.record.sources.economist_area import month_ends
from outlast.record.sources.kiel import last_month_with_money, months_of

FILES = {
    "cow_wars": "cow/Inter-StateWarData_v4.0.csv",
    "economist_area": "economist_isw/area_assessed_as_controlled_by_russia.csv",
    "economist_casualties": "economist_isw/meta-estimate-casualties.csv",
    "fortna_small": "fortna_peacekeeping/minidata_small.csv",
    "fortna_spells": "fortna_peacekeeping/pk_pkept.csv",
    "general_staff_losses": "general_staff_losses/russia_losses_personnel.json",
    "kiel": "kiel/data_explorer.csv",
    "mend": "mend/mend_events_to_2023.csv",
    "polls": "polls/polls.csv",
    "ucdp_agreements": "ucdp/ucdp-peace-agreements-221.xlsx",
    "ucdp_terminations": "ucdp/ucdp-term-dyad-3-2021.xlsx",
}
LAST_DAY = datetime.date(2026, 2, 17)
LONG_WAR = 36


@dataclass(frozen=True)
class Figure:
    """One number of a file: what it is, what is expected, what was got, and how far apart they may lie."""

    source: str
    what: str
    expected: float
    got: float
    within: float = 0.0

    @property
    def agrees(self) -> bool:
        """Say whether the two agree."""
        return abs(self.expected - self.got) <= self.within + 1e-9


def data_folder() -> Path:
    """Return the folder in which the publishers' files are looked for."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("OUTLAST_SHARED_DATA", beside))


def figures(folder: Path) -> list[Figure]:
    """Import every file and return the numbers to compare."""
    tables = {name: import_file(name, folder / file).table for name, file in FILES.items()}
    return [
        *_ukraine(tables),
        *_settlements(tables),
        *_wars(tables["cow_wars"]),
        *_mediation(tables["mend"]),
    ]


def _ukraine(tables: dict[str, pl.DataFrame]) -> Iterator[Figure]:
    area, loss = tables["economist_area"], tables["economist_casualties"]
    km2 = dict(area.select("date", "area_km2").iter_rows())
    yield Figure("economist_area", "km² on 17 February 2026", 120_971, km2[LAST_DAY], 0.5)
    yield Figure("economist_area", "share of Ukraine, %", 20.04, 100 * area["share"][-1], 0.005)
    yield Figure(
        "economist_area", "km² gained in the year to then", 4_842, km2[LAST_DAY] - km2[datetime.date(2025, 2, 17)], 0.5
    )
    ends = dict(month_ends(area).select("day", "area_km2").iter_rows())
    gain = ends[datetime.date(2025, 12, 31)] - ends[datetime.date(2024, 12, 31)]
    yield Figure("economist_area", "km² gained in 2025", 5_000, gain, 0.5)
    last, turn = loss.row(-1, named=True), loss.filter(date=datetime.date(2024, 12, 31)).row(0, named=True)
    yield Figure("economist_casualties", "days", 1_455, loss.height)
    yield Figure("economist_casualties", "total to 17 February 2026", 1_250_248, last["total"], 0.5)
    yield Figure("economist_casualties", "its low end, millions", 1.12, last["low"] / 1e6, 0.005)
    yield Figure("economist_casualties", "its high end, millions", 1.39, last["high"] / 1e6, 0.005)
    yield Figure("economist_casualties", "total to the end of 2024", 754_041, turn["total"], 0.5)
    yield Figure("economist_casualties", "its low end, thousands", 661, turn["low"] / 1e3, 0.5)
    yield Figure("economist_casualties", "its high end, thousands", 860, turn["high"] / 1e3, 0.5)
    claim = tables["general_staff_losses"].filter(date=datetime.date(2024, 12, 31))["total"][0]
    yield Figure("general_staff_losses", "claimed to the end of 2024", 789_550, claim)
    us = months_of(tables["kiel"], "United States").filter(pl.col("month") <= datetime.date(2025, 2, 1))
    yield Figure("kiel", "United States to February 2025, bn EUR", 115.4, us["total"].sum(), 0.05)
    yield Figure("kiel", "of which military", 64.6, us["military"].sum(), 0.05)
    last_us = last_month_with_money(tables["kiel"], "United States")
    yield Figure(
        "kiel", "last US month with money (2025.01)", 2025.01, last_us.year + last_us.month / 100 if last_us else 0
    )
    accepts = tables["polls"].filter(series="KIIS_TERRITORY_GENERAL", answer="accept some concessions")
    for year, month, share in ((2022, 5, 0.10), (2024, 12, 0.38)):
        got = accepts.filter(day=datetime.date(year, month, 1))["share"][0]
        yield Figure("polls", f"accept some territorial concessions, {year}-{month:02}", share, got)


def _settlements(tables: dict[str, pl.DataFrame]) -> Iterator[Figure]:
    small, spells, pacts = tables["fortna_small"], tables["fortna_spells"], tables["ucdp_agreements"]
    kept, not_kept = small.filter("peacekeeping"), small.filter(~pl.col("peacekeeping"))
    yield Figure("fortna_small", "cease-fires", 96, small.height)
    yield Figure("fortna_small", "stayed at peace", 0.4167, _mean(small["held"]), 0.00005)
    yield Figure("fortna_small", "stayed at peace, with peacekeepers", 0.5588, _mean(kept["held"]), 0.00005)
    yield Figure("fortna_small", "stayed at peace, without", 0.3387, _mean(not_kept["held"]), 0.00005)
    for some, words, years in ((kept, "with", 1.381), (not_kept, "without", 1.516)):
        got = _mean(some.filter(~pl.col("held"))["years"])
        yield Figure("fortna_small", f"mean years to failure, {words} peacekeepers", years, got, 0.0005)
    yield Figure("fortna_spells", "spells", 192, spells.height)
    yield Figure("fortna_spells", "failures", 84, spells["failed"].sum())
    recent = spells.filter("after_1989")
    yield Figure("fortna_spells", "spells since 1989", 131, recent.height)
    yield Figure("fortna_spells", "failures since 1989", 55, recent["failed"].sum())
    yield Figure("ucdp_agreements", "agreements", 374, pacts.height)
    yield Figure("ucdp_agreements", "ended", 134, pacts["ended"].sum())
    to_2018 = pacts.filter(pl.col("signed").dt.year() <= 2018)
    yield Figure("ucdp_agreements", "agreements to 2018", 358, to_2018.height)
    yield Figure("ucdp_agreements", "ended, to 2018", 133, to_2018["ended"].sum())
    ends = tables["ucdp_terminations"]
    yield Figure("ucdp_terminations", "episodes that ended", 849, ends.height)
    for outcome, count, percent in (
        ("low activity", 352, 22.4), ("ceasefire", 95, 20.0), ("agreement", 106, 7.5),
        ("victory of side A", 143, 8.4), ("victory of side B", 69, 2.9),
    ):  # fmt: skip
        some = ends.filter(outcome=outcome)
        yield Figure("ucdp_terminations", f"{outcome}: episodes", count, some.height)
        yield Figure(
            "ucdp_terminations", f"{outcome}: flag `recur` on the last row, %", percent, 100 * _mean(some["flag"]), 0.05
        )


def _wars(wars: pl.DataFrame) -> Iterator[Figure]:
    months = wars["months"].drop_nulls()
    shape, _, scale = weibull_min.fit(months.to_numpy(), floc=0)
    long = months.filter(months > LONG_WAR)
    yield Figure("cow_wars", "wars", 95, wars.height)
    yield Figure("cow_wars", "mean months", 13.7, _mean(months), 0.05)
    yield Figure("cow_wars", "median months", 5.3, float(months.median()), 0.05)  # pyright: ignore[reportArgumentType]
    yield Figure("cow_wars", "Weibull scale, months", 10.7, scale, 0.05)
    yield Figure("cow_wars", "Weibull shape", 0.717, shape, 0.0005)
    yield Figure("cow_wars", "wars past three years", 11, long.len())
    yield Figure(
        "cow_wars", "monthly hazard of ending past three years", 0.0346, long.len() / (long - LONG_WAR).sum(), 0.00005
    )


def _mediation(events: pl.DataFrame) -> Iterator[Figure]:
    proper = events.filter("proper")
    yield Figure("mend", "mediation proper, events", 590, proper.height)
    yield Figure("mend", "with an agreement, %", 18.5, 100 * _mean(proper["agreement"]), 0.05)
    for several, words, percent in ((False, "one local party", 9.6), (True, "two or more", 26.3)):
        some = proper.filter(parties="2+" if several else "1")
        yield Figure("mend", f"with an agreement, {words} present, %", percent, 100 * _mean(some["agreement"]), 0.05)


def _mean(series: pl.Series) -> float:
    mean = series.mean()
    assert isinstance(mean, (int, float))
    return float(mean)


def table(found: list[Figure]) -> str:
    """Return the comparison as Markdown; its first line counts the numbers that agree."""
    agreeing = sum(figure.agrees for figure in found)
    lines = [
        f"{agreeing} of {len(found)} numbers agree.",
        "",
        "| source | number | expected | got | agrees |",
        "|---|---|---|---|---|",
    ]
    for figure in found:
        decimals = len(f"{figure.expected}".partition(".")[2]) if figure.expected != int(figure.expected) else 0
        got = f"{figure.got:,.{decimals}f}"
        verdict = "yes" if figure.agrees else f"**no** ({figure.got:g})"
        lines.append(f"| {figure.source} | {figure.what} | {figure.expected:,} | {got} | {verdict} |")
    return "\n".join(lines)


def importers_table() -> str:
    """Return the table for the results page, or a sentence that says why there is none."""
    folder = data_folder()
    if not folder.is_dir():
        return f"Not measured: the publishers' files are not in {folder}."
    return table(figures(folder))


if __name__ == "__main__":
    print(importers_table())
