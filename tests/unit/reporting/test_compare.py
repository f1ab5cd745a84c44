from __future__ import annotations

from io import StringIO

import polars as pl
import pytest
from rich.console import Console

from outlast.reporting.compare import change, compare, print_comparison, side_names

from . import synthetic


def printed(left, right, *, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, no_color=True)
    print_comparison(left, right, console=console)
    return console.file.getvalue()


@pytest.fixture
def changed() -> synthetic.Synthetic:
    made = synthetic.answers()
    tables = made.tables
    first = pl.col("path") == pl.first("path")
    tables["assumptions"] = tables["assumptions"].with_columns(
        value=pl.when(first).then(pl.lit(9.5)).otherwise(pl.col("value"))
    )
    tables["headlines"] = tables["headlines"].with_columns(
        value=pl.when(pl.col("key") == "nothing_next").then(0.54).otherwise(pl.col("value"))
    )
    tables["claims"] = tables["claims"].with_columns(
        holds=pl.when(pl.col("claim") == "soft").then(True).otherwise(pl.col("holds"))
    )
    return made


def test_equal_answers_differ_in_nothing():
    found = compare(synthetic.answers(), synthetic.answers())
    assert found["assumptions"].height == 0
    assert found["claims"].height == 0
    assert set(found["headlines"]["difference"].to_list()) == {0.0}


def test_differences_are_found(changed):
    found = compare(synthetic.answers(), changed)
    assert found["assumptions"].select("left", "right").rows()[0][1] == 9.5
    assert found["assumptions"].height == 1
    assert found["claims"].select("claim", "left", "right").rows() == [("soft", False, True)]
    moved = found["headlines"].filter(pl.col("key") == "nothing_next")["difference"].item()
    assert moved == pytest.approx(-0.40)


def test_what_stands_on_one_side_only_is_kept():
    found = compare(synthetic.answers(packages=8), synthetic.answers(packages=14))
    assert found["deals"].height == 14
    assert found["deals"]["left_all"].null_count() == 6
    assert found["deals"]["title"].null_count() == 0


def test_answers_without_tables_compare():
    made = synthetic.answers()
    empty = synthetic.Synthetic({}, made.verdict, {}, made.parties)
    assert all(not table.width for table in compare(empty, empty).values())
    assert compare(made, empty)["headlines"]["difference"].null_count() == 10
    assert "none computed" in printed(empty, empty)


def test_printed_comparison_fits(changed):
    text = printed(synthetic.answers(), changed)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert "\u221240.0 points" in text
    assert "\u2713 holds" in text


def test_sides_are_named():
    one, two = synthetic.answers(), synthetic.answers()
    assert side_names(one, two) == ("geneva (1)", "geneva (2)")
    two.record["name"] = "peace_first"
    assert side_names(one, two) == ("geneva", "peace_first")
    two.record.update(name="geneva", hash="ffff0000")
    assert side_names(one, two) == ("geneva 3f1c9a", "geneva ffff00")


@pytest.mark.parametrize(
    ("difference", "unit", "said"),
    [(0.02, "chance", "+2.0 points"), (-0.004, "prize", "\u22120.40 points"), (2.0, "months", "+2 months"),
     (None, "chance", "\u2013")],
)  # fmt: skip
def test_change(difference, unit, said):
    assert change(difference, unit) == said
