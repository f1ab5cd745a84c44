"""A record as evidence on a game: rows by the month in which they speak, readings by the start of month they measure.

A reading counts at the start of the month that lies nearest to its day. Rows of which the game has no move, such as the
defender's coming to talks, are passed over and listed.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from outlast.game import Game
from outlast.game.grid import STOCKS
from outlast.learning.clues import Clues, Setting, clues_of
from outlast.learning.meter import Reading
from outlast.record.faults import RecordError, fault_at, row_place, whole_file
from outlast.record.record import Record
from outlast.scenario.fault import Breach, shown


@dataclass(frozen=True)
class Item:
    """One row that counts: its number from 1, its words, what it says, and the chance that it is right."""

    row: int
    date: datetime.date
    words: str
    says: Clues | Reading
    confidence: float


@dataclass(frozen=True)
class Evidence:
    """Rows by month.

    ``moves[m]`` speak of month m, ``readings[m]`` of the stocks at the start of month m; the latter has one entry more.
    ``passed_over`` has the rows, from 1, of which the game has no move.
    """

    setting: Setting
    moves: tuple[tuple[Item, ...], ...]
    readings: tuple[tuple[Item, ...], ...]
    passed_over: tuple[int, ...]
    start: datetime.date

    @property
    def months(self) -> int:
        """Return how many months the record spans, from month 0."""
        return len(self.moves)

    @property
    def count(self) -> int:
        """Return how many rows count."""
        return sum(len(items) for items in (*self.moves, *self.readings))

    @property
    def weight(self) -> float:
        """Return how many rows count, each by its confidence."""
        return float(sum(item.confidence for items in (*self.moves, *self.readings) for item in items))

    def clues(self, month: int, among: int | None = None) -> Clues:
        """Return what the rows of a month say together; with ``among``, the first so many."""
        found = self.setting.silent()
        for item in self.moves[month][:among]:
            assert isinstance(item.says, Clues)
            found = found.times(item.says)
        return found

    @cached_property
    def told(self) -> tuple[Clues, ...]:
        """Return what the rows of each month say together: the same for every draw that is held against them."""
        return tuple(self.clues(month) for month in range(self.months))

    @cached_property
    def digest(self) -> str:
        """Return a digest of everything that the rows say of a game."""
        digest = hashlib.sha256(f"{self.start} {self.setting.packages} {self.setting.phase.tolist()}".encode())
        for items in (*self.moves, *self.readings):
            digest.update(b"|")
            for item in items:
                digest.update(repr(item.says if isinstance(item.says, Reading) else item.says.plain()).encode())
        return digest.hexdigest()

    def until(self, months: int) -> Evidence:
        """Return what was known after so many months: their rows, and the readings up to their end."""
        return Evidence(self.setting, self.moves[:months], self.readings[: months + 1], self.passed_over, self.start)


def evidence_of(record: Record, game: Game, *, months: int | None = None, skip_earlier: bool = False) -> Evidence:
    """Return a record as evidence on a game.

    Args:
        record: read against the game's scenario, with no row before its month 0.
        game: gives month 0, the packages and the horizon.
        months: how many months the evidence spans; by default up to the last row.
        skip_earlier: leave out rows before month 0 instead of refusing them.

    Raises:
        RecordError: there is no row that counts, a row lies before month 0 or beyond the horizon, or certain rows of
            one month exclude each other.
    """
    start = game.scenario.as_of
    setting = Setting(tuple(game.labels.packages), np.asarray(game.inputs.deals.phase))
    _refuse_useless(record, game, skip_earlier)
    found = [(row, place + 1) for place, row in enumerate(record.by_month(start).iter_rows(named=True))
             if row["month"] >= 0]  # fmt: skip
    moves: dict[int, list[Item]] = {}
    readings: dict[int, list[Item]] = {}
    passed = []
    for row, place in found:
        if row["kind"] == "reading":
            item = Item(place, row["date"], _words(row), Reading.of(row), float(row["confidence"]))
            readings.setdefault(_nearest_month(row["date"], row["month"], start), []).append(item)
            continue
        says = clues_of(row, setting)
        if says is None:
            passed.append(place)
        else:
            item = Item(place, row["date"], _words(row), says, float(row["confidence"]))
            moves.setdefault(row["month"], []).append(item)
    if not moves and not readings:
        raise whole_file(record.label, Breach(
            f"{len(found)} rows, from month 0 on, none of which the game has a move for",
            "at least one row of the challenger's coming, of a package, an answer, a posture, an attack or a reading",
            "nothing else can tell one war from another", "add the rows that matter"))  # fmt: skip
    last = max([*(month + 1 for month in moves), *readings])
    span = max(last, months or 0)
    out = Evidence(setting, tuple(tuple(moves.get(m, ())) for m in range(span)),
                   tuple(tuple(readings.get(m, ())) for m in range(span + 1)), tuple(passed), start)  # fmt: skip
    _refuse_contradictions(record, out)
    return out


def _words(row: dict[str, Any]) -> str:
    if row["kind"] == "reading":
        return f"{row['content']} read at {row['value']:g}"
    return f"{row['actor']}: {row['kind'].replace('_', ' ')}" + (f" {row['content']}" if row["content"] else "")


def _nearest_month(day: datetime.date, month: int, start: datetime.date) -> int:
    """Return the month whose first day lies nearest to a day of month ``month``."""
    first, after = month_begins(start, month), month_begins(start, month + 1)
    return month + int((day - first) * 2 > (after - first))


def month_begins(start: datetime.date, month: int) -> datetime.date:
    """Return the first day of a month counted from ``start``."""
    years, months = divmod(start.month - 1 + month, 12)
    year = start.year + years
    following = datetime.date(year + months // 11, (months + 1) % 12 + 1, 1)
    last = (following - datetime.timedelta(days=1)).day
    return datetime.date(year, months + 1, min(start.day, last))


def _refuse_useless(record: Record, game: Game, skip_earlier: bool) -> None:
    """Raise for an empty record and for rows that lie outside the calendar of the game."""
    start, horizon = game.scenario.as_of, game.shape.months
    if not record.table.height:
        raise whole_file(record.label, Breach("no rows", "at least one row of what happened",
                         "without one there is nothing to learn from", "add rows, in order of date"))  # fmt: skip
    faults = []
    for place, row in enumerate(record.by_month(start).iter_rows(named=True)):
        if 0 <= row["month"] < horizon or (skip_earlier and row["month"] < 0):
            continue
        early = row["month"] < 0
        rule = f"from {start}, month 0 of {game.scenario.name}" if early else f"within its {horizon} months"
        why = "a game gives no chance to what lies outside its calendar"
        mend = "remove the row, or use a scenario that starts earlier" if early else "use a scenario with more months"
        breach = Breach(shown(str(row["date"])), rule, why, mend)
        faults.append(fault_at(row_place(record.label, "date", row=place + 1), breach))
    if faults:
        raise RecordError(faults)


def _refuse_contradictions(record: Record, evidence: Evidence) -> None:
    """Raise where certain rows of one month leave no way in which it can have gone."""
    faults = []
    for month, items in enumerate(evidence.moves):
        if items and evidence.clues(month).impossible:
            told = "; ".join(f"row {item.row} ({item.words})" for item in items)
            breach = Breach(told, "in a month of the game at most one package is tabled and one posture chosen",
                            "rows that are all certain and cannot all be true leave no war that fits",
                            "lower the confidence of a row that may be wrong, or date the rows apart")  # fmt: skip
            faults.append(fault_at(row_place(record.label, "confidence", row=items[0].row), breach))
    if faults:
        raise RecordError(faults)


def reading_weights(items: tuple[Item, ...], levels: dict[str, np.ndarray]) -> np.ndarray:
    """Return what readings say of every cell: the product of their densities."""
    out = np.ones(1)
    by_stock = {stock: np.ones(len(levels[stock])) for stock in STOCKS}
    for item in items:
        assert isinstance(item.says, Reading)
        by_stock[item.says.stock] = by_stock[item.says.stock] * item.says.weights(levels[item.says.stock])
    for stock in STOCKS:
        out = np.outer(out, by_stock[stock]).ravel()
    return out


def evidence_from(
    acts: Sequence[tuple[int, str, str, int | str | None]],
    readings: Sequence[tuple[int, Reading]],
    setting: Setting,
    start: datetime.date,
    *,
    months: int,
    confidence: float = 1.0,
) -> Evidence:
    """Return what was done and read, by month, as evidence: a simulated record without its file."""
    moves: list[list[Item]] = [[] for _ in range(months)]
    stocks: list[list[Item]] = [[] for _ in range(months + 1)]
    for number, (month, actor, kind, content) in enumerate(acts, 1):
        named = setting.packages[content] if isinstance(content, int) else content
        row = {"actor": actor, "kind": kind, "content": named, "confidence": confidence}
        says = clues_of(row, setting)
        if says is not None:
            moves[month].append(Item(number, month_begins(start, month), _words(row), says, confidence))
    for month, reading in readings:
        words = f"{reading.stock} read at {reading.value:g}"
        stocks[month].append(Item(0, month_begins(start, month), words, reading, reading.confidence))
    return Evidence(setting, tuple(map(tuple, moves)), tuple(map(tuple, stocks)), (), start)
