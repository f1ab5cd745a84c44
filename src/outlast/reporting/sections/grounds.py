"""Sections on what the answers stand on: the assumptions and the certificate."""

from __future__ import annotations

import re
from typing import Any

from outlast.reporting.compare import change
from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Grid, Section, grid, judged
from outlast.reporting.protocol import AnswersLike, fact, rows
from outlast.reporting.wording import NOTHING, count, day, known, listed, plain, quantity, span

AGAIN = {"horizon_check": "Horizon check", "grid_check": "Grid check"}
"""Checks that solve the scenario again, by the name of their table."""
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]+[^\s<>\"')\].,;]")


def assumptions(answers: AnswersLike) -> Section:
    """Show every number that went in, with its basis and source."""
    title = "What the answers assume"
    found = rows(answers, "assumptions")
    if not found:
        return Section("assumptions", title, NOT_COMPUTED)
    bases = {basis: sum(row["basis"] == basis for row in found) for basis in ("judgement", "claim", "data")}
    varied = sum(bool(row["varied"]) for row in found)
    reading = (
        f"The answers lean on {count(bases['judgement'], 'judgement')} among {count(len(found), 'number')} "
        f"({bases['data']} rest on data, {bases['claim']} on claims of the article); "
        f"{varied if varied else 'none'} of them {'was' if varied == 1 else 'were'} varied."
    )
    columns = [
        Column("Number", heads=True), Column("Value", "number"), Column("Range", "number"), Column("Basis"),
        Column("Source", "words"),
    ]  # fmt: skip
    lines = [
        [
            Cell(str(row["label"] or row["path"]), note=str(row["path"]) if row["label"] != row["path"] else ""),
            Cell(_as_written(row["value"]), note=str(row["unit"] or "")),
            Cell(span(row["low"], row["high"], unit="") or NOTHING),
            Cell(str(row["basis"]), note="varied" if row["varied"] else "not varied"),
            Cell(str(row["source"] or "none given"), link=_address(row["source"])),
        ]
        for row in found
    ]
    table = grid(
        "Every number of the scenario.", columns=columns, rows=lines, stack=True, fold=f"All {len(found)} numbers"
    )
    return Section("assumptions", title, reading, grids=(table,))


def _as_written(value: Any) -> str:
    return value if isinstance(value, str) else plain(value)


def _address(source: Any) -> str:
    found = _ADDRESS.search(str(source or ""))
    return found.group() if found else ""


def certificate(answers: AnswersLike) -> Section:
    """Show the checks that the solution passed or failed, and how to make this report again."""
    found = rows(answers, "certificate")
    title = "Can the numbers be trusted"
    run = _run_table(answers)
    if not found:
        return Section("certificate", title, NOT_COMPUTED, grids=(run,))
    again = [_again(rows(answers, name), title) for name, title in AGAIN.items() if rows(answers, name)]
    return Section("certificate", title, verdict_on_checks(found), grids=(_checks(found), *again, run))


def verdict_on_checks(found: list[dict[str, Any]]) -> str:
    """Say whether the certificate's lines passed, and how much of the game the second computation looked at."""
    failed = [row["label"] for row in found if not row["passed"]]
    second = next((row for row in found if row.get("checks")), None)
    made = f" A computation that shares no code with the solver made {_counted(second)}." if second else ""
    if failed:
        return f"{len(failed)} of {count(len(found), 'line')} failed: {listed(failed)}.{made}"
    return (f"All {count(len(found), 'line')} passed." if len(found) > 1 else "The one line passed.") + made


def _checks(found: list[dict[str, Any]]) -> Grid:
    columns = [
        Column("Check", heads=True), Column("Found", "number"), Column("Limit", "number"), Column("Result"),
        Column("Checks made", "words"),
    ]  # fmt: skip
    lines = [
        [
            Cell(row["label"], note=str(row["meaning"] or "")),
            Cell(quantity(row["value"], "")),
            Cell(quantity(row["limit"], "")),
            judged(row["passed"], yes="passed", no="failed", absent="not run"),
            _made(row),
        ]
        for row in found
    ]
    return grid("Certificate of the solution.", columns=columns, rows=lines, stack=True)


def _made(row: dict[str, Any]) -> Cell:
    """Show how many checks stand behind a row, of how many there are, and where they were made."""
    made = f"{row['checks']:,} of {row['of']:,}" if row.get("checks") else NOTHING
    return Cell(made, note=str(row.get("extent") or ""))


def _counted(row: dict[str, Any]) -> str:
    return f"{row['checks']:,} of {row['of']:,} checks ({row['extent']})"


def _again(found: list[dict[str, Any]], title: str) -> Grid:
    """Show how far the answers of a check that solved the scenario again move."""
    columns = [
        Column("Question", heads=True), Column("Answer", "number"), Column("Again", "number"),
        Column("Change", "number"),
    ]  # fmt: skip
    lines = [
        [
            Cell(str(row["label"])),
            Cell(quantity(row["value"], row["unit"])),
            Cell(quantity(row["other"], row["unit"])),
            Cell(change(row["difference"], row["unit"])),
        ]
        for row in found
    ]
    return grid(f"{title}: {found[0]['change']}.", columns=columns, rows=lines, stack=True)


def _run_table(answers: AnswersLike) -> Grid:
    draws = fact(answers, "draws")
    seconds = fact(answers, "seconds")
    facts = [
        ("Program", f"outlast {fact(answers, 'version', default='')}".strip()),
        ("Scenario", str(fact(answers, "name", default="") or fact(answers, "title", default=""))),
        ("Scenario hash", str(fact(answers, "hash", default=NOTHING))),
        ("As of", day(fact(answers, "as_of"))),
        ("Draws", "none: one solution at the central numbers" if not draws else str(draws)),
        ("Seed", str(fact(answers, "seed", default=NOTHING))),
        ("Draws stored in", str(fact(answers, "ensemble", default="") or "none: solved for this report")),
        ("Resolution", _resolution(answers)),
        ("Months looked ahead", str(fact(answers, "months", default=NOTHING))),
        (
            "Time to solve",
            f"{plain(seconds)} seconds" if isinstance(seconds, float | int) and known(seconds) else NOTHING,
        ),
    ]
    lines = [[Cell(name), Cell(value)] for name, value in facts]
    return grid(
        "How to make this report again.", columns=[Column("Fact", heads=True), Column("Value", "code")], rows=lines
    )


def _resolution(answers: AnswersLike) -> str:
    name, cells = fact(answers, "resolution"), fact(answers, "cells")
    size = f"{cells:,} cells" if isinstance(cells, int) else ""
    return ", ".join(part for part in (str(name or ""), size) if part) or NOTHING
