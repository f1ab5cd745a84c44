"""Solve a game: values, choices and a certificate that says whether to trust them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from outlast.game import Game
from outlast.solving.backward import Again, Calendar, sweep
from outlast.solving.choice import Choice
from outlast.solving.workspace import Proof

TAIL = 120
"""Months for which a settled war is solved beyond the month in which it settles."""
WINDOW = 61
"""Months whose values and choices are kept: five years and the month after."""
LATE = 0.8
"""Place in the calendar, after the window, of a month that is kept for checks; the last month is kept as well."""
BAYES_LIMIT = 1e-4
RESIDUAL_LIMIT = 1e-5
CONVENTIONS = ("expectation", "logsumexp")
"""Value of a decision to its mover."""


@dataclass(frozen=True)
class Solution:
    """The calendar solution of a game."""

    game: Game
    calendar: Calendar
    """Kept values and log odds (leading axis month) and evidence."""
    convention: str
    seconds: float

    def __repr__(self) -> str:
        """Return one line: arrays say nothing at a glance."""
        verdict = "trusted" if self.trusted else "not to be trusted"
        return f"Solution of {self.game!r}: {verdict} (Bayes error {self.bayes:.0e}, residual {self.residual:.0e})"

    @property
    def bayes(self) -> float:
        """Largest distance of a belief read from Bayes' rule on the chances played."""
        return float(self.calendar.evidence.bayes)

    @property
    def residual(self) -> float:
        """Most that this distance can move a value, in normalised value."""
        return float(self.calendar.evidence.residual)

    @property
    def trusted(self) -> bool:
        """Whether both stay within their limits."""
        return self.bayes <= BAYES_LIMIT and self.residual <= RESIDUAL_LIMIT

    @property
    def values(self) -> dict[str, np.ndarray]:
        """Start-of-month values by station, ``(months, accounts, [phases], beliefs, cells)``."""
        return self.calendar.kept.values

    @cached_property
    def again(self) -> Again:
        """What solves a kept month again, with all its stations and choices."""
        shape = self.game.shape
        return Again(
            self.calendar,
            months=shape.months if shape.settled is None else None,
            inclusive=self.convention == "logsumexp",
        )

    @property
    def checkable(self) -> list[int]:
        """Return the months that can be solved again and compared, ascending: a month and the one after it are kept."""
        late = sorted(self.calendar.late)
        ended = self.game.shape.months - 1
        return [*range(self.again.last + 1), *(month for month in late if month + 1 in late or month == ended)]

    def choices(self) -> dict[str, Choice]:
        """Return every choice of the kept months, leading axis month; it takes ten times the memory of the values."""
        months = [self.again(month).copied().choices for month in range(self.again.last + 1)]
        return {name: _stacked([choices[name] for choices in months]) for name in months[0]}


def _stacked(months: list[Choice]) -> Choice:
    """Return choices of several months as one, leading axis month."""

    def stacked(field: str) -> Any:
        blocks = [getattr(choice, field) for choice in months]
        return blocks[0] and [np.stack(block) for block in zip(*blocks, strict=True)]

    return Choice(*(stacked(field) for field in Choice._fields))


def solve(game: Game, *, window: int = WINDOW, convention: str = "expectation", threads: int = 2) -> Solution:
    """Solve a game by backward induction over its calendar, or from a war that goes on where the calendar settles.

    Args:
        game: what ``compile`` returned.
        window: months to keep, at most the horizon; answers look no further.
        convention: value of a decision to its mover: ``expectation`` (McKelvey & Palfrey 1998) or ``logsumexp`` (Rust
            1987).
        threads: how many may work at one large decision.

    Returns:
        The solution, whose certificate says whether to trust it.
    """
    if convention not in CONVENTIONS:
        raise ValueError(f"convention {convention!r} is unknown: it is one of {', '.join(CONVENTIONS)}")
    begun = time.perf_counter()
    how: Any = {"inclusive": convention == "logsumexp", "threads": threads}
    months, settled = game.shape.months, game.shape.settled
    window = min(window, months)
    # The chosen lattice serves five years, however few of them are kept: where a calendar ends must not matter.
    near = max(window, WINDOW if settled is not None else min(WINDOW, months))
    later, ahead = _beyond(game, near, how)
    end = months if later is None else near
    late = late_months(end, window) if later is None else ()
    calendar = sweep(game.rules, game.inputs, months=end, window=window, later=later, late=late, **how)
    calendar = calendar._replace(evidence=calendar.evidence.worst(ahead))
    return Solution(game, calendar, convention, time.perf_counter() - begun)


def _beyond(game: Game, month: int, how: Any) -> tuple[dict[str, np.ndarray] | None, Proof]:
    """Return the values of the stations of ``month``, of a war that goes on from there, and how well they are solved.

    Months that answers do not look at are solved on the wider lattice, and those of the settled war on a wider one
    still: they matter by what is left of them after the discount. None where the war ends with its calendar.
    """
    settled, far = game.shape.settled, game.far or game
    if settled is None and (game.far is None or month >= game.shape.months):
        return None, Proof()
    tail = far.far or far
    end = game.shape.months if settled is None else max(settled, month)
    later, proof = None, Proof()
    if settled is not None:
        beyond = sweep(tail.rules, tail.inputs, months=end + TAIL, first=end, window=1, **how)
        later, proof = _read(beyond, tail, far if end > month else game), beyond.evidence
    if end > month:
        ahead = sweep(far.rules, far.inputs, months=end, first=month, window=1, later=later, **how)
        later, proof = _read(ahead, far, game), proof.worst(ahead.evidence)
    return later, proof


def _read(calendar: Calendar, given: Game, wanted: Game) -> dict[str, np.ndarray]:
    """Return the values of a calendar's first month on the lattice of another game."""
    values = {name: value[0] for name, value in calendar.kept.values.items()}
    return values if given is wanted else wanted.rules.regridded(values, wanted.inputs, given.inputs)


def late_months(months: int, window: int) -> frozenset[int]:
    """Return months after the window that are kept: one, the next, whose values it needs, and the last."""
    one = int(LATE * months)
    return frozenset({one, one + 1, months - 1} & set(range(window, months)))
