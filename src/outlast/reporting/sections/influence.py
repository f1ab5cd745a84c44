"""Section on which assumptions move the answers, over all draws of a stored ensemble."""

from __future__ import annotations

from typing import Any

from outlast.reporting.parts import Cell, Column, Grid, Section, grid
from outlast.reporting.protocol import AnswersLike, rows
from outlast.reporting.wording import listed, percent, plain, quantity

TOP = 4
"""Numbers shown for each headline."""
TITLE = "Which assumptions move the answers"
MISSING = "Not estimated: it takes a stored ensemble of at least 64 draws, which `outlast ensemble` makes."


def influence(answers: AnswersLike) -> Section:
    """Show, for every headline, the numbers with which most of its variance over the draws goes."""
    found = rows(answers, "influence")
    if not found:
        return Section("influence", TITLE, MISSING)
    labels = {row["key"]: row["label"] for row in rows(answers, "headlines")}
    names = {row["path"]: row["label"] for row in rows(answers, "assumptions")}
    sure = [row for row in found if row["first_low"] > 0]
    total: dict[str, float] = {}
    for row in sure:
        total[row["key"]] = total.get(row["key"], 0.0) + row["first"]
    leading = sorted(total, key=lambda key: -total[key])[:3]
    reading = (
        f"Over {found[0]['draws']} draws the headlines move most with {listed([names.get(k) or k for k in leading])}."
        if leading
        else f"Over {found[0]['draws']} draws no single number moves a headline by more than chance would."
    )
    notes = (
        "A share of variance is a first-order Sobol index, estimated from the draws; what the shares of a headline "
        "lack to 100% goes with numbers that work together. A number marked as moving the whole distribution does so "
        "by PAWN more than one without effect would in nine cases of ten.",
    )
    grids = [_table(found, labels, names)]
    apart = rows(answers, "disagreement")
    if apart:
        grids.append(_apart(apart, labels, names, {row["key"]: row["unit"] for row in rows(answers, "headlines")}))
    return Section("influence", TITLE, reading, grids=tuple(grids), notes=notes)


def _table(found: list[dict[str, Any]], labels: dict[str, str], names: dict[str, str]) -> Grid:
    columns = [
        Column("Answer", heads=True), Column("Number", "words"), Column("Share of its variance", "number"),
        Column("In 9 of 10 resamples", "number"), Column("Moves the whole distribution"),
    ]  # fmt: skip
    lines = []
    for headline in dict.fromkeys(row["headline"] for row in found):
        mine = [row for row in found if row["headline"] == headline]
        for row in sorted(mine, key=lambda row: -row["first"])[:TOP]:
            name = names.get(row["key"]) or str(row["key"])
            lines.append(
                [
                    Cell(labels.get(headline) or headline),
                    Cell(name, note=row["key"] if name != row["key"] else ""),
                    Cell(percent(max(row["first"], 0.0)), bar=min(1.0, max(row["first"], 0.0))),
                    Cell(f"{percent(max(row['first_low'], 0.0))} to {percent(max(row['first_high'], 0.0))}"),
                    Cell(f"yes ({plain(row['pawn'])})", mark="good")
                    if row["pawn"] > row["floor"]
                    else Cell("no more than chance", mark="open"),
                ]
            )
    return grid("The numbers that move each answer most.", columns=columns, rows=lines, stack=True)


def _apart(found: list[dict[str, Any]], labels: dict[str, str], names: dict[str, str], units: dict[str, str]) -> Grid:
    columns = [
        Column("Answer", heads=True), Column("Number", "words"), Column("Effect of its range alone", "number"),
        Column("Share of its variance", "number"), Column("What it means", "words"),
    ]  # fmt: skip
    lines = [
        [
            Cell(labels.get(row["headline"]) or str(row["headline"])),
            Cell(names.get(row["key"]) or str(row["key"])),
            Cell(quantity(row["effect"], units.get(row["headline"]))),
            Cell(percent(max(row["first"], 0.0))),
            Cell(row["says"]),
        ]
        for row in found
    ]
    caption = "Where moving one number alone and drawing all together disagree on what matters."
    return grid(caption, columns=columns, rows=lines, stack=True, fold=f"{len(lines)} disagreements")
