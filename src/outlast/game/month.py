"""A month of war and a month of peace as ordered layers.

Accounts: 0 the settler's, 1 the staller's, 2 the defender's, 3 the patron's. Postures: 0 withhold, 1 sustain, 2 surge.
The challenger answers last, so its answer always decides and always informs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from outlast.game.conflict import Conflict, conflict_in, laws_of
from outlast.game.ending import fought_on
from outlast.game.grid import STOCKS, dictated, hat
from outlast.game.inputs import Inputs
from outlast.game.layers import TYPED, Absorb, Action, Chance, Decision, Layer, Move, Shift, Step
from outlast.game.payoffs import (
    attack_pays,
    battle_pay,
    imposed_pay,
    line_map,
    peace_pay,
    posture_allowed,
    signing_pay,
)
from outlast.game.shape import Shape

SETTLER, STALLER, DEFENDER, PATRON = range(4)
ACCOUNTS = ("settler", "staller", "defender", "patron")
POSTURES = ("withhold", "sustain", "surge")
SILENCE, TALKS = range(2)
"""Whether talks were held this month: the index of the posture and battle stations."""
QUIET: Any = {"divide": "ignore", "over": "ignore", "invalid": "ignore"}
"""What is no number shows in the values of the months, which are looked at; it is not said twice."""


@dataclass(frozen=True)
class ConflictRules:
    """The rules of the conflict game; hashable, so that games of equal shape have equal rules."""

    shape: Shape

    kinds = (0, 1, 2, 2)
    """Account kinds: settler, staller, and two that see the pooled choice."""
    tomorrow = ("war", "peace")
    """Stations whose values pass from one month to the month before."""

    def beliefs(self, inputs: Inputs) -> Float[np.ndarray, " beliefs"]:
        """Return the levels of the public belief that the challenger is a staller."""
        return inputs.grid.beliefs

    def terminal(self, inputs: Inputs) -> dict[str, np.ndarray]:
        """Return values after the last month: the war of that day for ever, its lines and costs frozen; peaces hold."""
        end, grid = self.settled(self.shape.months), inputs.grid
        shape = (4, len(grid.beliefs), grid.cells)
        with np.errstate(**QUIET):
            now = conflict_in(self.shape, inputs, end)
            pay = battle_pay(now, grid, month=end, talks=0.0)
            frozen = np.where(grid.lowest("patience") > 0, pay[:, 0], pay[:, 1])
            over = dictated(grid.sizes)
            war = np.where(over, imposed_pay(now)[:, None, None], frozen)
            if self.shape.settled is not None:
                (battle,) = _battle(now, inputs, end)
                present = grid.lowest("patience") == 0
                war = fought_on(battle, war, dictated=over, present=present, discounts=now.styles.discounts)
            peace = peace_pay(now, grid, inputs.deals)
        return {
            "war": np.array(np.broadcast_to(war, shape)),
            "peace": np.array(np.broadcast_to(peace, (4, self.shape.phases, *shape[1:]))),
        }

    def begins(self, inputs: Inputs) -> dict[str, np.ndarray]:
        """Return the cells in which a month can begin at a station, a truth value per cell, where these are not all.

        In peace the line does not move, so a peace is only ever where a line can be.
        """
        grid = inputs.grid
        if grid.lines is None:
            return {}
        held = np.isin(np.arange(len(grid.levels[0])), grid.lines)
        return {"peace": np.repeat(held, grid.stride("territory"))}

    def settled(self, month: int) -> int:
        """Return the month whose numbers hold in ``month``: that month's own until the calendar has settled."""
        return month if self.shape.settled is None else min(month, self.shape.settled)

    def regridded(self, values: dict[str, np.ndarray], near: Inputs, far: Inputs) -> dict[str, np.ndarray]:
        """Read values of tomorrow's stations on the lattice of ``far`` at the cells of ``near``, linearly by stock."""
        found = {}
        axes = [(near.grid.beliefs, far.grid.beliefs), *zip(near.grid.levels, far.grid.levels, strict=True)]
        for name, value in values.items():
            out = value.reshape(*value.shape[:-1], *far.grid.sizes)
            for axis, (wanted, given) in enumerate(axes, start=out.ndim - len(axes)):
                whole = name != "peace" or far.grid.lines is None or given is not far.grid.levels[0]
                places = slice(None) if whole else list(far.grid.lines or ())
                weights = hat(wanted, given[places])
                out = np.moveaxis(np.moveaxis(out, axis, -1)[..., places] @ weights.T, -1, axis)
            shape = (*value.shape[:-2], len(near.grid.beliefs), near.grid.cells)
            found[name] = np.ascontiguousarray(out.reshape(shape))
        return found

    def months(self, inputs: Inputs) -> Callable[[int], tuple[Layer, ...]]:
        """Return what gives the layers of a month, in the order of play.

        Asked for one month after another, it gives the same object for a layer whose numbers have stayed the same.
        """
        return _Months(self, inputs)

    def layers(self, inputs: Inputs, month: int) -> tuple[Layer, ...]:
        """Return one month's layers in the order of play."""
        return self.months(inputs)(month)


class _Months:
    """Layers by month; of each part of a month what was made last is kept."""

    def __init__(self, rules: ConflictRules, inputs: Inputs) -> None:
        self._rules, self._inputs = rules, inputs
        self._latest: dict[str, tuple[tuple, tuple[Layer, ...]]] = {}
        self._laws: tuple[bytes, Conflict] | None = None

    def __call__(self, month: int) -> tuple[Layer, ...]:
        inputs = self._inputs
        due = tuple(np.flatnonzero(inputs.calendar.shock_month == month))
        month = self._rules.settled(month)
        values = inputs.in_month(month)
        numbers = values.tobytes()
        if self._laws is None or self._laws[0] != numbers:
            self._laws = numbers, laws_of(self._rules.shape, values)
        now = self._laws[1]
        parts: tuple[tuple[str, tuple, Callable, Any], ...] = (
            ("war", (numbers, due), _war, due),
            ("battle", (numbers, now.manpower.used(month).tobytes()), _battle, month),
            ("signing", (numbers, month), _signing, month),
            ("peace", (numbers, due), _peace, due),
        )
        return tuple(layer for part in parts for layer in self._part(*part, now=now))

    def _part(self, name: str, key: tuple, make: Callable, given: Any, *, now: Conflict) -> tuple[Layer, ...]:
        before, latest = self._latest.get(name, (None, ()))
        if before != key:
            with np.errstate(**QUIET):
                made = make(now, self._inputs, given)
            if latest:
                made = tuple(old if _same(new, old) else new for new, old in zip(made, latest, strict=True))
            self._latest[name] = key, made
        return self._latest[name][1]


def _same(one: Any, other: Any) -> bool:
    """Whether two layers, or parts of them, hold the same numbers."""
    if isinstance(one, np.ndarray | np.generic):
        return np.array_equal(one, other)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if is_dataclass(one):
        named = (field.name for field in fields(one))
        return type(one) is type(other) and all(_same(getattr(one, name), getattr(other, name)) for name in named)
    return one == other


def shocks(now: Conflict, inputs: Inputs, due: tuple[int, ...]) -> tuple[Shift, ...]:
    """Return the calendar's shocks, one jump per shock in the scenario; those not due are idle."""
    out = []
    for i, axis in enumerate(now.shape.shocks):
        levels = inputs.grid.levels[axis]
        change = now.values[inputs.calendar.shock_change[i]]
        chance = now.values[inputs.calendar.shock_chance[i]] if i in due else 0.0
        # A level that ends the story (patience gone, endurance gone, prize whole) is not left by a shock.
        ends = (levels > levels[0]) if axis in (2, 3) else (levels < levels[-1]) if axis == 0 else (levels == levels)
        target = levels + np.where(ends, change, 0.0)
        matrix = chance * hat(target, levels) + (1 - chance) * np.eye(len(levels))
        out.append(inputs.grid.shift(STOCKS[axis], matrix))
    return tuple(out)


def _war(now: Conflict, inputs: Inputs, due: tuple[int, ...]) -> tuple[Layer, ...]:
    grid, number = inputs.grid, now.number
    present = 1 - grid.lowest("patience")
    floor = [number(f"recognition.{role}") for role in ("challenger", "defender", "patron")]
    over = 1.0 * dictated(grid.sizes)
    everywhere = np.ones_like(present)
    chances = (floor[0] * everywhere, floor[1] * everywhere, floor[2] * present)
    layers: list[Layer] = [
        Absorb("war", "war.open", over, imposed_pay(now)[:, None, None]),
        Move("war.open", "war.attend", moves=shocks(now, inputs, due)),
        Decision(
            "war.attend",
            TYPED,
            (Action("attend", "talks"), Action("stay away", "silence")),
            number("noise.challenger.attend"),
        ),
        Chance(
            "talks",
            ("floor.challenger", "floor.defender", "floor.patron", "fruitless"),
            (*chances, 1 - chances[0] - chances[1] - chances[2]),
        ),
        *_tabling(now, inputs),
        *_answers(now, inputs, present),
    ]
    posture = Action("posture", "battle", fan=True, allowed=posture_allowed(grid)[:, None])
    layers += [
        Move("fruitless", "posture", pick=np.asarray(TALKS)),
        Move("silence", "posture", pick=np.asarray(SILENCE)),
        Decision("posture", PATRON, (posture,), number("noise.patron.posture"), index=1),
    ]
    return tuple(layers)


def _tabling(now: Conflict, inputs: Inputs) -> tuple[Layer, ...]:
    """Whoever has the floor decides whether to table a package, then which: two stages, so menus do not matter."""
    layers: list[Layer] = []
    heard = {"challenger": "heard.challenger", "defender": "vetted", "patron": "heard.patron"}
    movers = {"challenger": TYPED, "defender": DEFENDER, "patron": PATRON}
    for role, target in heard.items():
        whether = (Action("table", f"which.{role}"), Action("table nothing", "fruitless"))
        layers.append(Decision(f"floor.{role}", movers[role], whether, now.number(f"noise.{role}.table")))
        which = (Action("package", target, fan=True, weight=inputs.deals.weight),)
        layers.append(Decision(f"which.{role}", movers[role], which, now.number(f"noise.{role}.which")))
    return tuple(layers)


def _answers(now: Conflict, inputs: Inputs, present: np.ndarray) -> tuple[Layer, ...]:
    """Ask whoever must say yes: the challenger, the defender, and the patron where it must back the package."""
    must = inputs.deals.backing[:, None, None] * np.ones_like(present)
    can_back = (1 - must * (1 - present))[None]
    can_refuse = must[None]

    def answer(station: str, yes: str, role: str, mover: int, *, backing: bool = False) -> Decision:
        accept = Action("accept", yes, allowed=can_back if backing else None)
        refuse = Action("refuse", "fruitless", allowed=can_refuse if backing else None)
        return Decision(station, mover, (accept, refuse), now.number(f"noise.{role}.answer"), index=1)

    return (
        answer("heard.challenger", "backed", "defender", DEFENDER),
        answer("backed", "signed", "patron", PATRON, backing=True),
        answer("vetted", "answer", "patron", PATRON, backing=True),
        answer("heard.patron", "answer", "defender", DEFENDER),
        answer("answer", "signed", "challenger", TYPED),
    )


def _battle(now: Conflict, inputs: Inputs, month: int) -> tuple[Move]:
    """Return the battle by posture and by whether talks were held, ``(accounts, postures, silence or talks, ...)``."""
    grid = inputs.grid
    superiority = now.front.superiority(grid)
    discount = now.styles.discounts
    talks = np.asarray([0.0, 1.0])
    pay = np.stack([battle_pay(now, grid, month=month, talks=held) for held in talks], axis=2)
    moves = (
        *now.front.in_war(grid, superiority, now.spread("territory")),
        *now.manpower.in_war(grid, superiority, month, now.spread("forces")),
        *now.endurance.in_war(grid, superiority, now.spread("endurance")),
    )
    wide = tuple(Step(move.stride, move.up[:, None], move.down[:, None]) for move in moves)
    patience = now.patience.in_war(grid, talks=talks[:, None, None], spread=now.spread("patience"))
    moves = (*_breakthrough(now, inputs), *wide, *patience)
    scaled = (1 - discount)[:, None, None, None, None] * pay
    return (Move("battle", "war", moves, pay=scaled, discount=discount, tomorrow=True, index=2),)


def _breakthrough(now: Conflict, inputs: Inputs) -> tuple[Shift, ...]:
    """Return the jump of the front in a month of war, either way; it is one of its own beside the slow movement."""
    levels, ways = inputs.grid.levels[0], now.breakthroughs()
    if not ways:
        return ()
    matrix = (1 - sum(chance for chance, _ in ways)) * np.eye(len(levels))
    for chance, size in ways:
        matrix = matrix + chance * hat(levels + size, levels)
    return (inputs.grid.shift("territory", matrix),)


def _signing(now: Conflict, inputs: Inputs, month: int) -> tuple[Layer, ...]:
    grid, deals = inputs.grid, inputs.deals
    line = line_map(now, grid, deals)
    pay = signing_pay(now, grid, deals, month)
    return (Move("signed", "settled", (grid.shift("territory", line),), pay=pay, pick=deals.phase, index=1),)


def _peace(now: Conflict, inputs: Inputs, due: tuple[int, ...]) -> tuple[Layer, ...]:
    grid, deals = inputs.grid, inputs.deals
    discount = now.styles.discounts
    pay = (1 - discount)[:, None, None, None] * peace_pay(now, grid, deals)
    relief = now.packages.relief(deals.phase_relief)
    moves = (
        *now.resumption.in_peace(grid, relief, now.spread("forces")),
        *now.endurance.in_peace(grid, now.resumption.cap(deals.phase_demilitarised), now.spread("endurance")),
        *now.patience.in_peace(grid, now.spread("patience")),
    )
    teeth = now.guarantees.automatic[deals.phase_guarantee][:, None, None]
    automatic: tuple[Layer, ...] = ()
    if now.shape.automatic:
        lost = np.array([1.0, 1.0, 0.0, 0.0])[:, None, None, None] * -now.guarantees.automatic_penalty
        lost = np.broadcast_to(lost, (4, len(teeth), 1, grid.cells))
        automatic = (
            Chance("struck", ("automatic", "attacked"), (teeth, 1 - teeth), index=1),
            Move("automatic", "war", pay=lost, discount=discount, tomorrow=True, index=1),
        )
    attack, honour, renege = attack_pays(now, grid, deals)
    present = (1 - grid.lowest("patience"))[None, None, None]
    rally = (grid.shift("patience", now.patience.after_honouring(grid)),)
    loss = (grid.shift("patience", now.guarantees.after_reneging(grid, deals.phase_guarantee)),)
    return (
        Move("peace", "settled", shocks(now, inputs, due), index=1),
        Move("settled", "decide", moves, pay=pay, index=1),
        Decision(
            "decide",
            TYPED,
            (Action("keep the peace", "kept"), Action("attack", "struck" if automatic else "attacked", pay=attack)),
            now.number("noise.challenger.resume"),
            index=1,
        ),
        Move("kept", "peace", discount=discount, tomorrow=True, index=1),
        *automatic,
        Decision(
            "attacked",
            PATRON,
            (Action("honour", "honoured", pay=honour, allowed=present), Action("renege", "reneged", pay=renege)),
            now.number("noise.patron.honour"),
            index=1,
        ),
        Move("honoured", "war", rally, discount=discount, tomorrow=True, index=1),
        Move("reneged", "war", loss, discount=discount, tomorrow=True, index=1),
    )
