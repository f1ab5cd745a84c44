"""Write a report to disk, whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from outlast.reporting.cells import write_csv
from outlast.reporting.json_text import cell_text, json_text
from outlast.reporting.protocol import AnswersLike, rows

PAGE, DATA, TABLES = "report.html", "answers.json", "tables"


class OutputExists(FileExistsError):
    """An earlier report stands where this one should be written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} {reason}. Choose another folder, or overwrite it with force=True (--force).")
        self.path, self.reason = path, reason


def save_report(page: str, *, answers: AnswersLike, folder: Path, force: bool = False) -> Path:
    """Write the page and the tables into `folder` and return the page's path.

    Everything is first written to a folder beside it and then moved, so a failure leaves what was there before. Files
    of other makers in `folder` are left alone. Raises OutputExists where an earlier report is in the way.
    """
    return _save(page, as_json(answers), answers.tables, folder, force)


def save_tables(
    page: str, *, content: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], folder: Path, force: bool = False
) -> Path:
    """Write a page, its content as JSON and its tables as ``save_report`` does, and return the page's path."""
    return _save(page, json_text(content) + "\n", tables, folder, force)


def _save(page: str, data: str, tables: Mapping[str, pl.DataFrame], folder: Path, force: bool) -> Path:
    refuse_taken(folder, force=force)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}.{uuid4().hex[:12]}"
    try:
        _write(page, data=data, tables=tables, folder=draft)
        _move(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder / PAGE


def refuse_taken(folder: Path, *, force: bool = False) -> None:
    """Raise OutputExists where an earlier report, or a file, stands where this one should be written."""
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputExists(folder, "is a file")
    taken = [name for name in (PAGE, DATA, TABLES) if (folder / name).exists()]
    if taken and not force:
        raise OutputExists(folder, f"already holds {', '.join(taken)}")


def _write(page: str, *, data: str, tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    (folder / TABLES).mkdir(parents=True)
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / DATA).write_text(data, encoding="utf-8")
    for name, table in tables.items():
        if Path(name).name != name:
            raise ValueError(f"{name!r} is no name for a table: it would be written outside the folder of tables")
        write_csv(_flat(table), folder / TABLES / f"{name}.csv")
        table.write_parquet(folder / TABLES / f"{name}.parquet")


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """Turn columns that CSV cannot hold (lists, structs) into JSON text."""
    nested = [name for name, kind in table.schema.items() if kind.is_nested()]
    if not nested:
        return table
    return table.with_columns(
        [pl.Series(name, [cell_text(value) for value in table[name].to_list()]) for name in nested]
    )


def _move(draft: Path, folder: Path) -> None:
    """Put the draft in place: at once where the folder is new, else file by file, the page last."""
    if not folder.exists():
        os.rename(draft, folder)
        return
    (folder / TABLES).mkdir(exist_ok=True)
    for file in sorted((draft / TABLES).iterdir()):
        os.replace(file, folder / TABLES / file.name)
    os.replace(draft / DATA, folder / DATA)
    os.replace(draft / PAGE, folder / PAGE)


def as_json(answers: AnswersLike) -> str:
    """Write the answers as JSON: verdict, record, parties, headlines, and every table as a list of records."""
    return (
        json_text(
            {
                "verdict": list(answers.verdict),
                "record": answers.record,
                "parties": answers.parties,
                "headlines": {row["key"]: row for row in rows(answers, "headlines")},
                "tables": dict(answers.tables),
            }
        )
        + "\n"
    )
