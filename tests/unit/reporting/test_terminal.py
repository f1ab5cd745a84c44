from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from outlast.reporting.page import report
from outlast.reporting.terminal import claim_table, print_answers

from . import synthetic


def printed(made, *, width: int) -> str:
    console = Console(file=StringIO(), width=width, no_color=True)
    print_answers(made, console=console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 100, 120, 200])
def test_lines_fit_and_nothing_is_cut(width):
    text = printed(synthetic.answers(), width=width)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= min(width, 120)
    assert "\u2026" not in text
    assert "86% to 97%" in text


def test_says_what_the_page_says():
    made = synthetic.answers()
    text = " ".join(printed(made, width=100).split())
    assert all(sentence in text for sentence in made.verdict)
    for words in ("In numbers", "The next rounds", "Who gains from delay", "Deals", "claims", "Certificate"):
        assert words in text
    assert "\u2717 failed" in text
    assert "\u2713 in the durable zone" in text
    assert "256 draws, seed 7" in text


def test_without_draws_patron_or_zone():
    text = printed(synthetic.answers(draws=0, patron=False, zone=False, packages=8), width=80)
    assert "The durable zone is empty." in text
    assert "n/a" in text
    assert "no draws" in text


def test_names_are_not_read_as_styles():
    text = printed(synthetic.answers(name="[bold]Russia[/bold]"), width=120)
    assert "[bold]Russia[/bold], if a staller" in text


def test_answers_without_tables_print_the_verdict():
    made = synthetic.answers()
    text = printed(synthetic.Synthetic({}, made.verdict, {}, made.parties), width=80)
    assert "Delay works for Russia" in text


def test_printing_does_not_load_the_chart_library():
    code = (
        "import outlast.reporting as room; room.print_answers, room.compare; import sys; "
        "assert 'altair' not in sys.modules and 'jinja2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_comparison_that_is_not_to_be_relied_on_is_marked(full):
    claims = full.answers.tables["claims"]
    doubted = full.answers.tables | {
        "claims": claims.with_columns(trusted=pl.col("claim") != claims["claim"][3], without=pl.lit(True))
    }
    made = claim_table(replace(full.answers, tables=doubted))
    cells = [str(cell) for cell in made.columns[3].cells]
    assert [place for place, cell in enumerate(cells) if "not solved well" in cell] == [3]
    page = report(replace(full.answers, tables=doubted)).html
    assert page.count("not to be relied on: not solved") == 1
    assert "is not to be relied on." in page
