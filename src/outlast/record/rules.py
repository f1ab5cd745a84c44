"""The rules that reach across the cells of a record: who may do what, about what, when, and only once."""

from __future__ import annotations

import datetime
from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from outlast.record.columns import EMPTY
from outlast.record.faults import fault_at, row_place
from outlast.record.form import AXES, HOLDER, KINDS, OF_A_PACKAGE, ONLY_BY, POSTURES, ROLES
from outlast.record.opening import Cells
from outlast.scenario.fault import Breach, Fault, nearest, shown

if TYPE_CHECKING:
    from outlast.scenario import Scenario

Row = dict[str, Any]
Found = tuple[str, Breach]
OPPOSED = {"attend": "stay_away", "accept": "refuse", "honour": "renege"}


def broken_rules(
    table: pl.DataFrame,
    cells: Cells,
    *,
    unread: Container[tuple[int, str]],
    scenario: Scenario | None,
    from_start: bool,
) -> list[Fault]:
    """Return every rule that a typed record breaks, in order of its rows.

    ``unread`` has the cells (row from 0, column) that hold nothing to go by; a rule that needs one of them is passed
    over in that row.
    """
    names = role_names(scenario)
    found: list[Fault] = []
    earlier: datetime.date | None = None
    seen: dict[tuple[Any, ...], int] = {}
    for place, row in enumerate(table.iter_rows(named=True)):
        role = names.get(str(row["actor"]).casefold())
        rules: list[tuple[str, Iterable[Found]]] = [
            ("actor", _actor(row, role, scenario)),
            ("actor kind content", _owner(row, role)),
            ("kind content", _content(row, scenario)),
            ("kind content value low high", _reading(row, scenario)),
            ("date", _order(row, earlier)),
            ("date", _start(row, scenario if from_start else None)),
            ("date actor kind content source", _once(row, role, seen, place)),
        ]
        for needed, breaches in rules:
            if not any((place, column) in unread for column in needed.split()):
                for column, breach in breaches:
                    where = row_place(cells.label, column, row=place + 1, line=cells.line(place))
                    found.append(fault_at(where, breach))
        if (place, "date") not in unread:
            earlier = max(earlier, row["date"]) if earlier else row["date"]
    return found


def role_names(scenario: Scenario | None) -> dict[str, str]:
    """Return the role behind each name that an actor may have, in small letters: roles, and a scenario's parties."""
    names: dict[str, str] = {role: role for role in ROLES}
    if scenario is not None:
        names |= {str(getattr(scenario.parties, role)).casefold(): role for role in ROLES}
    return names


def with_roles(table: pl.DataFrame, scenario: Scenario | None) -> pl.DataFrame:
    """Return a checked table with the role in place of each actor's name."""
    names = role_names(scenario)
    actors = [names[str(actor).casefold()] for actor in table["actor"]]
    return table.with_columns(actor=pl.Series(actors, dtype=pl.String))


def _actor(row: Row, role: str | None, scenario: Scenario | None) -> Iterator[Found]:
    if role is None:
        known = list(ROLES)
        if scenario is not None:
            known += [getattr(scenario.parties, each) for each in ROLES]
        yield (
            "actor",
            Breach(
                shown(row["actor"]),
                f"one of {', '.join(known)}",
                "whose move it was decides what it tells",
                "use a role" if scenario is not None else "use a role, or name the scenario whose parties these are",
                nearest(str(row["actor"]), known),
            ),
        )


def _owner(row: Row, role: str | None) -> Iterator[Found]:
    kind = row["kind"]
    only = HOLDER.get(str(row["content"])) if kind == "reading" else ONLY_BY.get(kind)
    if role is not None and only is not None and role != only:
        what = f"a reading of {row['content']}" if kind == "reading" else kind
        yield (
            "actor",
            Breach(
                shown(row["actor"]),
                f"{what} belongs to the {only}",
                f"{row['content']} is the {only}'s stock" if kind == "reading" else KINDS[kind],
                "change the actor or the kind",
                only,
            ),
        )


def _content(row: Row, scenario: Scenario | None) -> Iterator[Found]:
    kind, content = row["kind"], row["content"]
    if kind == "posture":
        yield from _one_of(content, POSTURES, "a posture", "the patron has three postures")
    elif kind == "reading":
        yield from _one_of(content, tuple(HOLDER), "a stock", "a reading measures one of the four stocks")
    elif kind in OF_A_PACKAGE and content is None and kind in ("table", "accept", "refuse"):
        yield (
            "content",
            Breach(EMPTY, f"a row of kind {kind} names the package", KINDS[kind], "write the name of the package"),
        )
    elif kind in OF_A_PACKAGE and content is not None and scenario is not None:
        packages = [package.name for package in scenario.packages]
        yield from _one_of(content, tuple(packages), "a package of the scenario", "only its packages can be answered")


def _one_of(content: str | None, known: tuple[str, ...], what: str, reason: str) -> Iterator[Found]:
    if content not in known:
        found = EMPTY if content is None else shown(content)
        near = nearest(content, known) if content else None
        yield "content", Breach(found, f"{what}: {', '.join(known)}", reason, "use one of these names", near)


def _reading(row: Row, scenario: Scenario | None) -> Iterator[Found]:
    value, low, high = row["value"], row["low"], row["high"]
    if row["kind"] != "reading":
        for column in ("value", "low", "high"):
            if row[column] is not None:
                yield column, Breach(
                    f"{row[column]:g}", f"empty in a row of kind {row['kind']}", "only a reading has a number",
                    "empty the cell, or make the row a reading",
                )  # fmt: skip
        return
    if value is None:
        yield "value", Breach(EMPTY, "a reading has a value", "it measures a stock", "write the value")
    if (low is None) != (high is None):
        empty = "low" if low is None else "high"
        yield empty, Breach(EMPTY, "an interval has both ends", "half an interval says nothing of the other",
                            "write both ends, or neither")  # fmt: skip
    elif low is not None and value is not None and not low <= value <= high:
        yield "value", Breach(f"{value:g} with interval {low:g} to {high:g}", "low <= value <= high",
                              "the interval says where the value may lie", "swap or correct the three")  # fmt: skip
    bottom, top = axis(str(row["content"]), scenario)
    for column in ("value", "low", "high"):
        number = row[column]
        if number is not None and not bottom <= number <= top:
            yield column, Breach(
                f"{number:g}", f"{row['content']} lies from {bottom:g} to {top:g}",
                "the stock has no level there", "check the unit: shares are written 0.20, not 20",
                f"{number / 100:g}" if bottom <= number / 100 <= top and number > 1 else None,
            )  # fmt: skip


def axis(stock: str, scenario: Scenario | None) -> tuple[float, float]:
    """Return the lowest and the highest value of a stock: of a scenario's levels, or the widest that any may have."""
    if scenario is not None and stock in HOLDER:
        levels = scenario.stocks.all()[stock].levels.values()
        return min(levels), max(levels)
    return AXES.get(stock, (float("-inf"), float("inf")))


def _order(row: Row, earlier: datetime.date | None) -> Iterator[Found]:
    if earlier is not None and row["date"] < earlier:
        yield (
            "date",
            Breach(
                f"{row['date']} after {earlier}",
                "rows stand in order of date",
                "a forecast may use only what stands above it",
                "sort the rows by date",
            ),
        )


def _once(row: Row, role: str | None, seen: dict[tuple[Any, ...], int], place: int) -> Iterator[Found]:
    reading = row["kind"] == "reading"
    key = (row["date"], role, row["kind"], row["content"], row["source"] if reading else None)
    if key in seen:
        same = "date, stock and source" if reading else "date, actor, kind and content"
        yield (
            "kind",
            Breach(
                f"the same {same} as row {seen[key] + 1}",
                "every row is one thing that happened, told once",
                "told twice, it would count twice",
                "remove one of the two, or date them apart",
            ),
        )
        return
    seen[key] = place
    for one, other in (*OPPOSED.items(), *((b, a) for a, b in OPPOSED.items())):
        against = (row["date"], role, other, row["content"], None)
        if row["kind"] == one and against in seen:
            yield (
                "kind",
                Breach(
                    f"{one}, and {other} in row {seen[against] + 1}",
                    "a party does one or the other on a day",
                    "both cannot be true",
                    "remove one of the two, or date them apart",
                ),
            )


def _start(row: Row, scenario: Scenario | None) -> Iterator[Found]:
    if scenario is not None and row["date"] < scenario.as_of:
        yield (
            "date",
            Breach(
                str(row["date"]),
                f"on or after {scenario.as_of}, month 0 of {scenario.name}",
                "a game that starts there gives no chance to what happened before",
                "remove the row, or give the scenario an earlier start",
            ),
        )
