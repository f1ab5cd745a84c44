"""The certificate, worked out again: how wrong a calendar solution is, month by month and station by station."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import Board, board_of
from outlast.verify.kernels import Kernels, kernels_in, row_leak
from outlast.verify.month import Month, recognised, work_out
from outlast.verify.node import Finding, worst
from outlast.verify.numbers import Numbers, numbers_in
from outlast.verify.payments import last_values
from outlast.verify.sampling import Effort, Sample, checks_of, sample

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

BAYES_LIMIT = 1e-4
RESIDUAL_LIMIT = 1e-5
LEAK_LIMIT = 1e-6
REGRET_LIMIT = 1e-5


class Quantity(NamedTuple):
    """One line of the certificate: the largest of a field of ``Finding``, its limit, and what it is."""

    limit: float
    label: str
    meaning: str


QUANTITIES = {
    "residual": Quantity(
        RESIDUAL_LIMIT,
        "Equilibrium residual",
        "distance of stored choices and values from recomputed ones, share of the prize",
    ),
    "regret": Quantity(
        REGRET_LIMIT, "Regret", "most that a mover could gain by another choice beyond what its noise explains"
    ),
    "bayes": Quantity(BAYES_LIMIT, "Bayes error", "distance of a stored belief from Bayes' rule on the choices played"),
    "leak": Quantity(LEAK_LIMIT, "Probability leak", "distance of chances from a distribution"),
}
"""What is measured, by the field of ``Finding`` that holds it."""
LIMITS = {name: quantity.limit for name, quantity in QUANTITIES.items()}
"""Largest error with which a solution is trusted, by quantity."""
USUAL = Effort()


@dataclass(frozen=True, kw_only=True)
class Record(Finding):
    """What one station of one month shows; a quantity that does not apply there is 0.

    At a decision: what ``Finding`` says. At ``war`` and ``peace``: ``residual`` is the distance of the stored value
    from the recomputed one. At ``battle``, ``truce``, ``event``, ``jumps`` and ``recognition``: ``leak`` is the most
    that a row of the month's moves, or the chances of recognition, stray from a distribution.
    """

    month: int
    station: str


class StoredMonth(NamedTuple):
    """What a solution says of one month, over every cell."""

    values: Mapping[str, Any]
    """At its start: ``war`` ``(accounts, beliefs, cells)`` and ``peace`` with phases after the accounts."""
    after: Mapping[str, Any] | None
    """The same of the month after it; None where this is the last month of the game."""
    choices: Mapping[str, Any]
    """By decision, an object with ``settler``, ``staller`` and ``posterior``: lists with one array ``(actions, [index],
    beliefs, cells)`` per block of actions; the last two are None where the mover has no private type."""


@dataclass(frozen=True)
class Verification:
    """How far a stored solution is from what the laws and the equilibrium demand."""

    records: tuple[Record, ...]
    """One per month and station checked, by month."""
    sample: Sample
    """Months and cells that were checked."""
    of: int
    """Checks that there are in the whole game: values, and nodes of decisions that can arise."""

    @property
    def months(self) -> tuple[int, ...]:
        """Months checked, ascending."""
        return tuple(sorted({record.month for record in self.records}))

    @property
    def checks(self) -> int:
        """Checks made: values, and nodes of decisions."""
        return sum(record.checks for record in self.records)

    @property
    def residual(self) -> float:
        """Largest equilibrium or value residual, in normalised value."""
        return self.worst("residual")[0]

    @property
    def regret(self) -> float:
        """Largest gain from another choice beyond what the noise explains, in normalised value."""
        return self.worst("regret")[0]

    @property
    def bayes(self) -> float:
        """Largest distance of a stored belief from Bayes' rule."""
        return self.worst("bayes")[0]

    @property
    def leak(self) -> float:
        """Largest distance of chances from a distribution."""
        return self.worst("leak")[0]

    @property
    def trusted(self) -> bool:
        """Whether every quantity is within its limit."""
        return all(self.worst(quantity)[0] <= limit for quantity, limit in LIMITS.items())

    def worst(self, quantity: str) -> tuple[float, Record]:
        """Return the largest value of a quantity and the record that shows it."""
        record = max(self.records, key=lambda one: getattr(one, quantity))
        return getattr(record, quantity), record

    @property
    def extent(self) -> str:
        """Say how much was checked, of how much."""
        return f"{self.checks:,} of {self.of:,} checks ({self.sample.extent})"

    @property
    def trust(self) -> str:
        """Return the sentence that says whether to trust the solution."""
        names = {"residual": "residual", "regret": "regret", "bayes": "Bayes error", "leak": "probability leak"}
        found = {quantity: self.worst(quantity) for quantity in LIMITS}
        failed = [quantity for quantity, limit in LIMITS.items() if not found[quantity][0] <= limit]
        if not failed:
            largest = ", ".join(f"{names[quantity]} {value:.0e}" for quantity, (value, _) in found.items())
            return (
                f"A second computation that shares no code with the solver agrees in {self.extent}: at most {largest}."
            )
        faults = []
        for quantity in failed:
            value, record = found[quantity]
            place = f"{record.station} in month {record.month}"
            faults.append(f"{names[quantity]} {value:.1e} at {place} (limit {LIMITS[quantity]:.0e})")
        return f"Do not rely on this solution: a second computation finds {'; '.join(faults)}."


def check(
    shape: Shape,
    inputs: Inputs,
    values: Mapping[str, Any],
    choices: Mapping[str, Any],
    *,
    months: Iterable[int] | None = None,
) -> Verification:
    """Recompute the certificate of a calendar solution of which the first months are kept.

    Args:
        shape: counts of the game.
        inputs: its numbers, levels, deals and calendar.
        values: as in ``StoredMonth``, with a leading axis of months.
        choices: as in ``StoredMonth``, every array with a leading axis of months.
        months: months to check in every cell; all or a sample unless given. A month needs the values of the next, so
            the last kept one can be checked only where it is also the last of the game.

    Returns:
        The verification.

    Raises:
        ValueError: no month can be checked, or a month is asked for that cannot be.
    """
    kept = len(values["war"])
    ended = kept == shape.months and shape.settled is None
    last = kept - 1 if ended else kept - 2
    if months is not None:
        months = sorted(set(months))
        beyond = [month for month in months if not 0 <= month <= last]
        if beyond or not months:
            raise ValueError(f"cannot check months {beyond}: this solution allows 0 to {last}")
    if last < 0:
        raise ValueError("nothing to check: keep at least two months of values")

    def stored(month: int) -> StoredMonth:
        own, after = ({name: value[at] for name, value in values.items() if at < kept} for at in (month, month + 1))
        return StoredMonth(own, after or None, {name: _of_month(choice, month) for name, choice in choices.items()})

    return check_months(shape, inputs, stored, available=range(last + 1), months=months)


class _Choice(NamedTuple):
    settler: list[Any]
    staller: list[Any] | None
    posterior: list[Any] | None


def _of_month(choice: Any, month: int) -> _Choice:
    parts = (choice.settler, choice.staller, choice.posterior)
    return _Choice(*(blocks and [block[month] for block in blocks] for blocks in parts))


def check_months(
    shape: Shape,
    inputs: Inputs,
    stored: Callable[[int], StoredMonth],
    *,
    available: Iterable[int],
    months: Iterable[int] | None = None,
    effort: Effort = USUAL,
) -> Verification:
    """Recompute the certificate of a solution that tells month by month what it holds.

    Args:
        shape: counts of the game.
        inputs: its numbers, levels, deals and calendar.
        stored: what the solution says of a month; its arrays need hold only until the next month is asked for.
        available: months that can be asked for.
        months: months to check in every cell; all or a sample unless given.
        effort: how large a sample is.
    """
    board = board_of(shape, inputs)
    chosen = sample(shape, inputs, board, available=available, months=months, effort=effort)
    records: list[Record] = []
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        for month, cells in chosen.cells.items():
            records += _month(shape, inputs, board.among(cells), month, stored(month))
        return Verification(tuple(records), chosen, checks_of(shape, inputs, board))


def _month(shape: Shape, inputs: Inputs, board: Board, month: int, stored: StoredMonth) -> list[Record]:
    """Check the cells of one month that the board looks at."""
    numbers = numbers_in(shape, inputs, month)
    kernels = kernels_in(board, numbers)
    after = stored.after
    if after is None:
        after = last_values(board_of(shape, inputs), numbers_in(shape, inputs, shape.months))
    after = {name: np.asarray(after[name], dtype=float) for name in ("war", "peace")}
    found = work_out(board, numbers, kernels, after=after, choices=stored.choices)
    findings = _findings(board, numbers, kernels, found, stored.values)
    return [Record(month=month, station=station, **vars(finding)) for station, finding in findings.items()]


def _findings(
    board: Board, numbers: Numbers, kernels: Kernels, worked_out: Month, values: Mapping[str, Any]
) -> dict[str, Finding]:
    """Return what a part of a month shows, in the order in which it was worked out."""
    found = dict(worked_out.findings)
    for name in ("war", "peace"):
        error: NDArray = np.asarray(values[name], dtype=float)[..., board.cells] - worked_out.stations[name]
        if name == "peace":
            error = error[..., board.lined]
        found[name] = Finding(residual=worst(error), checks=error[0].size)
    floor = np.stack(list(recognised(board, numbers).values()), axis=-1)
    leaks = {"battle": kernels.leak("war"), "truce": kernels.leak("peace"), "event": kernels.leak("shocks")}
    leaks |= {"jumps": kernels.leak("jumps"), "recognition": row_leak(floor)}
    return found | {name: Finding(leak=leak) for name, leak in leaks.items()}
