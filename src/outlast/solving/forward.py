"""Exact distributions: mass pushed through the layers of each month.

Every layer maps values at later stations linearly to values at its own, so its transpose maps mass at its station to
mass at later ones. Nothing is sampled. A run follows one type of the challenger; mixing over types is the caller's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.layers import Absorb, Chance, Decision, Layer, Move
from outlast.solving.layers import SETTLER, Choice, Setting, Stations, carry, evaluate

Masses = dict[str, Array]


class Path(NamedTuple):
    """Distribution by month: leading axis month, at its start; and mass through stations within each month."""

    war: Float[Array, "months beliefs cells"]
    peace: Float[Array, "months phases beliefs cells"]
    through: dict[str, Array]
    """Total mass that passed each station, summed over beliefs and cells."""
    share: Float[Array, " months"]
    """Share of the month's open mass that was kept; 1 unless ``renew`` was set."""
    seen: Any
    """What ``observe`` returned each month."""


def targets(layer: Layer) -> tuple[list[str], list[str]]:
    """Return the stations a layer leads to, today and tomorrow."""
    match layer:
        case Decision():
            return [action.to for action in layer.actions], []
        case Chance():
            return list(dict.fromkeys(layer.to)), []
        case Move():
            return ([], [layer.to]) if layer.tomorrow else ([layer.to], [])
        case Absorb():
            return [layer.to], [layer.station]


def push(
    layers: tuple,
    choices: dict[str, Choice],
    masses: Masses,
    shapes: Stations,
    setting: Setting,
    keep: dict[str, Array],
    own: Float[Array, "beliefs 1"],
):
    """Push mass through one month; return mass at every station and mass at tomorrow's.

    ``choices`` come from ``own_choice``; ``own`` is the chance that each belief level gives the type followed.

    ``shapes`` holds an array of the right shape for every station (one account). ``keep`` scales the mass that arrives
    at a station: 0 follows only the histories that avoid it.
    """
    here = dict(masses)
    tomorrow: Masses = {}
    for layer in layers:
        if layer.station not in here:
            continue
        mass = here[layer.station] * keep.get(layer.station, 1.0)
        today, next_month = targets(layer)
        names = list(dict.fromkeys([*today, *next_month]))
        choice = choices.get(layer.station)

        def value(inner: Stations, layer: Layer = layer, choice: Choice | None = choice) -> Array:
            if choice is not None and choice.posterior is not None:
                inner = {name: value * own for name, value in inner.items()}
            out = carry(layer, choice, inner, (SETTLER,), setting, pays=False)
            return jnp.broadcast_to(out, shapes[layer.station].shape)

        primal = {name: shapes[name] for name in names}
        (arrived,) = jax.linear_transpose(value, primal)(mass)
        for name in names:
            into = tomorrow if name in next_month else here
            into[name] = into[name] + arrived[name] if name in into else arrived[name]
    return here, tomorrow


def own_choice(choice: Choice, kind: Array) -> Choice:
    """Return the choice as one type plays it (kind 0 the settler, 1 the staller), ready for ``push``.

    A belief between two levels is split between them. The split is drawn so that each level stays true to its name: the
    share of stallers among those who arrive at level b is b, so a staller reaches level b from posterior p with b / p
    times the weight. Beliefs are then a martingale, and what the uninformed expect is what happens.
    """
    if choice.staller is None or choice.posterior is None:
        return choice
    played = []
    for settler, staller, belief in zip(choice.settler, choice.staller, choice.posterior, strict=True):
        chance = jnp.where(kind == 0, settler, staller)
        named = jnp.where(kind == 0, 1 - belief, belief)
        played.append(jnp.where(named > 0, chance / jnp.where(named > 0, named, 1.0), 0.0))
    return Choice(played, played, choice.posterior)


class Course(NamedTuple):
    """Where a run starts, whose choices it follows, and which histories it keeps."""

    start: Masses
    kind: Array
    """0 for the settler, 1 for the staller."""
    keep: dict[str, Array]
    """Share of the mass arriving at a station that goes on; 1 where none is given."""
    renew: Array | float = 0.0


class Month(NamedTuple):
    """One month of a run, for observers: mass and value at every station, choices by all and by the type followed."""

    masses: Masses
    stations: Stations
    choices: dict[str, Choice]
    kind: Array
    setting: Setting


@partial(jax.jit, static_argnames=("rules", "months", "begin", "observe"))
def run(
    rules: Any,
    inputs: Any,
    kept: Any,
    course: Course,
    *,
    months: int,
    begin: tuple[str, ...],
    observe: Callable[[Month], Any] | None = None,
) -> Path:
    """Push mass through the first ``months`` kept months as the given type plays.

    ``begin`` names the stations where mass can be at the start of a month: ``("war", "peace")``, or ``("peace",)`` to
    follow a settlement alone. ``kept`` is the calendar solution's memory. With ``renew`` 1, what ``keep`` removes from
    the open mass of a month is made up in proportion by what stays: the histories that avoid a station, as if they had
    been certain, so that endings (absorbed mass) do not gain weight from being spared the condition. ``observe`` maps a
    month to arrays to record.
    """
    levels = rules.beliefs(inputs)
    setting = Setting(levels, (SETTLER,), 0.0)
    everyone = Setting(levels, rules.kinds, 0.0)

    start, kind, keep, renew = course
    own = jnp.where(kind == 0, 1 - levels, levels)[:, None]

    def backward(month: Array, now: Stations, choices: dict[str, Choice]) -> Stations:
        stations = dict(now)
        for layer in reversed(rules.layers(inputs, month)):
            value = evaluate(layer, choices.get(layer.station), stations, everyone, "expectation")
            shape = (len(rules.kinds), *value.shape[1:-2], len(levels), value.shape[-1])
            stations[layer.station] = jnp.broadcast_to(value, shape)
        return stations

    def one(masses: Masses, entry):
        month, now, choices = entry
        layers = rules.layers(inputs, month)
        sizes = jax.eval_shape(backward, month, now, choices)
        shapes = {name: jnp.zeros((1, *value.shape[1:]), value.dtype) for name, value in sizes.items()}
        mine = {name: own_choice(choice, kind) for name, choice in choices.items()}
        begun = {name: mass[None] for name, mass in masses.items()}
        here, tomorrow = push(layers, mine, begun, shapes, setting, keep, own)
        total = {name: mass[0].sum(axis=(-2, -1)) for name, mass in here.items()}
        after = {name: tomorrow[name][0] if name in tomorrow else jnp.zeros_like(masses[name]) for name in begin}
        after, share = _renewed(layers, masses, after, renew)
        seen = None
        if observe:
            stations = backward(month, now, choices)
            seen = observe(Month({n: m[0] for n, m in here.items()}, stations, choices, kind, everyone))
        return after, (masses, total, share, seen)

    later = {name: value[1 : months + 1] for name, value in kept.values.items()}
    choices = jax.tree.map(lambda leaf: leaf[:months], kept.choices)
    begun = {name: start[name] for name in begin}
    last, (masses, through, share, seen) = jax.lax.scan(one, begun, (jnp.arange(months), later, choices))
    whole = {name: jnp.concatenate([masses[name], last[name][None]]) for name in begin}
    empty = jnp.zeros((months + 1, 0))
    return Path(whole.get("war", empty), whole.get("peace", empty), through, share, seen)


def _renewed(layers: tuple, before: Masses, after: Masses, renew: Array | float) -> tuple[Masses, Array]:
    """Scale what is still open to the mass that was open at the start of the month; return it and the share kept."""
    ended = {layer.station: layer.over for layer in layers if isinstance(layer, Absorb) and layer.station in before}
    resting = {name: before[name] * ended.get(name, 0.0) for name in before}
    was_open = sum((before[name] - resting[name]).sum() for name in before)
    still = sum((after[name] - resting[name]).sum() for name in before)
    share = jnp.where(was_open > 0, still / jnp.where(was_open > 0, was_open, 1.0), 1.0)
    factor = jnp.where((renew > 0) & (share > 0), 1 / jnp.where(share > 0, share, 1.0), 1.0)
    return {name: resting[name] + factor * (after[name] - resting[name]) for name in before}, share


@partial(jax.jit, static_argnames=("rules",))
def stations_in(rules: Any, inputs: Any, later: Stations, choices: dict[str, Choice], month: Array) -> Stations:
    """Return the value at every station of one month, from next month's values and the month's choices."""
    setting = Setting(rules.beliefs(inputs), rules.kinds, 0.0)
    stations = dict(later)
    for layer in reversed(rules.layers(inputs, month)):
        value = evaluate(layer, choices.get(layer.station), stations, setting, "expectation")
        shape = (len(rules.kinds), *value.shape[1:-2], len(setting.levels), value.shape[-1])
        stations[layer.station] = jnp.broadcast_to(value, shape)
    return stations
