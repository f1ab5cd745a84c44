"""Exact distributions: mass pushed through the layers of each month.

Every layer maps values at later stations linearly to values at its own, so its transpose maps mass at its station to mass
at later ones. Nothing is sampled. A run follows one type of the challenger; mixing over types is the caller's.
"""

from __future__ import annotations

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
    losses: Float[Array, "months accounts"]
    """Mass of signings at which an account would have been better off without: mistakes."""


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


def push(layers: tuple, choices: dict[str, Choice], masses: Masses, shapes: Stations, setting: Setting, keep: dict[str, Array]):
    """Push mass through one month; return mass at every station and mass at tomorrow's.

    ``shapes`` holds an array of the right shape for every station (one account). ``keep`` scales the mass that arrives at
    a station: 0 follows only the histories that avoid it.
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
            out = carry(layer, choice, inner, (SETTLER,), setting, pays=False)
            return jnp.broadcast_to(out, shapes[layer.station].shape)

        primal = {name: shapes[name] for name in names}
        (arrived,) = jax.linear_transpose(value, primal)(mass)
        for name in names:
            into = tomorrow if name in next_month else here
            into[name] = into[name] + arrived[name] if name in into else arrived[name]
    return here, tomorrow


def own_choice(choice: Choice, kind: Array) -> Choice:
    """Return the choice as one type plays it: kind 0 the settler, 1 the staller."""
    if choice.staller is None:
        return choice
    played = [jnp.where(kind == 0, a, b) for a, b in zip(choice.settler, choice.staller, strict=True)]
    return Choice(played, played, choice.posterior)


@partial(jax.jit, static_argnames=("rules", "months", "begin"))
def run(
    rules: Any,
    inputs: Any,
    kept: Any,
    start: Masses,
    kind: Array,
    keep: dict[str, Array],
    *,
    months: int,
    begin: tuple[str, ...],
) -> Path:
    """Push ``start`` through the first ``months`` kept months as the given type plays.

    ``begin`` names the stations where mass can be at the start of a month: ``("war", "peace")``, or ``("peace",)`` to
    follow a settlement alone. ``kept`` is the calendar solution's memory.
    """
    levels = rules.beliefs(inputs)
    setting = Setting(levels, (SETTLER,), 0.0)
    everyone = Setting(levels, rules.kinds, 0.0)

    def one(masses: Masses, entry):
        month, now, choices = entry
        layers = rules.layers(inputs, month)
        stations = dict(now)
        for layer in reversed(layers):
            value = evaluate(layer, choices.get(layer.station), stations, everyone, "expectation")
            shape = (len(rules.kinds), *value.shape[1:-2], len(levels), value.shape[-1])
            stations[layer.station] = jnp.broadcast_to(value, shape)
        shapes = {name: jnp.zeros((1, *value.shape[1:]), value.dtype) for name, value in stations.items()}
        mine = {name: own_choice(choice, kind) for name, choice in choices.items()}
        begun = {name: mass[None] for name, mass in masses.items()}
        here, tomorrow = push(layers, mine, begun, shapes, setting, keep)
        total = {name: mass[0].sum(axis=(-2, -1)) for name, mass in here.items()}
        lost = jnp.zeros(len(rules.kinds))
        if "signed" in here and "fruitless" in stations:
            worse = stations["signed"] < stations["fruitless"][:, None]
            lost = (here["signed"] * worse).sum(axis=(1, 2, 3))
        after = {name: tomorrow[name][0] if name in tomorrow else jnp.zeros_like(masses[name]) for name in begin}
        return after, (masses, total, lost)

    later = {name: value[1 : months + 1] for name, value in kept.values.items()}
    choices = jax.tree.map(lambda leaf: leaf[:months], kept.choices)
    begun = {name: start[name] for name in begin}
    last, (masses, through, losses) = jax.lax.scan(one, begun, (jnp.arange(months), later, choices))
    whole = {name: jnp.concatenate([masses[name], last[name][None]]) for name in begin}
    empty = jnp.zeros((months + 1, 0))
    return Path(whole.get("war", empty), whole.get("peace", empty), through, losses)


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
