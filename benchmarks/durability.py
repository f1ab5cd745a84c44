"""Print the evidence on durability from publishers' files as Markdown: ``python benchmarks/durability.py``.

The files are looked for where ``benchmarks/importers.py`` looks for them.
"""

from __future__ import annotations

import polars as pl
from importers import FILES, data_folder

from outlast.evidence import Durability, durability
from outlast.record.sources import import_file

SHOWN = ("peacekeeping", "consent", "enforcement", "victory", "treaty", "cease", "pko", "shagov", "aut", "ddr")


def durability_tables() -> str:
    """Return the tables for a page, or a sentence that says why there are none."""
    folder = data_folder()
    if not folder.is_dir():
        return f"Not measured: the publishers' files are not in {folder}."
    names = ("fortna_spells", "ucdp_agreements", "ucdp_terminations")
    return tables(durability(*(import_file(name, folder / FILES[name]).table for name in names)))


def tables(found: Durability) -> str:
    """Return hazards, shares and ratios as Markdown, with the warnings above them."""
    ratios = found.ratios.filter(pl.col("covariate").is_in(SHOWN))
    parts = ["\n".join(f"- {warning}" for warning in found.warnings)]
    parts += [_markdown(table) for table in (found.hazards, found.shares, ratios)]
    return "\n\n".join(parts)


def _markdown(table: pl.DataFrame) -> str:
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * table.width]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in table.iter_rows()]
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.4f}"
    return str(value)


if __name__ == "__main__":
    print(durability_tables())
