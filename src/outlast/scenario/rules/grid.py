"""The grid: levels ascend, reach the ends that end the war, and hold the start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import prod

from outlast.scenario.belief import DEFAULT_LEVELS
from outlast.scenario.draft import Draft, plain_value
from outlast.scenario.fault import Fault
from outlast.scenario.keys import key_at
from outlast.scenario.locate import Location
from outlast.scenario.stocks import STOCKS

FIRST = {
    "endurance": (0.0, "endurance 0 is the defender's defeat"),
    "patience": (0.0, "patience 0 means that the patron has left for good"),
}
LAST = {
    "territory": (1.0, "at 1 the challenger holds the whole prize and dictates"),
    "endurance": (1.0, "endurance is counted as a share of full endurance"),
    "patience": (1.0, "patience is counted as a share of full patience"),
}
ABSORBING = {"territory": (1.0, "the challenger dictates"), "endurance": (0.0, "the defender is defeated")}
MOST_CELLS = 50_000
CLOSE = 1e-9


def grid_faults(draft: Draft) -> Iterator[Fault]:
    """Yield the faults of the four stocks, of the belief levels and of the size of the grid."""
    counts: list[int] = []
    for stock in STOCKS:
        written = draft.table("stocks", stock, "levels")
        values = [plain_value(value) if not isinstance(value, dict) else None for value in written.values()]
        levels = [value for value in values if value is not None]
        if len(levels) < 2 or len(levels) < len(values):
            continue
        counts.append(len(levels))
        yield from _levels(draft, stock, levels)
        yield from _start(draft, stock, dict(zip(written, levels, strict=True)))
    yield from _breakthrough(draft)
    yield from _belief(draft)
    if len(counts) == len(STOCKS):
        yield from _size(draft, counts)


def _levels(draft: Draft, stock: str, levels: list[float]) -> Iterator[Fault]:
    location = ("stocks", stock, "levels")
    key = key_at(f"stocks.{stock}.start")
    for name, value in zip(draft.table(*location), levels, strict=True):
        if key and key.scale and not key.scale.admits(value):
            yield draft.fault(
                (*location, name),
                f"{value:g}",
                rule=f"a level of {stock} is {key.scale.rule}",
                reason=key.scale.unit.reason,
                remedy="keep to the bounds",
            )
    yield from _ascending(draft, location, levels)
    for ends, found, which in ((FIRST, min(levels), "lowest"), (LAST, max(levels), "highest")):
        if stock in ends and abs(found - ends[stock][0]) > CLOSE:
            wanted, reason = ends[stock]
            yield draft.fault(
                location,
                f"{which} level {found:g}",
                rule=f"the {which} level of {stock} is {wanted:g}",
                reason=reason,
                remedy=f"add a level of {wanted:g}",
                suggestion=f"{wanted:.1f}",
            )


def _ascending(draft: Draft, location: Location, levels: list[float]) -> Iterator[Fault]:
    for before, after in pairwise(levels):
        if after <= before:
            yield draft.fault(
                location,
                f"{after:g} after {before:g}",
                rule="levels ascend and no two are equal",
                reason="a stock moves one level up or down, so the order of the levels is its geography",
                remedy="put the levels in ascending order, each once",
                suggestion=", ".join(f"{level:g}" for level in sorted(set(levels))),
            )
            return


def _start(draft: Draft, stock: str, levels: dict[str, float]) -> Iterator[Fault]:
    location = ("stocks", stock, "start")
    start = draft.number(*location)
    if start is None:
        return
    name, near = min(levels.items(), key=lambda level: abs(level[1] - start))
    if abs(near - start) > CLOSE:
        yield draft.fault(
            location,
            f"{start:g}",
            rule=f"the start of {stock} is one of its levels: {', '.join(f'{level:g}' for level in levels.values())}",
            reason="the war begins in a cell of the grid; only the ends of a range may lie between levels",
            remedy="start at a level, or add a level there",
            suggestion=f"{near:g} ({name})",
        )
    if stock in ABSORBING and abs(start - ABSORBING[stock][0]) <= CLOSE:
        inside = [level for level in levels.values() if abs(level - start) > CLOSE]
        yield draft.fault(
            location,
            f"{start:g}",
            rule=f"{stock} does not start at {start:g}",
            reason=f"there {ABSORBING[stock][1]}: the war would be over before it begins",
            remedy="start at another level",
            suggestion=f"{min(inside, key=lambda level: abs(level - start)):g}" if inside else None,
        )
    for end in ("low", "high"):
        value = plain_value(draft.table(*location).get(end))
        if value is not None and not min(levels.values()) - CLOSE <= value <= max(levels.values()) + CLOSE:
            yield draft.fault(
                (*location, end),
                f"{value:g}",
                rule=f"the range of the start lies within the levels, {min(levels.values()):g} to "
                f"{max(levels.values()):g}",
                reason="a draw beyond the last level has no cell on the grid",
                remedy="narrow the range or add a level",
            )


def _breakthrough(draft: Draft) -> Iterator[Fault]:
    location = ("stocks", "territory")
    written = draft.table(*location)
    if "breakthrough" in written and "spread" not in written:
        yield draft.fault(
            (*location, "breakthrough"),
            "`breakthrough` without `spread`",
            rule="breakthroughs come with a spread",
            reason="without one the stock moves from mark to mark, and a jump between marks has nowhere to go",
            remedy="add `spread` to [stocks.territory]; 0.0 if the front has no other movement of its own",
            suggestion="spread = 0.001",
        )


def _belief(draft: Draft) -> Iterator[Fault]:
    location = ("belief", "levels")
    written = draft.at(location)
    if not isinstance(written, list):
        return
    levels = [value for value in map(plain_value, written) if value is not None]
    if len(levels) < max(2, len(written)):
        return
    if levels[0] != 0 or levels[-1] != 1:
        yield draft.fault(
            location,
            f"from {levels[0]:g} to {levels[-1]:g}",
            rule="belief levels go from 0 to 1",
            reason="belief can become certain either way, and nothing lies beyond certainty",
            remedy="begin with 0.0 and end with 1.0",
            suggestion=str(list(DEFAULT_LEVELS)),
        )
    yield from _ascending(draft, location, levels)


def _size(draft: Draft, counts: list[int]) -> Iterator[Fault]:
    written = draft.at(("belief", "levels"))
    beliefs = len(written) if isinstance(written, list) else len(DEFAULT_LEVELS)
    cells = prod(counts) * beliefs
    if cells > MOST_CELLS:
        yield draft.fault(
            ("stocks",),
            f"{' x '.join(map(str, counts))} levels and {beliefs} beliefs = {cells:,} cells",
            rule=f"at most {MOST_CELLS:,} cells",
            reason="time and memory grow with the product, once for the war and once more for each package",
            remedy='use fewer levels; resolution = "fine" checks whether more would change the answers',
        )
