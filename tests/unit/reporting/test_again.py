"""Checks that solve the scenario again, and the findings of a second computation, are shown where there are any."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import polars as pl
from rich.console import Console

from outlast.reporting.sections.grounds import certificate
from outlast.reporting.terminal import print_answers, print_claims, verification_table

from . import synthetic

AGAIN = pl.DataFrame(
    {
        "key": ["attend_next", "delay_patron"],
        "label": ["The [bold]first[/bold] question", "The second"],
        "unit": ["chance", "prize"],
        "value": [0.5, -0.1],
        "other": [0.53, None],
        "difference": [0.03, None],
        "change": ["horizon of 150 months instead of 120"] * 2,
    }
)


def checked() -> synthetic.Synthetic:
    made = synthetic.answers(packages=8)
    return replace(made, tables={**made.tables, "horizon_check": AGAIN})


def lines(show, *content, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, no_color=True)
    show(*content, console=console)
    return console.file.getvalue()  # pyright: ignore[reportAttributeAccessIssue]


def test_terminal_shows_a_check_that_was_made():
    text = lines(print_answers, checked())
    assert "Horizon check (horizon of 150 months instead of 120)" in text
    assert "The [bold]first[/bold] question" in text
    assert "+3.0 points" in text
    assert "Grid check" not in text
    assert "Horizon check" not in lines(print_answers, synthetic.answers(packages=8))


def test_page_shows_a_check_that_was_made():
    plain, more = certificate(synthetic.answers(packages=8)), certificate(checked())
    assert len(more.grids) == len(plain.grids) + 1
    assert "horizon of 150 months" in str(more.grids[1])


def test_claims_stand_alone():
    text = lines(print_claims, checked())
    assert "The article's claims" in text
    assert "Certificate" not in text
    bare = replace(checked(), tables={})
    assert "names no claims" in lines(print_claims, bare)


def test_second_computation_names_the_worst_place():
    row = {"label": "Regret", "passed": False, "station": "posture", "month": 7, "value": 2e-3, "limit": 1e-5}
    text = lines(lambda table, console: console.print(table), verification_table([row]))
    assert "posture, month 7" in text
    assert "failed" in text
    assert "2.0e-03" in text
