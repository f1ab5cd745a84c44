"""The headline answers as columns: what each of them rests on, so that it can be differentiated.

An answer about what happens is the expectation of a reading under the choices as solved, weighed with the belief. With
levels of belief that are true to their name, the two types together move like one player who plays their chances mixed
at the belief: so one account without a type reads any such answer. The number of packages in the durable zone is a
count and has no derivative; the best chance of a package has that of the package which is best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from outlast.answers.rounds import ROUNDS
from outlast.answers.standpoint import Standpoint
from outlast.game.conflict import conflict_in
from outlast.game.grid import STOCKS, hat
from outlast.game.payoffs import line_map
from outlast.solving.adjoint.month import Arrays, Beginning, Pins
from outlast.solving.adjoint.nodes import ACCOUNTS, Direct
from outlast.solving.adjoint.walk import Columns, Found
from outlast.solving.forward import Course, run
from outlast.solving.reading import read
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


def start_of(values: Any, shape: Any, grid: Any) -> tuple[Any, Any]:
    """Return the weights of the start on beliefs and on cells, as functions of the numbers."""
    cells = jnp.ones(1)
    for stock, levels in zip(STOCKS, grid.levels, strict=True):
        cells = jnp.outer(cells, hat(values[shape.slot(f"stocks.{stock}.start")], levels)).ravel()
    return hat(values[shape.slot("belief.staller")], grid.beliefs), cells


def dividend(scalars: dict[str, Any], prior: Any, own: bool) -> Any:
    """Return what a position is worth after fruitless months.

    ``open`` and ``ended``, by type and month, are the chances that talks go on or that the end has just been dictated,
    with nothing signed; ``worth`` and ``worth_ended`` the same times the value then. ``own`` says whether the position
    is the type's own; for the others, types count by how likely fruitless months are for each.
    """
    still = scalars["open"][:, 1:] + scalars["ended"][:, 1:]
    was = scalars["open"][:, :-1]
    share = jnp.where(was > 0, still / jnp.where(was > 0, was, 1.0), 1.0)
    kept = jnp.concatenate([jnp.ones((2, 1)), jnp.cumprod(share, axis=1)], axis=1)
    position = scalars["worth"] / kept[:, -1] + (scalars["worth_ended"] / kept).sum(axis=1)
    if own:
        return position.sum()
    likely = jnp.stack([1 - prior, prior]) * kept[:, -1]
    return (kept[:, -1] * position).sum() / likely.sum()


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
        return np.stack([weight[kind] * path.war for kind, path in enumerate(paths)])

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
            slopes = jax.grad(dividend, argnums=(0, 1))(scalars, self.view.prior, accounts == (0, 1))
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
        phase = int(np.asarray(self.view.game.inputs.deals.phase)[self.package])
        going, ended = self._rewards(end)
        over = self.view.over()[:, None]
        war = np.where(over > 0, ended + self._columns(imposed_end=1.0), going)
        peace = np.zeros((shape.phases, *self.view.start.shape, COUNT))
        peace[..., PLACE["peace_end"]] = 1.0
        peace[phase, ..., PLACE["best_product"]] = 1.0
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

    def _best(self) -> tuple[Callable, dict[str, Any]]:
        """Return the best chance of the package as a function of what it rests on in month 0, and that."""
        view, k = self.view, self.package
        choice = view.choices["answer"]
        assert choice.staller is not None
        assert choice.posterior is not None
        at = {
            "signed": view.stations["signed"][:, k],
            "fruitless": view.stations["fruitless"],
            "settler": choice.settler[0][0, k],
            "staller": choice.staller[0][0, k],
            "posterior": choice.posterior[0][0, k],
        }
        return partial(best_product, view.game.shape, view.inputs, k), at

    def _first(self, readings: Arrays) -> Beginning:
        """Return the start of the columns, and what the best chance of a package puts on month 0."""
        shape, start, place = self.view.game.shape, self.view.start, PLACE["best_product"]
        war = np.zeros((*start.shape, COUNT))
        war[..., : len(SMOOTH)] = start[..., None]
        war[..., place] = 0.0
        peace = np.zeros((shape.phases, *start.shape, COUNT))
        phase = int(np.asarray(self.view.game.inputs.deals.phase)[self.package])
        function, at = self._best()
        reading = readings["peace"][phase, ..., place]
        slopes, mass = jax.grad(function, argnums=(1, 2))(self.view.inputs.values, at, reading)
        peace[phase, ..., place] = np.asarray(mass)
        extra = {
            "signed": np.zeros((ACCOUNTS, shape.packages, *start.shape, COUNT)),
            "fruitless": np.zeros((ACCOUNTS, *start.shape, COUNT)),
        }
        extra["signed"][:, self.package, ..., place] = slopes["signed"]
        extra["fruitless"][..., place] = slopes["fruitless"]
        direct = []
        for name in ("settler", "staller", "posterior"):
            weight = np.zeros((2, shape.packages, *start.shape, COUNT))
            weight[0, self.package, ..., place] = slopes[name]
            direct.append(weight.reshape(-1))
        return Beginning({"war": war, "peace": peace}, {"answer": Direct(*direct)}, extra)

    def at_start(self, found: Found) -> np.ndarray:
        """Return derivatives through the start itself, ``(columns, numbers)``, given the readings there."""
        view, shape, grid = self.view, self.view.game.shape, self.view.game.inputs.grid
        now = view.solution.values["war"][0]
        function, at = self._best()
        phase = int(np.asarray(view.game.inputs.deals.phase)[self.package])
        reading = found.readings["peace"][phase, ..., PLACE["best_product"]]
        attended, signed = (
            float((view.start * found.readings["war"][..., PLACE[key]]).sum()) for key in ("attend_next", "signed_next")
        )

        def through(values: Any) -> Any:
            beliefs, cells = start_of(values, shape, grid)
            start = jnp.outer(beliefs, cells)
            out = jnp.einsum("bc,bck->k", start, found.readings["war"])
            out = out.at[PLACE["best_product"]].set(function(values, at, reading))
            reached = (start * (1 - view.over())).sum() / self._reached
            out = out.at[PLACE["attend_next"]].add(-attended * reached)
            out = out.at[PLACE["signed_next"]].add(-signed * reached)
            prior = values[shape.slot("belief.staller")]
            for key, accounts in DIVIDENDS.items():
                worth = sum((start * self._named[kind] * now[a]).sum() for kind, a in enumerate(accounts))
                out = out.at[PLACE[key]].add(self._dividends[key][1] * prior - worth)
            return out

        return np.asarray(jax.jacrev(through)(view.inputs.values))


def best_product(shape: Any, inputs: Any, k: int, values: Any, at: dict[str, Any], reading: Any) -> Any:
    """Return the chance that all accept package ``k`` and that its peace holds.

    ``at`` has values and choices of month 0 (``signed`` and the challenger's answer for this package); ``reading`` is
    the chance that a peace holds, by belief and cell.
    """
    grid, deals = inputs.grid, inputs.deals
    beliefs, cells = start_of(values, shape, grid)
    start = jnp.outer(beliefs, cells)
    named = jnp.stack([1 - grid.beliefs, grid.beliefs])[:, :, None]
    yes = [(start * named[kind] * at[name]).sum() for kind, name in enumerate(("settler", "staller"))]
    total = yes[0] + yes[1]
    everyone = total
    for account, role in ((2, "defender"), (3, "patron")):
        gain = read(at["signed"][account] - at["fruitless"][account], at["posterior"], grid.beliefs)
        chance = jax.nn.sigmoid(gain / values[shape.slot(f"noise.{role}.answer")])
        accepts = (start * chance).sum()
        if role == "patron":
            gone = (cells * grid.lowest("patience")).sum()
            accepts = jnp.where(deals.backing[k] > 0, (1 - gone) * accepts, 1.0)
        everyone = everyone * accepts
    fresh = replace(inputs, values=values)
    line = line_map(conflict_in(shape, fresh, jnp.asarray(0)), grid, deals)[k]
    after = (cells.reshape(shape.sizes[0], -1).T @ line).T.ravel()
    belief = hat(yes[1] / jnp.where(total > 0, total, 1.0), grid.beliefs)
    return everyone * (jnp.outer(belief, after) * reading).sum()
