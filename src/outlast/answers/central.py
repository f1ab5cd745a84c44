"""The central answers of a scenario: every table of its one solution, before draws are laid around them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from outlast.answers.tabulate import full_tables
from outlast.game import Game
from outlast.solving import Solution

FACTS = "facts.json"


@dataclass(frozen=True)
class Central:
    """Tables of a solution, by name, and what the record of the answers says of it."""

    game: Game
    tables: Mapping[str, pl.DataFrame]
    facts: dict[str, Any]
    seconds: float


def central(solution: Solution) -> Central:
    """Read every table off a solution."""
    return Central(solution.game, full_tables(solution), {"convention": solution.convention}, solution.seconds)


def save_central(found: Central, folder: Path) -> None:
    """Store central answers in a folder, whole or not at all; what stood there before stays if it cannot be done.

    Raises ``OSError`` if nothing can be written.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, table in found.tables.items():
            table.write_parquet(part / f"{name}.parquet")
        facts = found.facts | {"seconds": found.seconds, "tables": list(found.tables)}
        (part / FACTS).write_text(json.dumps(facts), encoding="utf-8")
        if not folder.exists():
            os.rename(part, folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def read_central(game: Game, folder: Path) -> Central | None:
    """Return the central answers of a game that a folder holds, or None where it does not hold them whole."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        seconds, names = facts.pop("seconds"), facts.pop("tables")
        return Central(game, {name: pl.read_parquet(folder / f"{name}.parquet") for name in names}, facts, seconds)
    except (OSError, ValueError, KeyError, pl.exceptions.PolarsError):
        return None
