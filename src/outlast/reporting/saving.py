"""Write a report to disk, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from outlast.files.whole import clear_drafts, draft_of, irreplaceable, put_folder
from outlast.reporting.cells import write_csv
from outlast.reporting.json_text import cell_text, json_text
from outlast.reporting.protocol import AnswersLike, rows

PAGE, DATA, TABLES = "report.html", "answers.json", "tables"
TABLE_FILES = ("csv", "parquet")
"""Endings of the two files of each table."""


class OutputExists(FileExistsError):
    """An earlier report, or something that cannot be replaced, stands where this one should be written."""

    def __init__(self, path: Path, reason: str, remedy: str = "") -> None:
        said = remedy or "choose another folder, or overwrite it with force=True (--force)"
        super().__init__(f"{path} {reason}. {said[0].upper()}{said[1:]}.")
        self.path, self.reason = path, reason
        self.remedy = remedy or "choose another folder, or add --force to replace it"


def save_report(page: str, *, answers: AnswersLike, folder: Path, force: bool = False) -> Path:
    """Write the page and the tables into `folder` and return the page's path.

    A new folder is made beside it and takes its place in one step: `folder` holds the earlier report whole or the new
    one whole at any moment. Files of other makers in it are carried over; tables of an earlier report are not. Raises
    OutputExists where an earlier report is in the way, or `folder` cannot be replaced.
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
    draft = draft_of(folder)
    try:
        _write(page, data=data, tables=tables, folder=draft)
        if folder.exists():
            _carry_over(folder, draft)
        put_folder(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder / PAGE


def refuse_taken(folder: Path, *, force: bool = False) -> None:
    """Raise OutputExists where an earlier report, or what cannot be replaced as a whole, stands in the way."""
    wrong = irreplaceable(folder)
    if wrong:
        raise OutputExists(folder, wrong, "name a folder of its own, such as one inside it")
    if os.path.lexists(folder) and not folder.is_dir():
        raise OutputExists(folder, "is a file")
    clear_drafts(folder)
    if not folder.exists():
        return
    if folder.resolve() in (here := Path.cwd(), *here.parents):
        raise OutputExists(folder, "is the folder in which you work", "name a folder inside it, such as ./report")
    taken = [name for name in (PAGE, DATA, TABLES) if (folder / name).exists()]
    if taken and not force:
        raise OutputExists(folder, f"already holds {', '.join(taken)}")
    foreign = [path.name for path in _foreign(folder) if path.is_dir() and not path.is_symlink()]
    if foreign:
        raise OutputExists(folder, f"holds other folders ({', '.join(foreign[:3])})", "name a folder of its own")


def _foreign(folder: Path) -> list[Path]:
    """Return what stands in a report's folder and is none of its files: beside the page, and among the tables."""
    beside = [path for path in folder.iterdir() if path.name not in (PAGE, DATA, TABLES)]
    inner = folder / TABLES
    among = list(inner.iterdir()) if inner.is_dir() and not inner.is_symlink() else []
    names = {path.name for path in among}
    lone = {name for name in names for twin in TABLE_FILES if f"{name.rpartition('.')[0]}.{twin}" not in names}
    listed = {f"{name}.{ending}" for name in _listed(folder) for ending in TABLE_FILES}
    return beside + [path for path in among if path.name in lone - listed]


def _listed(folder: Path) -> list[str]:
    """Return the names of the tables that an earlier report says it has."""
    try:
        content = json.loads((folder / DATA).read_bytes())
    except (OSError, ValueError, RecursionError):
        return []
    tables = content.get("tables") if isinstance(content, dict) else None
    return [str(name) for name in tables] if isinstance(tables, dict) else []


def _carry_over(folder: Path, draft: Path) -> None:
    """Let what others put into a report's folder stand in its successor too: as the same files, where that can be."""
    shutil.copymode(folder, draft)
    for path in _foreign(folder):
        target = draft / path.relative_to(folder)
        if os.path.lexists(target):  # a table of the new report has the same name
            continue
        try:
            os.link(path, target, follow_symlinks=False)
        except OSError:
            shutil.copy2(path, target, follow_symlinks=False)


def _write(page: str, *, data: str, tables: Mapping[str, pl.DataFrame], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
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
