"""The certificate, worked out again: how wrong a calendar solution is, month by month and station by station."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from outlast.verify.board import Board, board_of
from outlast.verify.kernels import Kernels, kernels_in, row_leak
from outlast.verify.month import Month, recognised, work_out
from outlast.verify.node import Finding, worst
from outlast.verify.numbers import Numbers, numbers_in
from outlast.verify.payments import last_values

if TYPE_CHECKING:
    from outlast.game.inputs import Inputs
    from outlast.game.shape import Shape

BAYES_LIMIT = 1e-4
RESIDUAL_LIMIT = 1e-5
LEAK_LIMIT = 1e-6
REGRET_LIMIT = 1e-5
LIMITS = {"residual": RESIDUAL_LIMIT, "regret": REGRET_LIMIT, "bayes": BAYES_LIMIT, "leak": LEAK_LIMIT}
"""Largest error with which a solution is trusted, by quantity."""

SMALL = 500_000
"""States x months up to which every month is checked unless the caller names some."""
SPREAD = 6
"""Months checked of a larger game: the first, the last and some between, and those of its events besides."""


@dataclass(frozen=True)
class Record:
    """What one station of one month shows; a quantity that does not apply there is 0.

    At a decision: the four quantities of ``Finding``. At ``war`` and ``peace``: ``residual`` is the distance of the
    stored value from the recomputed one. At ``battle``, ``truce``, ``event``, ``jumps`` and ``recognition``: ``leak``
    is the most that a row of the month's moves, or the chances of recognition, stray from a distribution.
    """

    month: int
    station: str
    residual: float
    regret: float
    bayes: float
    leak: float


@dataclass(frozen=True)
class Verification:
    """How far a stored solution is from what the laws and the equilibrium demand."""

    records: tuple[Record, ...]
    """One per month and station checked, by month."""

    @property
    def months(self) -> tuple[int, ...]:
        """Months checked, ascending."""
        return tuple(sorted({record.month for record in self.records}))

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
    def trust(self) -> str:
        """Return the sentence that says whether to trust the solution."""
        names = {"residual": "residual", "regret": "regret", "bayes": "Bayes error", "leak": "probability leak"}
        found = {quantity: self.worst(quantity) for quantity in LIMITS}
        months = f"{len(self.months)} month{'s' if len(self.months) > 1 else ''}"
        failed = [quantity for quantity, limit in LIMITS.items() if not found[quantity][0] <= limit]
        if not failed:
            largest = ", ".join(f"{names[quantity]} {value:.0e}" for quantity, (value, _) in found.items())
            return f"A second computation that shares no code with the solver agrees in {months}: at most {largest}."
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
    """Recompute the certificate of a calendar solution.

    Args:
        shape: counts of the game.
        inputs: its numbers, levels, deals and calendar.
        values: values at the start of each kept month, plain expectations: ``war``
            ``(months, accounts, beliefs, cells)`` and ``peace`` with phases after the accounts.
        choices: by decision, an object with ``settler``, ``staller`` and ``posterior``: lists with one array
            ``(months, actions, [index], beliefs, cells)`` per block of actions; the last two are None where the mover
            has no private type.
        months: months to check; by default every kept month of a small game, else a spread of six and the months of
            events. A month needs the values of the next, so the last kept one can be checked only where it is also the
            last of the game.

    Returns:
        The verification.

    Raises:
        ValueError: no month can be checked, or a month is asked for that cannot be.
    """
    board = board_of(shape, inputs)
    wanted = _months(shape, inputs, kept=len(values["war"]), months=months)
    records: list[Record] = []
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        for month in wanted:
            numbers = numbers_in(shape, inputs, month)
            kernels = kernels_in(board, numbers)
            after = _after(shape, inputs, board, values=values, month=month)
            worked_out = work_out(board, numbers, kernels, after=after, choices=choices)
            records += _records(board, numbers, kernels, worked_out=worked_out, values=values)
    return Verification(tuple(records))


def _months(shape: Shape, inputs: Inputs, *, kept: int, months: Iterable[int] | None) -> list[int]:
    """List the months to check."""
    last = kept - 1 if kept == shape.months else kept - 2
    if months is not None:
        wanted = sorted(set(months))
        beyond = [month for month in wanted if not 0 <= month <= last]
        if beyond or not wanted:
            raise ValueError(f"cannot check months {beyond}: this solution allows 0 to {last}")
        return wanted
    if last < 0:
        raise ValueError("nothing to check: keep at least two months of values")
    states = shape.states * (1 + shape.phases)
    if states * (last + 1) <= SMALL:
        return list(range(last + 1))
    spread = {round(month) for month in np.linspace(0, last, min(SPREAD, last + 1))}
    calendar = inputs.calendar
    dated = {int(month) for month in (*np.asarray(calendar.change_month), *np.asarray(calendar.shock_month))}
    return sorted(spread | {month for month in dated if 0 <= month <= last})


def _after(shape: Shape, inputs: Inputs, board: Board, *, values: Mapping[str, Any], month: int) -> dict[str, NDArray]:
    """Return next month's values: the stored ones, or those after the last month of the game."""
    if month + 1 == shape.months:
        return last_values(board, numbers_in(shape, inputs, shape.months))
    return {name: board.unfold(np.asarray(values[name])[month + 1]) for name in ("war", "peace")}


def _records(
    board: Board, numbers: Numbers, kernels: Kernels, *, worked_out: Month, values: Mapping[str, Any]
) -> list[Record]:
    """List what a month shows, in the order in which it was worked out."""
    found = dict(worked_out.findings)
    for name in ("war", "peace"):
        stored = board.unfold(np.asarray(values[name])[numbers.month])
        found[name] = Finding(residual=worst(stored - worked_out.stations[name]))
    floor = np.stack(list(recognised(board, numbers).values()), axis=-1)
    leaks = {"battle": kernels.leak("war"), "truce": kernels.leak("peace"), "event": kernels.leak("shocks")}
    leaks |= {"jumps": kernels.leak("jumps"), "recognition": row_leak(floor)}
    found |= {name: Finding(leak=leak) for name, leak in leaks.items()}
    return [
        Record(numbers.month, station, finding.residual, finding.regret, finding.bayes, finding.leak)
        for station, finding in found.items()
    ]
