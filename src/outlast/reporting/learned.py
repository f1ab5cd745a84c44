"""Show what a record says, and what it lets one expect: in the terminal, as tables, and as one page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from markupsafe import Markup
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outlast.numerals import NOTHING, known, percent, percents
from outlast.reporting.charts.learned import forecast_chart, index_chart
from outlast.reporting.console import paper
from outlast.reporting.drawing import draw
from outlast.reporting.parts import Cell, Column, Grid, grid
from outlast.reporting.saving import save_tables
from outlast.reporting.sealing import sealed_page
from outlast.reporting.theme import NARROW, WIDE, dress
from outlast.reporting.wording import day, plain

Tables = Mapping[str, pl.DataFrame]
Lines = list[tuple[str, ...]]
MOST = 12
"""Rows of a long table that are shown."""


def print_tables(tables: Tables, made: Mapping[str, Any], *, kind: str, console: Console | None = None) -> None:
    """Print what a fit or a forecast says: its first sentence, then its tables."""
    page = paper(console)
    page.print(Text(str(made["title"]), style="bold"), Text(reading(tables, made, kind=kind)))
    for caption, columns, lines in worded(tables, kind=kind):
        if not lines:
            continue
        table = Table(title=caption, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
        for place, name in enumerate(columns):
            table.add_column(name, justify="right" if place else "left")
        for line in lines:
            table.add_row(*map(Text, line))
        page.print("", table)


def reading(tables: Tables, made: Mapping[str, Any], *, kind: str) -> str:
    """Return the sentences that stand first: what was found, and how far it can be trusted."""
    last = tables["index"].row(-1, named=True)
    ends = percents(last["low"], last["high"])
    sentences = [
        f"On {day(last['date'])} the chance that the challenger is a staller is {percent(last['staller'])}"
        + (f" ({ends} in nine draws of ten)." if ends else ".")
    ]
    if kind == "forecast":
        end = tables["months"].row(-1, named=True)
        sentences.append(
            f"Within {made['ahead']} months something is signed with a chance of {percent(end['agreement'])},"
            f" and the challenger dictates with one of {percent(end['collapse'])}."
        )
    else:
        sentences.append(_checked(tables["checks"]))
    renewed = f", after {made['rounds']} rounds of new draws" if made["rounds"] else ""
    sentences.append(
        f"{made['rows']} rows count, worth {made['rows_by_confidence']:.3g} by their confidence;"
        f" {made['effective']:.0f} of {made['draws']} draws are effective{renewed}"
        f" ({made['effective_prior']:.1f} of the first ones were)."
    )
    if not ends:
        sentences.append(f"These are too few for ranges, which take {made['draws_for_ranges']} effective draws.")
    return " ".join(sentences)


def _checked(table: pl.DataFrame) -> str:
    """Say how many checks passed, and how many had too little to rest on to fail."""
    if table.is_empty():
        return "It has nothing that could be checked."
    failed = table.filter(~pl.col("passed"))["check"].to_list()
    told = f"fails {len(failed)} of {table.height} checks: {'; '.join(failed)}" if failed else (
        f"passes all {table.height} checks" if table.height > 1 else "passes its one check")  # fmt: skip
    weak = table.filter(pl.col("passed") & (pl.col("weight") < 1)).height
    if weak:
        told += f" ({weak} of the passes: less than one sure row to rest on, which says little)"
    return f"The record {told}."


def worded(tables: Tables, *, kind: str) -> list[tuple[str, tuple[str, ...], Lines]]:
    """Return the tables in words: caption, columns and lines."""
    return _forecast_words(tables) if kind == "forecast" else _fit_words(tables)


def _fit_words(tables: Tables) -> list[tuple[str, tuple[str, ...], Lines]]:
    index = [(day(r["date"]), percent(r["staller"]), percent(r["low"]), percent(r["high"]))
             for r in tables["index"].iter_rows(named=True)]  # fmt: skip
    rows = [
        (
            f"{day(r['date'])}, {r['words']}",
            f"{r['moved']:+.2f}",
            f"{r['moved_low']:+.2f} to {r['moved_high']:+.2f}" if known(r["moved_low"]) else NOTHING,
            f"{r['loglikelihood']:+.2f}",
        )
        for r in tables["rows"].head(MOST).iter_rows(named=True)
    ]
    numbers = [(r["path"], plain(r["prior_q50"]), plain(r["q50"]), _range(r["q05"], r["q95"]),
                f"{r['moved']:+.2f}") for r in tables["numbers"].head(MOST).iter_rows(named=True)]  # fmt: skip
    ends = tables["stocks"].group_by("stock", maintain_order=True).last()
    stocks = [(r["stock"], plain(r["mean"]), plain(r["q05"]), plain(r["q95"])) for r in ends.iter_rows(named=True)]
    checks = [(r["check"], plain(r["observed"]), plain(r["expected"]), f"{plain(r['low'])} to {plain(r['high'])}",
               plain(r["weight"]), "yes" if r["passed"] else "NO")
              for r in tables["checks"].iter_rows(named=True)]  # fmt: skip
    return [
        ("Stalling index: chance of a staller given everything seen", ("Up to", "Chance", "5%", "95%"), index),
        ("Rows that moved it most (change of log odds)", ("Row", "Moved", "Nine draws in ten", "Log likelihood"), rows),
        ("Numbers that moved most", ("Number", "Before", "After", "Nine in ten", "Moved"), numbers),
        ("Stocks at the end of the record", ("Stock", "Mean", "5%", "95%"), stocks),
        (
            "Would such a war leave such a record?",
            ("Figure", "Seen", "Expected", "19 in 20", "Rows, by confidence", "Passed"),
            checks,
        ),
    ]


def _range(low: float | None, high: float | None) -> str:
    return f"{plain(low)} to {plain(high)}" if known(low) and known(high) else NOTHING


def _forecast_words(tables: Tables) -> list[tuple[str, tuple[str, ...], Lines]]:
    names = ("attend", "agreement", "collapse", "withhold", "sustain", "surge")
    months = [(day(r["date"]), *(percent(r[name]) for name in names)) for r in tables["months"].iter_rows(named=True)]
    land = [(day(r["date"]), plain(r["mean"]), *(plain(r[f"q{q}"]) for q in ("05", "25", "50", "75", "95")))
            for r in tables["territory"].iter_rows(named=True)]  # fmt: skip
    packages = [(r["package"], percent(r["chance"])) for r in tables["packages"].head(MOST).iter_rows(named=True)]
    return [
        ("Month by month", ("From", "Talks", "Signed so far", "Imposed so far", *map(str.title, names[3:])), months),
        ("Territory a month later, in levels of the grid", ("From", "Mean", "5%", "25%", "50%", "75%", "95%"), land),
        ("What would be signed", ("Package", "Chance"), packages),
    ]  # fmt: skip


def page(tables: Tables, made: Mapping[str, Any], *, kind: str) -> str:
    """Return a fit or a forecast as one HTML page that needs nothing but itself."""
    chart, source = (forecast_chart, "months") if kind == "forecast" else (index_chart, "index")
    said = reading(tables, made, kind=kind)
    drawn = {
        size: Markup(draw(dress(chart(tables[source], canvas=canvas), canvas), name=f"{kind}-{size}",
                          alternative=f"Chart. {said}"))
        for size, canvas in (("wide", WIDE), ("narrow", NARROW))
    }  # fmt: skip
    ahead = kind == "forecast"
    return sealed_page(
        "learned.html.j2",
        title=f"{'Forecast' if ahead else 'Fit'}: {made['title']}",
        kicker="What comes next, in chances" if ahead else "What the record says",
        meta=f"{made['months']} months of record from {day(made['as_of'])}; seed {made['seed']}; {made['hash'][:12]}",
        heading="Month by month" if ahead else "Is it stalling?",
        reading=said,
        drawn=drawn,
        caption=_caption(tables),
        grids=[_grid(*each) for each in worded(tables, kind=kind)],
    )


def _caption(tables: Tables) -> str:
    """Say what the band of the chart is, where there is one."""
    band = tables["index"]["low"].is_not_null().any()
    said = "The band holds nine draws in ten: what the numbers leave open." if band else (
        "Too few draws are effective for a band.")  # fmt: skip
    return f"{said} Chances are those of the game."


def _grid(caption: str, names: tuple[str, ...], lines: Lines) -> Grid:
    columns = tuple(Column(name, "number" if place else "words", heads=not place) for place, name in enumerate(names))
    return grid(caption, columns=columns, rows=[tuple(map(Cell, line)) for line in lines], stack=True)


def save(tables: Tables, made: Mapping[str, Any], *, kind: str, folder: Path, force: bool) -> Path:
    """Write the page and the tables into a folder, whole or not at all, and return the page's path."""
    return save_tables(page(tables, made, kind=kind), content={"made": made, "tables": dict(tables)}, tables=tables,
                       folder=folder, force=force)  # fmt: skip
