"""Say how much memory and time a scenario will take before anything is solved, and refuse what the machine cannot hold.

What grows with the game is arrays of double precision over its states (cells times beliefs), so their numbers are
counted: the values and the log odds of every month kept, the arrays that the months of a sweep lend one another, the
layers of a block of months, and the distributions that answers are read off. The counts below were fitted to the sizes
of the arrays of `starter` and `geneva` with 2 to 14 packages, which they meet within a tenth: `starter` over 61 months
on its standard grid adds 207 MB when it is solved and 549 MB when it is answered, and 533 are foreseen. Times are those
of ``benchmarks/solves.py``. An engine that keeps other arrays needs other counts, and nothing else here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from outlast.scenario.fault import Fault, Place, ScenarioError
from outlast.scenario.stocks import STOCKS

if TYPE_CHECKING:
    from outlast.scenario.scenario import Scenario

NUMBER = 8
"""Bytes of a number."""
WINDOW = 61
"""Months whose values are kept, at most the horizon."""
ACCOUNTS = 4
TYPED = (4, 3, 2)
"""Actions at typed decisions: always, for each package, and for each peace phase."""
LENT = (110, 70, 8)
"""Numbers a state that the months of a sweep lend one another, in the same order; once to solve, once to read."""
LAYERS = (190, 8, 8)
"""Numbers a cell of the layers of one month, in the same order."""
BLOCK = 24
"""Months of layers that are in memory at once: twelve as they are made, and the twelve that are kept."""
RUNS = 8
"""Distributions of the war that answers are read off, each over the war and every peace phase."""
PROGRAM = 0.9e9
"""Bytes of the program itself, with what it compiles."""
MICROSECONDS = 0.4
"""Time a month, a state, and a package or peace phase, on one core of the machine that wrote the results."""
SHARE = 0.8
"""Share of the machine's memory that a solve may take."""
FEW = 5
"""Levels up to which the coarse grid leaves an axis whole."""
RESOLUTIONS = ("fine", "standard", "coarse")
Laid = Callable[["Scenario", str], list[int]]
"""Gives how many levels the game lays for each stock at a resolution: words alone know the marks only."""


@dataclass(frozen=True)
class Extent:
    """What one solve of a scenario is estimated to take, with its answers.

    Attributes:
        resolution: of the grid.
        states: cells times beliefs.
        memory: in bytes, the program included.
        seconds: on one core, without compiling.
    """

    resolution: str
    states: int
    memory: float
    seconds: float

    def __str__(self) -> str:
        return f"about {size_in_words(self.memory)} and {time_in_words(self.seconds)}"


def extent(
    scenario: Scenario, resolution: str | None = None, *, months: int | None = None, laid: Laid | None = None
) -> Extent:
    """Estimate what solving a scenario takes.

    Args:
        scenario: what ``read`` returned.
        resolution: ``coarse``, ``standard`` or ``fine``; the scenario's own when None.
        months: the horizon; the scenario's own when None.
        laid: ``outlast.game.resolution.laid_sizes``; needed where a stock has a spread. Months beyond the window are
            then solved on wider lattices, and are not counted.

    Raises:
        ValueError: a stock has a spread, and nothing says how many levels it gets.
    """
    resolution = resolution or scenario.scenario.resolution
    months = months or scenario.scenario.months
    sizes, beliefs = _levels(scenario, resolution, laid)
    states = prod(sizes) * beliefs
    counts = (1, len(scenario.packages), _phases(scenario))
    memory = PROGRAM + NUMBER * states * numbers(counts, beliefs=beliefs, window=min(WINDOW, months))
    solved = months
    if has_spread(scenario):
        solved = WINDOW if scenario.scenario.settled is not None else min(WINDOW, months)
    return Extent(resolution, states, memory, 1e-6 * MICROSECONDS * solved * states * sum(counts[1:]))


def has_spread(scenario: Scenario) -> bool:
    """Whether the program lays the lattice of any stock."""
    return any(stock.spread is not None for stock in scenario.stocks.all().values())


def numbers(counts: tuple[int, int, int], *, beliefs: int, window: int) -> float:
    """Return how many numbers there are for each state; ``counts`` is 1, the packages and the peace phases."""
    of = lambda each: sum(a * b for a, b in zip(each, counts, strict=True))  # noqa: E731
    stretches = 1 + counts[2]
    kept = window * (ACCOUNTS * stretches + of(TYPED) * max(beliefs - 2, 0) / beliefs)
    # A package of a phase of its own is followed beside the others; twice, as both types and as record and copy.
    followed = window * stretches * (RUNS + 4 * -(-counts[1] // counts[2]))
    return kept + 2 * of(LENT) + BLOCK * of(LAYERS) / beliefs + followed


def refuse_too_large(
    scenario: Scenario, resolution: str | None = None, *, memory: float | None = None, laid: Laid | None = None
) -> Extent:
    """Return what a scenario takes, or raise ``ScenarioError`` where that is more than the machine may give.

    ``memory`` is the machine's, in bytes; as the system tells it unless given, and without limit where it does not.
    ``laid`` as in ``extent``.
    """
    found = extent(scenario, resolution, laid=laid)
    whole = machine_memory() if memory is None else memory
    if whole is None or found.memory <= SHARE * whole:
        return found
    raise ScenarioError([_fault(scenario, found, whole, laid)])


def machine_memory() -> float | None:
    """Return the bytes of memory that this process can have, or None where the system does not say."""
    known = []
    with suppress(AttributeError, OSError, ValueError):
        known.append(float(os.sysconf("SC_PHYS_PAGES")) * float(os.sysconf("SC_PAGE_SIZE")))
    with suppress(OSError, ValueError):  # no such limit, or "max"
        known.append(float(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return min((each for each in known if each > 0), default=None)


def _fault(scenario: Scenario, found: Extent, whole: float, laid: Laid | None) -> Fault:
    """Say what would fit instead: the finest other resolution that does, or so many states."""
    others = [extent(scenario, name, laid=laid) for name in RESOLUTIONS[RESOLUTIONS.index(found.resolution) + 1 :]]
    fits = next((each for each in others if each.memory <= SHARE * whole), None)
    room = int((SHARE * whole - PROGRAM) / (found.memory - PROGRAM) * found.states)
    fewer = f"keep to {max(room, 0):,} states at {found.resolution} resolution: fewer levels, or fewer packages"
    return Fault(
        Place(path="stocks"),
        found=f"{found.states:,} states at {found.resolution} resolution, {len(scenario.packages)} packages and "
        f"{scenario.scenario.months} months: {found}",
        rule=f"a solve takes at most {SHARE:.0%} of the memory of the machine, which has {size_in_words(whole)}",
        reason="beyond it the system stops the program, or everything else, without a word",
        remedy=f'use resolution = "{fits.resolution}", which takes {fits}' if fits else fewer,
        suggestion=fewer if fits else None,
    )


def _levels(scenario: Scenario, resolution: str, laid: Laid | None) -> tuple[list[int], int]:
    """Return how many levels each stock and the belief have at a resolution, as ``outlast.game.resolution`` has it."""
    stocks = [getattr(scenario.stocks, stock) for stock in STOCKS]
    if not has_spread(scenario):
        sizes = [_count(list(stock.levels.values()), stock.start.value, resolution) for stock in stocks]
    elif laid is None:
        raise ValueError("a stock has a spread, so the game lays its levels: say how many with `laid`")
    else:
        sizes = laid(scenario, resolution)
    return sizes, _count(scenario.belief.levels, scenario.belief.staller.value, resolution)


def _count(levels: Sequence[float], start: float, resolution: str) -> int:
    count = len(levels)
    if resolution == "fine":
        return 2 * count - 1
    if resolution == "standard" or count <= FEW:
        return count
    middle = min(range(count), key=lambda place: abs(levels[place] - start))
    return len({0, middle, count - 1} | set(range(middle % 2, count, 2)))


def _phases(scenario: Scenario) -> int:
    """Return how many packages differ in more than their line."""
    terms = {(p.guarantee, p.alliances, p.demilitarised, p.sanctions_relief) for p in scenario.packages}
    return max(1, len(terms))


def size_in_words(size: float) -> str:
    """Write bytes as megabytes, gigabytes or terabytes."""
    for unit, scale in (("TB", 1e12), ("GB", 1e9)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size / 1e6:.0f} MB"


def time_in_words(seconds: float) -> str:
    """Write seconds, minutes, hours or days."""
    for unit, scale in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * scale:
            return f"{seconds / scale:.0f} {unit}"
    return f"{max(seconds, 1):.0f} second{'s' if seconds >= 1.5 else ''}"
