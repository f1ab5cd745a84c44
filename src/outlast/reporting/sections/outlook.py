"""Sections on what comes next: headline numbers, the next rounds, and who gains from delay."""

from __future__ import annotations

from typing import Any

from outlast.reporting.charts import delay as delay_chart
from outlast.reporting.charts import rounds as rounds_chart
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Section, grid, ranged
from outlast.reporting.protocol import AnswersLike, account_name, fact, rows
from outlast.reporting.wording import (
    NOTHING,
    SMALLEST_WORTH,
    count,
    known,
    listed,
    month,
    opened,
    percent,
    quantity,
    span,
    with_span,
    worth,
)

MONTHS_SHOWN = (6, 12, 24)
YEAR = 12
ACCOUNTS = ("challenger", "settler", "staller", "defender", "patron")


def headlines(answers: AnswersLike) -> Section:
    """Show the numbers that carry the verdict."""
    found = rows(answers, "headlines")
    if not found:
        return Section("headlines", "In numbers", NOT_COMPUTED)
    reading = f"{opened(found[0]['label'])}: {quantity(found[0]['value'], found[0]['unit'])}"
    bounds = span(found[0]["low"], found[0]["high"], unit=found[0]["unit"])
    reading += f" ({bounds}); below, the {len(found)} numbers that carry the verdict." if bounds else "."
    note = (
        "Ranges hold 8 draws in 10 of the assumptions." if ranged(found, "low") else f"No ranges: {_why_none(answers)}."
    )
    table = grid(
        f"Headline numbers. {note}",
        columns=[Column("Question", heads=True), Column("Answer", "number"), Column("Range", "number")],
        rows=[
            [
                Cell(row["label"]),
                Cell(quantity(row["value"], row["unit"])),
                Cell(span(row["low"], row["high"], unit=row["unit"]) or NOTHING, note=_around(row)),
            ]
            for row in found
        ],
    )
    return Section("headlines", "In numbers", reading, grids=(table,))


def _why_none(answers: AnswersLike) -> str:
    draws = fact(answers, "draws")
    return (
        f"{count(draws, 'draw')} {'is' if draws == 1 else 'are'} too few"
        if draws
        else "the numbers were not drawn anew"
    )


def _around(row: dict[str, Any]) -> str:
    """Say what the answer is on the grid of the draws, where its range was drawn around another one."""
    coarse = row.get("coarse")
    if not all(known(each) for each in (coarse, row["low"], row["value"])) or row["low"] <= row["value"] <= row["high"]:
        return ""
    here, there = (quantity(value, row["unit"]) for value in (row["value"], coarse))
    return f"around {there}, on a coarser grid" if here != there else ""


def rounds(answers: AnswersLike) -> Section:
    """Show what the next rounds will bring."""
    found = rows(answers, "rounds")
    title = "The next rounds"
    if not found:
        return Section("rounds", title, NOT_COMPUTED)
    first, last = found[0], found[-1]
    who = answers.parties["challenger"]
    reading = (
        f"The next round ends with nothing with a chance of {with_span(first, 'nothing')}: {who} attends with "
        f"{with_span(first, 'attend')} and a package is signed with {with_span(first, 'signed')}; round "
        f"{last['round']} comes without a deal before it with {percent(last['reached'])}."
    )
    figure = Figure(
        "rounds",
        rounds_chart,
        "Each round, given that no deal came before it."
        + (" Points: the answer; bars: 8 draws in 10." if ranged(found, "attend_low", "nothing_low") else ""),
        f"Three panels over {len(found)} rounds of talks. {reading}",
    )
    return Section("rounds", title, reading, figures=(figure,), grids=(_round_table(found),))


def _round_table(found: list[dict[str, Any]]) -> Any:
    columns = [
        Column("Round", heads=True), Column("Month"), Column("Reached", "number"), Column("Attends", "number"),
        Column("Stays away", "number"), Column("Signed", "number"), Column("Nothing", "number"),
        Column("Signed by then", "number"),
    ]  # fmt: skip
    lines = [
        [
            Cell(str(row["round"])),
            Cell(month(row["date"])),
            Cell(percent(row["reached"])),
            _ranged(row, "attend"),
            Cell(percent(row["away"])),
            _ranged(row, "signed"),
            _ranged(row, "nothing"),
            Cell(percent(row["signed_by"]), note=span(row.get("signed_by_low"), row.get("signed_by_high"))),
        ]
        for row in found
    ]
    caption = (
        "Reached: chance that no deal was signed before. Signed by then: in this round or an earlier one. The others:"
        " given that the round is reached."
    )
    return grid(caption, columns=columns, rows=lines, stack=True, fold="All rounds as a table")


def _ranged(row: dict[str, Any], key: str) -> Cell:
    return Cell(percent(row[key]), note=span(row.get(f"{key}_low"), row.get(f"{key}_high")))


def delay(answers: AnswersLike) -> Section:
    """Show what fruitless months are worth to each party."""
    title = "Who gains from delay"
    found = rows(answers, "delay")
    if not found:
        return Section("delay", title, NOT_COMPUTED)
    reading = _delay_reading(answers, found)
    figure = Figure(
        "delay",
        delay_chart,
        "Delay dividend: expected value after so many months of fruitless talks, less the value now. Above zero, time "
        "works for the party. 100% is the whole prize held for ever."
        + (" Shaded: 8 draws in 10." if ranged(found, "low") else ""),
        f"Lines over months of delay, one per party. {reading}",
    )
    return Section("delay", title, reading, figures=(figure,), grids=(_delay_table(answers, found),))


def _delay_reading(answers: AnswersLike, found: list[dict[str, Any]]) -> str:
    months = [row["months"] for row in found]
    at = 12 if 12 in months else max(months)
    parties = [row for row in found if row["months"] == at and row["account"] in ("challenger", "defender", "patron")]
    if not all(known(row["dividend"]) for row in parties):
        return f"There can be no {at} months of talks without a deal, so nobody gains by them or loses."
    said = []
    for row in sorted(parties, key=lambda row: -row["dividend"]):
        bounds = span(row["low"], row["high"], unit="prize")
        amount = f"{worth(row['dividend'])} of the prize" + (f" ({bounds})" if bounds else "")
        said.append(f"{account_name(answers, row['account'])} {amount}")
    winners = [account_name(answers, r["account"]) for r in parties if r["dividend"] >= SMALLEST_WORTH]
    moral = f"time works for {listed(winners)}" if winners else "time works for nobody"
    reading = f"After {at} months of talks without a deal, {moral} at the central numbers: {listed(said)}."
    torn = [account_name(answers, r["account"]) for r in parties if known(r["low"]) and r["low"] < 0 < r["high"]]
    reading += f" The draws differ about the sign for {listed(torn)}." if torn else ""
    alone = [f"{account_name(answers, r['account'])} {worth(r['passage'])}" for r in parties if known(r.get("passage"))]
    return reading + (f" The passage of time alone brings {listed(alone)}; the rest is selection." if alone else "")


def _delay_table(answers: AnswersLike, found: list[dict[str, Any]]) -> Any:
    months = sorted({row["months"] for row in found})
    shown = [m for m in MONTHS_SHOWN if m in months] or months[-1:]
    by_place = {(row["account"], row["months"]): row for row in found}
    lines = []
    for account in ACCOUNTS:
        if (account, shown[0]) not in by_place:
            continue
        cells = [Cell(account_name(answers, account))]
        for at in shown:
            row = by_place[account, at]
            cells.append(Cell(worth(row["dividend"]), note=span(row["low"], row["high"], unit="prize")))
        parted = by_place[account, YEAR if YEAR in shown else shown[-1]]
        bounds = span(parted.get("passage_low"), parted.get("passage_high"), unit="prize")
        cells += [Cell(worth(parted.get("passage")), note=bounds), Cell(worth(parted.get("selection")))]
        lines.append(cells)
    at = YEAR if YEAR in shown else shown[-1]
    columns = [
        Column("Account", heads=True), *(Column(f"{at} months", "number") for at in shown),
        Column(f"{at}: passage of time", "number"), Column(f"{at}: selection", "number"),
    ]  # fmt: skip
    caption = (
        f"Delay dividend in % of the whole prize{_as_of(answers)}, and its two parts: the passage of time, which is"
        " what the same months bring in a war where nobody may table a package; and selection, because months in which"
        " a deal could have been signed and was not are no average months."
    )
    return grid(caption, columns=columns, rows=lines, stack=True)


def _as_of(answers: AnswersLike) -> str:
    belief = fact(answers, "belief")
    return f", at the belief of {percent(belief)} in a staller" if isinstance(belief, float) else ""
