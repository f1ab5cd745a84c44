"""Tables that go to a file or a pipe cut nothing and break no name, whatever prints them."""

from __future__ import annotations

import contextlib
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table

from outlast.reporting.console import WIDEST, paper
from outlast.reporting.learned import print_tables
from outlast.reporting.terminal import print_answers, print_claims
from outlast.reporting.timeline import print_timeline

from . import synthetic

NAME = "a_name_without_a_space_" * 8
WORDS = st.text("abcdefghij_", min_size=1, max_size=90)


def piped(print_it, *args, **kwargs) -> str:
    """What standard output gets where it is a pipe."""
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out):
        for name in ("COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
            patch.delenv(name, raising=False)
        print_it(*args, **kwargs)
    return out.getvalue()


@given(st.lists(st.tuples(WORDS, WORDS, st.lists(WORDS, max_size=30)), min_size=1, max_size=4))
def test_no_word_of_a_table_is_cut_or_broken(lines: list[tuple[str, str, list[str]]]):
    table = Table("first", "second", "a sentence")
    for one, other, sentence in lines:
        table.add_row(one, other, " ".join(sentence))
    text = piped(lambda: paper().print(table))
    assert "\u2026" not in text
    found = text.split()
    assert all(word in found for one, other, sentence in lines for word in (one, other, *sentence))


def test_sentences_keep_to_the_page():
    assert max(map(len, piped(lambda: paper().print("a word " * 100)).splitlines())) <= WIDEST


def test_a_terminal_and_columns_have_a_width(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COLUMNS", "70")
    assert paper().width == 70
    assert paper().bounded


def test_answers_and_claims():
    made = synthetic.answers(name=NAME)
    for print_it in (print_answers, print_claims):
        text = piped(print_it, made)
        assert "\u2026" not in text
    assert NAME in piped(print_answers, made)


def test_a_fit():
    day = pl.date(2026, 1, 1)
    number = {"prior_q50": 1.0, "q50": 1.0, "q05": 0.0, "q95": 2.0, "moved": 0.1}
    tables = {
        "index": pl.DataFrame({"staller": [0.5], "low": [0.4], "high": [0.6]}).with_columns(date=day),
        "rows": pl.DataFrame(
            {"words": [NAME], "moved": [0.1], "moved_low": [0.0], "moved_high": [0.2], "loglikelihood": [-1.0]}
        ).with_columns(date=day),
        "numbers": pl.DataFrame([{"path": NAME, **number}]),
        "stocks": pl.DataFrame({"stock": ["forces"], "mean": [1.0], "q05": [0.6], "q95": [1.0]}),
        "checks": pl.DataFrame(
            {"check": [NAME], "observed": [1.0], "expected": [1.0], "low": [0.0], "high": [2.0], "weight": [0.2],
             "passed": [True]}
        ),
    }  # fmt: skip
    made = {"title": "A war", "rows": 1, "rows_by_confidence": 0.2, "effective": 1.0, "draws": 2, "rounds": 0,
            "effective_prior": 1.0}  # fmt: skip
    text = piped(print_tables, tables, made, kind="fit")
    assert text.count(NAME) == 3
    assert "less than one sure row" in text


def test_a_timeline():
    row = {"date": "2026-01-01", "actor": "challenger", "kind": "table", "content": NAME, "value": None, "low": None,
           "high": None, "confidence": 1.0}  # fmt: skip
    assert NAME in piped(print_timeline, pl.DataFrame([row]), parties={"challenger": NAME * 2})
