"""The headline answers as columns: what each of them rests on, so that it can be differentiated.

An answer about what happens is the expectation of a reading under the choices as solved, weighed with the belief. With
levels of belief that are true to their name, the two types together move like one player who plays their chances mixed
at the belief: so one account without a type reads any such answer. The number of packages in the durable zone is a
count and has no derivative; the best chance of a package has that of the package which is best.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from outlast.answers.rounds import ROUNDS
from outlast.answers.sensitivity.start import best_slopes, best_value_slopes, dividend_slopes, start_slopes
from outlast.answers.standpoint import Standpoint
from outlast.solving.adjoint.layout import Arrays, Beginning, Pins
from outlast.solving.adjoint.nodes import ACCOUNTS, Direct
from outlast.solving.adjoint.walk import Columns, Found
from outlast.solving.forward import Course, run
from outlast.solving.vectors import WIDTH

SMOOTH = (
    "attend_next",
    "signed_next",
    "signed_year",
    "delay_challenger",
    "delay_defender",
    "delay_patron",
    "best_product",
    "peace_end",
    "imposed_end",
)
"""Headlines with a derivative, in the order of the columns."""
DIVIDENDS = {"delay_challenger": (0, 1), "delay_defender": (2, 2), "delay_patron": (3, 3)}
"""The account of each type's that a dividend reads."""
COUNT = -(-len(SMOOTH) // WIDTH) * WIDTH
PLACE = {key: place for place, key in enumerate(SMOOTH)}


@dataclass(frozen=True)
class Headlines:
    """The columns of one solution, seen from its start; ``package`` is the one whose chance is best."""

    view: Standpoint
    package: int

    @property
    def _rounds(self) -> int:
        return min(ROUNDS, self.view.months)

    @cached_property
    def _named(self) -> np.ndarray:
        """Chance of each type at each belief level, ``(2, beliefs, 1)``."""
        levels = np.asarray(self.view.game.inputs.grid.beliefs)
        return np.stack([1 - levels, levels])[:, :, None]

    @cached_property
    def _reached(self) -> float:
        return float((self.view.start * (1 - self.view.over())).sum())

    @cached_property
    def _fruitless(self) -> np.ndarray:
        """Chance of each type and place with only fruitless talks so far, ``(2, months + 1, beliefs, cells)``."""
        view = self.view
        keep = {"signed": 0.0, "silence": 0.0}
        courses = [Course({"war": view.start_of(kind)}, kind, keep) for kind in (0, 1)]
        paths = run(view.solution.again, courses, months=self._rounds)
        weight = (1 - view.prior, view.prior)
        return np.stack([weight[kind] * path.begun["war"] for kind, path in enumerate(paths)])

    @cached_property
    def _arrived(self) -> np.ndarray:
        """The part of it that has just come to where the challenger dictates."""
        ended = self._fruitless * self.view.over()
        return np.diff(ended, axis=1, prepend=0.0)

    @cached_property
    def _dividends(self) -> dict[str, tuple[dict[str, np.ndarray], float]]:
        """Derivatives of each dividend with respect to its scalars and the prior."""
        going = self._fruitless * (1 - self.view.over())
        worth = self.view.solution.values["war"][self._rounds]
        out = {}
        for key, accounts in DIVIDENDS.items():
            value = worth[list(accounts)]
            scalars = {
                "open": going.sum(axis=(2, 3)),
                "ended": self._arrived.sum(axis=(2, 3)),
                "worth": (going[:, -1] * value).sum(axis=(1, 2)),
                "worth_ended": (self._arrived * value[:, None]).sum(axis=(2, 3)),
            }
            slopes = dividend_slopes(scalars, self.view.prior, accounts == (0, 1))
            out[key] = ({name: np.asarray(slope) for name, slope in slopes[0].items()}, float(slopes[1]))
        return out

    def _rewards(self, month: int) -> tuple[np.ndarray, np.ndarray]:
        """Return what a dividend gains by being at war at the start of a month: going on, and ended."""
        going, ended = (np.zeros((*self.view.start.shape, COUNT)) for _ in range(2))
        if month > self._rounds:
            return going, ended
        worth = self.view.solution.values["war"][self._rounds]
        for key, accounts in DIVIDENDS.items():
            slopes, k = self._dividends[key][0], PLACE[key]
            for kind, account in enumerate(accounts):
                here = slopes["open"][kind, month] + (month == self._rounds) * slopes["worth"][kind] * worth[account]
                over = slopes["ended"][kind, month] + slopes["worth_ended"][kind, month] * worth[account]
                going[..., k] += self._named[kind] * here
                ended[..., k] += self._named[kind] * over
        return going, ended

    def _columns(self, **gains: float) -> np.ndarray:
        out = np.zeros(COUNT)
        for key, gain in gains.items():
            out[PLACE[key]] = gain
        return out

    def pins(self, month: int) -> Pins:
        """Return what readings are at the stations of a month."""
        dividends = dict.fromkeys(DIVIDENDS, 1.0)
        keep = {
            "talks": 1 - self._columns(attend_next=1.0),
            "signed": 1 - self._columns(signed_next=1.0, signed_year=1.0, **dividends),
            "silence": 1 - self._columns(**dividends),
            "attacked": 1 - self._columns(best_product=1.0),
        }
        once = 1 / self._reached if month == 0 else 0.0
        going, ended = self._rewards(month)
        gain = {
            "talks": self._columns(attend_next=once),
            "signed": self._columns(signed_next=once, signed_year=float(month < self._rounds)),
            "war": going,
        }
        return Pins(keep, gain, ended + self._columns(imposed_end=1.0))

    def _final(self) -> Arrays:
        shape, end = self.view.game.shape, self.view.months
        going, ended = self._rewards(end)
        over = self.view.over()[:, None]
        war = np.where(over > 0, ended + self._columns(imposed_end=1.0), going)
        peace = np.zeros((shape.phases, *self.view.start.shape, COUNT))
        peace[..., PLACE["peace_end"]] = 1.0
        peace[self.phase, ..., PLACE["best_product"]] = 1.0
        return {"war": war, "peace": peace}

    def _values(self) -> dict[int, Arrays]:
        """Return weights of values now and after the fruitless months."""
        start, now = self.view.start, np.zeros((ACCOUNTS, *self.view.start.shape, COUNT))
        then = np.zeros_like(now)
        going = self._fruitless[:, -1] * (1 - self.view.over())
        for key, accounts in DIVIDENDS.items():
            slopes, k = self._dividends[key][0], PLACE[key]
            for kind, account in enumerate(accounts):
                now[account, ..., k] -= self._named[kind] * start
                ended = np.einsum("t,tbc->bc", slopes["worth_ended"][kind], self._arrived[kind])
                then[account, ..., k] += slopes["worth"][kind] * going[kind] + ended
        return {0: {"war": now}, self._rounds: {"war": then}}

    def columns(self) -> Columns:
        """Return the columns."""
        return Columns(COUNT, self.view.months, self._final(), self.pins, self._first, self._values())

    @property
    def phase(self) -> int:
        """Return the peace phase of the package."""
        return int(np.asarray(self.view.game.inputs.deals.phase)[self.package])

    @cached_property
    def month(self) -> dict[str, np.ndarray]:
        """Values and choices of month 0 on which the best chance of the package rests."""
        view, k = self.view, self.package
        choice = view.choices["answer"]
        assert choice.staller is not None
        assert choice.posterior is not None
        return {
            "signed": view.stations["signed"][:, k],
            "fruitless": view.stations["fruitless"],
            "settler": choice.settler[0][0, k],
            "staller": choice.staller[0][0, k],
            "posterior": choice.posterior[0][0, k],
        }

    def _first(self, readings: Arrays) -> Beginning:
        """Return the start of the columns, and what the best chance of a package puts on month 0."""
        view, start, place = self.view, self.view.start, PLACE["best_product"]
        packages = view.game.shape.packages
        war = np.zeros((*start.shape, COUNT))
        war[..., : len(SMOOTH)] = start[..., None]
        war[..., place] = 0.0
        reading = readings["peace"][self.phase, ..., place]
        slopes, mass = best_slopes(
            view.game.shape, self.package, view.inputs, view.inputs.values, self.month, reading
        )  # fmt: skip
        peace = np.zeros((view.game.shape.phases, *start.shape, COUNT))
        peace[self.phase, ..., place] = np.asarray(mass)
        extra = {
            "signed": np.zeros((ACCOUNTS, packages, *start.shape, COUNT)),
            "fruitless": np.zeros((ACCOUNTS, *start.shape, COUNT)),
        }
        extra["signed"][:, self.package, ..., place] = slopes["signed"]
        extra["fruitless"][..., place] = slopes["fruitless"]
        direct = []
        for name in ("settler", "staller", "posterior"):
            weight = np.zeros((2, packages, *start.shape, COUNT))
            weight[0, self.package, ..., place] = slopes[name]
            direct.append(weight)
        return Beginning({"war": war, "peace": peace}, {"answer": Direct(*direct)}, extra)

    def at_start(self, found: Found) -> np.ndarray:
        """Return derivatives through the start itself, ``(columns, numbers)``, given the readings there."""
        view, war = self.view, found.readings["war"]
        worth = np.zeros_like(war)
        for key, accounts in DIVIDENDS.items():
            now = view.solution.values["war"][0][list(accounts)]
            worth[..., PLACE[key]] = (self._named * now).sum(axis=0)
        prior = np.zeros(COUNT)
        for key in DIVIDENDS:
            prior[PLACE[key]] = self._dividends[key][1]
        conditional = self._columns(
            **{key: float((view.start * war[..., PLACE[key]]).sum()) for key in ("attend_next", "signed_next")}
        )
        reached = (1 - view.over()) / self._reached
        reading = found.readings["peace"][self.phase, ..., PLACE["best_product"]]
        linear = war - worth - conditional * reached[:, None]
        total = np.array(start_slopes(view.game.shape, view.inputs, view.inputs.values, linear, prior))
        own = best_value_slopes(view.game.shape, self.package, view.inputs, view.inputs.values, self.month, reading)
        total[PLACE["best_product"]] = np.asarray(own)
        return total
