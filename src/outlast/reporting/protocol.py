"""Say what the report needs of an answers object, without importing the room that makes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl
from polars import selectors


class AnswersLike(Protocol):
    """Tables and words that a report can draw.

    `tables` maps a table's name to its frame, `verdict` holds three sentences, `record` says how the tables were made
    (version, seed, draws, scenario), `parties` maps challenger, defender and patron to display names.
    """

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...

    @property
    def verdict(self) -> Sequence[str]: ...

    @property
    def record(self) -> Mapping[str, Any]: ...

    @property
    def parties(self) -> Mapping[str, str]: ...

    @property
    def labels(self) -> Any: ...


def table(answers: AnswersLike, name: str) -> pl.DataFrame:
    """Return the table called `name`, or a frame without rows when it was not computed; NaN becomes null."""
    found = answers.tables.get(name)
    return pl.DataFrame() if found is None else found.with_columns(selectors.float().fill_nan(None))


def rows(answers: AnswersLike, name: str) -> list[dict[str, Any]]:
    """Return the rows of the table called `name` as dictionaries (none when it was not computed)."""
    return table(answers, name).to_dicts()


def fact(answers: AnswersLike, key: str, *, default: Any = None) -> Any:
    """Look `key` up in the record, also under `scenario_key` and inside a nested `scenario` mapping."""
    record = answers.record
    if key in record:
        return record[key]
    if f"scenario_{key}" in record:
        return record[f"scenario_{key}"]
    nested = record.get("scenario")
    if key == "name" and isinstance(nested, str):
        return nested
    return nested.get(key, default) if isinstance(nested, Mapping) else default


def thresholds(answers: AnswersLike) -> tuple[float, float]:
    """Return the acceptance and the survival from which a package counts as durable (0.5 and 0.8 unless recorded)."""
    zone = fact(answers, "zone", default=None)
    if isinstance(zone, Mapping):
        return float(zone.get("accept", 0.5)), float(zone.get("hold", 0.8))
    return 0.5, 0.8


def package_numbers(answers: AnswersLike) -> dict[str, int]:
    """Give the packages numbers from 1 in the order of the deal map; charts and tables share them."""
    names = [row["package"] for row in rows(answers, "deal_map")]
    names += [row["package"] for row in rows(answers, "durability")]
    return {name: place for place, name in enumerate(dict.fromkeys(names), start=1)}


def account_name(answers: AnswersLike, account: str) -> str:
    """Name an account in words: a party, or one of the challenger's two types."""
    if account in ("settler", "staller"):
        return f"{answers.parties['challenger']}, if a {account}"
    return answers.parties.get(account, account)


def highest(frame: pl.DataFrame, column: str) -> float:
    """Return the largest number of a column (0 when it holds none)."""
    return max(_numbers(frame, column), default=0.0)


def lowest(frame: pl.DataFrame, column: str) -> float:
    """Return the smallest number of a column (0 when it holds none)."""
    return min(_numbers(frame, column), default=0.0)


def _numbers(frame: pl.DataFrame, column: str) -> list[float]:
    return [float(value) for value in frame[column].to_list() if value is not None and value == value]
