"""Print the scores of forecasts that anybody could make, as Markdown: ``python benchmarks/scores.py [--ahead MONTHS]``.

The files are looked for where ``benchmarks/importers.py`` looks for them. The first line of each table says whether a
baseline wins.
"""

from __future__ import annotations

import sys

import polars as pl
from importers import FILES, data_folder
from mediation import score_mediation
from ukraine import back_test_ukraine

from outlast.record.sources import import_file


def score_tables(ahead: int = 1) -> str:
    """Return the tables for a page, or a sentence that says why there are none."""
    folder = data_folder()
    if not folder.is_dir():
        return f"Not measured: the publishers' files are not in {folder}."
    read = {
        name: import_file(name, folder / FILES[name]).table for name in ("economist_area", "kiel", "cow_wars", "mend")
    }
    parts = []
    for target in back_test_ukraine(read["economist_area"], read["kiel"], read["cow_wars"], ahead=ahead):
        notes = [f"{note}\n" for note in target.notes]
        parts += [
            f"### Ukraine, {target.name}, {ahead} ahead\n",
            f"{target.verdict}\n",
            *notes,
            markdown(target.means),
            "",
        ]
    for refit, words in ((False, "learnt to 2022"), (True, "learnt anew every month")):
        events = score_mediation(read["mend"], refit=refit)
        title = f"### Agreement in the next round of mediation, 2023, {words}\n"
        parts += [title, f"{events.verdict}\n", markdown(events.means), ""]
        parts += ["Calibration of the regression:\n", markdown(events.curve), ""]
    return "\n".join(parts)


def markdown(table: pl.DataFrame) -> str:
    """Return a table of scores as Markdown, with four significant digits."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * table.width]
    for row in table.iter_rows():
        cells = [_cell(value) for value in row]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    print(score_tables(int(sys.argv[2]) if sys.argv[1:2] == ["--ahead"] else 1))
