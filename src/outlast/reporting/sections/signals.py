"""Section on the type test: what moves and offers reveal about the challenger."""

from __future__ import annotations

from typing import Any

from outlast.reporting.charts import offers as offers_chart
from outlast.reporting.charts import type_test as type_test_chart
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Figure, Grid, Section, grid
from outlast.reporting.protocol import AnswersLike, rows
from outlast.reporting.wording import WORTHS, bits_text, percent, quantity, quoted


def signals(answers: AnswersLike) -> Section:
    """Show which moves tell a settler from a staller, which offer would, and the stall threshold."""
    moves, offered, stall = rows(answers, "type_test"), rows(answers, "offers"), rows(answers, "stall")
    said = [part for part in (_move_reading(answers, moves), _offer_reading(offered)) if part]
    reading = " ".join(said) or NOT_COMPUTED
    figures: list[Figure] = []
    grids: list[Grid] = []
    if moves:
        caption = "How likely each type makes the move, and what seeing it tells about the type."
        figures.append(Figure("type-test", type_test_chart, caption, f"Pairs of points and bars. {said[0]}"))
        grids.append(_move_table(moves))
    if offered:
        caption = "How likely each type accepts the offer, and what its answer is expected to tell."
        figures.append(Figure("offers", offers_chart, caption, f"Pairs of points and bars. {said[-1]}"))
        grids.append(_offer_table(offered))
    if stall:
        grids.append(_stall_table(stall))
    return Section("types", "What moves and offers reveal", reading, figures=tuple(figures), grids=tuple(grids))


def _move_reading(answers: AnswersLike, moves: list[dict[str, Any]]) -> str:
    if not moves:
        return ""
    best = max(moves, key=lambda row: row["bits"])
    return (
        f"The most telling move is {quoted(best['label'])} ({bits_text(best['bits'])}): it takes the belief that "
        f"{answers.parties['challenger']} is a staller from {percent(best['belief_before'])} to "
        f"{percent(best['belief_after'])}."
    )


def _offer_reading(offered: list[dict[str, Any]]) -> str:
    if not offered:
        return ""
    best = max(offered, key=lambda row: row["bits"])
    return (
        f"The most revealing offer is {quoted(best['title'])} ({bits_text(best['bits'])} expected): a settler "
        f"accepts it with {percent(best['accept_settler'])}, a staller with {percent(best['accept_staller'])}."
    )


def _move_table(moves: list[dict[str, Any]]) -> Grid:
    columns = [
        Column("Move", heads=True), Column("If a settler", "number"), Column("If a staller", "number"),
        Column("Belief before", "number"), Column("Belief after", "number"), Column("Bits", "number"),
    ]  # fmt: skip
    lines = [
        [
            Cell(row["label"]), Cell(percent(row["chance_settler"])), Cell(percent(row["chance_staller"])),
            Cell(percent(row["belief_before"])), Cell(percent(row["belief_after"])), Cell(bits_text(row["bits"])),
        ]
        for row in sorted(moves, key=lambda row: -row["bits"])
    ]  # fmt: skip
    return grid("Belief: chance of a staller.", columns=columns, rows=lines, stack=True, fold="All moves as a table")


def _offer_table(offered: list[dict[str, Any]]) -> Grid:
    columns = [
        Column("Offer", heads=True), Column("Settler accepts", "number"), Column("Staller accepts", "number"),
        Column("Belief if accepted", "number"), Column("Belief if refused", "number"), Column("Bits", "number"),
    ]  # fmt: skip
    lines = [
        [
            Cell(row["title"]), Cell(percent(row["accept_settler"])), Cell(percent(row["accept_staller"])),
            Cell(percent(row["belief_if_accepted"])), Cell(percent(row["belief_if_refused"])),
            Cell(bits_text(row["bits"])),
        ]
        for row in sorted(offered, key=lambda row: -row["bits"])
    ]  # fmt: skip
    return grid("Belief: chance of a staller.", columns=columns, rows=lines, stack=True, fold="All offers as a table")


def _stall_table(stall: list[dict[str, Any]]) -> Grid:
    caption = (
        "The stall threshold, which can be checked by hand, beside the equilibrium's own answer. Below h d / (r + h) "
        "talking is free for the challenger, and talks say nothing about its type."
    )
    lines = [[Cell(row["label"], note=str(row["note"] or "")), Cell(_stated(row))] for row in stall]
    return grid(caption, columns=[Column("Quantity", heads=True), Column("Value", "number")], rows=lines)


def _stated(row: dict[str, Any]) -> str:
    """Write a value without a plus sign: the threshold and what stands beside it are levels, not gains."""
    unit = str(row["unit"] or "")
    worded = quantity(row["value"], unit)
    return f"{worded.removeprefix('+')} of the prize" if unit.lower() in WORTHS else worded
