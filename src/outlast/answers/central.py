"""The central answers of a scenario: every table of its one solution, before draws are laid around them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from outlast.answers.tabulate import full_tables
from outlast.files.sealed import Damaged, bundle_bytes, number, read_bundle, sealed, typed
from outlast.files.whole import write_whole
from outlast.game import Game
from outlast.solving import Solution


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


def save_central(found: Central, path: Path) -> None:
    """Store central answers in a file, whole or not at all; what stood there before stays if it cannot be done.

    Raises ``OSError`` if nothing can be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    content = bundle_bytes(found.tables, {"facts": found.facts, "seconds": found.seconds})
    write_whole(path, sealed(content, path.name))


def read_central(game: Game, path: Path) -> Central | None:
    """Return the central answers of a game that a file holds, or None where there is none, or it is damaged."""
    if not path.exists():
        return None
    try:
        tables, record = read_bundle(path, path.name)
        typed(record, {"facts": lambda value: isinstance(value, dict), "seconds": number}, path)
    except Damaged as damaged:
        logging.getLogger(__name__).warning("%s; what it held is solved again", damaged)
        return None
    return Central(game, tables, record["facts"], record["seconds"])
