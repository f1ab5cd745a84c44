"""Sections on deals: which would be signed, which would last, and when war would return."""

from __future__ import annotations

from typing import Any

from outlast.reporting.charts import deal_map as deal_map_chart
from outlast.reporting.charts import hazard as hazard_chart
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Grid, Section, grid, ranged, shaded
from outlast.reporting.protocol import AnswersLike, package_numbers, rows, thresholds
from outlast.reporting.wording import count, known, listed, percent, plain, quoted, rate, rates, span, with_span, worth

PLACES = {
    "above": "packages are broken sooner than the interval has it",
    "within": "as soon",
    "below": "later",
}
PAST_NOTES = (
    "Past settlements: civil wars that ended since 1989 (Fortna 2008). Without peacekeepers stands for no guarantee, a"
    " mission with consent for a soft one, a mandate to use force for an enforceable one; that is a judgement. A"
    " mission is not a patron\u2019s promise to fight.",
    "Missions are sent where peace is hardest to keep, and a guarantee that nobody would sign left no settlement: the"
    " difference between the rows is not what a guarantee does.",
)


def deals(answers: AnswersLike) -> Section:
    """Show who would accept each package and whether peace would hold."""
    title = "Which deals would be signed, and last"
    found = rows(answers, "deal_map")
    if not found:
        return Section("deals", title, NOT_COMPUTED)
    reading = _deals_reading(answers, found)
    crossed = ranged(found, "all_low", "holds_60_low")
    figure = Figure(
        "deal-map",
        deal_map_chart,
        "Numbers are those of the table below." + (" Crosses: 8 draws in 10." if crossed else ""),
        f"Scatter of {count(len(found), 'package')}: chance that all accept against chance that peace holds. {reading}",
    )
    return Section("deals", title, reading, figures=(figure,), grids=(_acceptance(answers, found),))


def _deals_reading(answers: AnswersLike, found: list[dict[str, Any]]) -> str:
    accept, hold = thresholds(answers)
    inside = [row["title"] for row in found if row["in_zone"]]
    if inside:
        zone = f"The durable zone holds {count(len(inside), 'package')}: {listed(inside)}"
    else:
        zone = "The durable zone is empty: no package is both acceptable to all"
        zone += f" (at least {percent(accept)}) and likely to last five years (at least {percent(hold)})"
    easy = max(found, key=lambda row: _level(row["all"]))
    best = max(found, key=lambda row: _level(row["product"]))
    lasting = max(found, key=lambda row: _level(row["holds_60"]))
    return (
        f"{zone}; likeliest to be accepted is {quoted(easy['title'])}, at {with_span(easy, 'all')}; to last, "
        f"{quoted(lasting['title'])}, at {with_span(lasting, 'holds_60')}; to be both, {quoted(best['title'])}, "
        f"at {with_span(best, 'product')}."
    )


def _level(value: float | None) -> float:
    return value if value is not None and known(value) else -1.0


def _acceptance(answers: AnswersLike, found: list[dict[str, Any]]) -> Grid:
    numbers, who = package_numbers(answers), answers.parties
    columns = [
        Column("Package", heads=True), Column(f"{who['challenger']}, settler", "number"),
        Column(f"{who['challenger']}, staller", "number"), Column(who["defender"], "number"),
        Column(who["patron"], "number"), Column("All accept", "number"), Column("Holds 12 months", "number"),
        Column("Holds 60 months", "number"), Column("Both", "number"),
    ]  # fmt: skip
    lines = [
        [
            _package(row, number=numbers[row["package"]]),
            shaded(row["settler"]),
            shaded(row["staller"]),
            shaded(row["defender"]),
            shaded(row["patron"]),
            _ranged(row, "all"),
            shaded(row["holds_12"]),
            _ranged(row, "holds_60"),
            _ranged(row, "product"),
        ]
        for row in found
    ]
    caption = (
        "Chance that each would accept the package now if its answer decided, that all would, that peace then holds, "
        "and that both happen. Darker: likelier. "
    )
    caption += (
        "\u2713: in the durable zone." if any(row["in_zone"] for row in found) else "None is in the durable zone."
    )
    return grid(caption, columns=columns, rows=lines, stack=True)


def _package(row: dict[str, Any], *, number: int) -> Cell:
    name = f"{number}. {row['title']}"
    return Cell(f"\u2713 {name}", mark="good", note=_terms(row)) if row["in_zone"] else Cell(name, note=_terms(row))


def _ranged(row: dict[str, Any], key: str) -> Cell:
    return Cell(percent(row[key]), shade=row[key], note=span(row.get(f"{key}_low"), row.get(f"{key}_high")))


def _terms(row: dict[str, Any]) -> str:
    line = {"current": "line as it is", "rollback": "line rolled back", "cession": "legal cession"}
    guarantee = "no guarantee" if row["guarantee"] == "none" else f"{row['guarantee']} guarantee"
    terms = [line.get(row["line"], str(row["line"])), guarantee, f"alliances {row['alliances']}"]
    if row["demilitarised"]:
        terms.append("demilitarised")
    if row["sanctions_relief"] != "none":
        terms.append(f"{row['sanctions_relief']} sanctions relief")
    return ", ".join(terms)


def durability(answers: AnswersLike) -> Section:
    """Show when war would return under each package, and what drives it."""
    title = "How soon war would return"
    found = rows(answers, "durability")
    if not found:
        return Section("durability", title, NOT_COMPUTED)
    last = max(row["month"] for row in found)
    final = [row for row in found if row["month"] == last]
    worst = min(final, key=lambda row: _level(row["survival"]))
    best = max(final, key=lambda row: _level(row["survival"]))
    peak = max(found, key=lambda row: _level(row["hazard"]))
    reading = (
        f"Peace is shortest under {quoted(worst['title'])} (it survives {last} months with "
        f"{percent(worst['survival'])}) and longest under {quoted(best['title'])} ({percent(best['survival'])}); "
        f"the hazard peaks at {percent(peak['hazard'])} a month, in month {peak['month']} of {quoted(peak['title'])}."
    )
    figure = Figure(
        "hazard",
        hazard_chart,
        "Chance that war returns in a month, given peace so far. One line per package, numbered as in the deal map.",
        f"Lines of the monthly hazard over {last} months of peace, one panel per guarantee. {reading}",
    )
    past = rows(answers, "past_settlements")
    grids = (_beside(answers, past), _drivers(answers, found)) if past else (_drivers(answers, found),)
    reading += f" {_past_reading(past)}" if past else ""
    return Section("durability", title, reading, figures=(figure,), grids=grids, notes=PAST_NOTES if past else ())


def _past_reading(past: list[dict[str, Any]]) -> str:
    """Say how many packages have a hazard like that of past settlements with such a guarantee."""
    places = [row["place"] for row in past if row["place"]]
    said = [f"{places.count(place)} {words}" for place, words in PLACES.items() if place in places]
    return f"Beside what past settlements with such a guarantee did, {listed(said)}."


def _beside(answers: AnswersLike, past: list[dict[str, Any]]) -> Grid:
    """Set the average chances of renewed war beside those of past settlements, guarantee by guarantee."""
    numbers = package_numbers(answers)
    months = max(row["months"] for row in past)
    columns = [
        Column("Guarantee", heads=True), Column("Model, a month", "number"),
        Column("Past settlements, a month", "number"), Column("Packages against the interval", "words"),
    ]  # fmt: skip
    lines = []
    for guarantee in dict.fromkeys(row["guarantee"] for row in past):
        own = [row for row in past if row["guarantee"] == guarantee]
        low, high = (pick(row["model_chance_a_month"] for row in own) for pick in (min, max))
        places = {
            place: [str(numbers[row["package"]]) for row in own if row["place"] == place] for place in reversed(PLACES)
        }
        said = "; ".join(f"{place}: {listed(which)}" for place, which in places.items() if which)
        lines.append(
            [
                Cell(guarantee),
                Cell(rates(low, high) if rate(low) != rate(high) else rate(low)),
                Cell(
                    rate(own[0]["past_chance_a_month"]),
                    note=rates(own[0]["past_chance_a_month_low"], own[0]["past_chance_a_month_high"]),
                ),
                Cell(said or "no settlement to compare with"),
            ]
        )
    caption = (
        f"Average chance that war returns in a month, over the first {months} months of peace: the model's, and that of"
        " past settlements with a 90% interval. Packages have the numbers of the deal map."
    )
    return grid(caption, columns=columns, rows=lines, stack=True)


def _drivers(answers: AnswersLike, found: list[dict[str, Any]]) -> Grid:
    numbers, who = package_numbers(answers), answers.parties
    months = sorted({row["month"] for row in found})
    early, late = (12, 36) if {12, 36} <= set(months) else (months[0], months[-1])
    by_place = {(row["package"], row["month"]): row for row in found}
    columns = [
        Column("Package", heads=True), Column("Hazard", "number"), Column("If a settler", "number"),
        Column("If a staller", "number"), Column("Patience", "number"), Column("Forces", "number"),
        Column("Honours", "number"), Column("Gain from attack", "number"),
    ]  # fmt: skip
    wordings = {
        "hazard": percent, "hazard_settler": percent, "hazard_staller": percent, "patience": _short, "forces": _short,
        "honour": percent, "attack_gain": worth,
    }  # fmt: skip
    lines = []
    for package, number in numbers.items():
        if (package, early) not in by_place:
            continue
        first, last = by_place[package, early], by_place.get((package, late), {})
        cells = [Cell(f"{number}. {first['title']}")]
        cells += [Cell(f"{say(first[key])} \u2192 {say(last.get(key))}") for key, say in wordings.items()]
        lines.append(cells)
    caption = (
        f"From month {early} to month {late} of peace: the monthly hazard, also by type; mean patience of "
        f"{who['patron']} and forces of {who['challenger']}; the chance that {who['patron']} honours; and what an "
        f"attack would gain {who['challenger']} (% of the prize)."
    )
    return grid(caption, columns=columns, rows=lines, stack=True, fold="What drives the hazard, package by package")


def _short(value: float | None) -> str:
    return f"{value:.2f}" if value is not None and known(value) else plain(value)
