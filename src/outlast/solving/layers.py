"""Solve one layer backward, and carry values through it.

``respond`` finds the mover's equilibrium choice at a layer. ``carry`` is the linear map from values at later stations
to values at the layer's own station, given the choice; distributions run through its transpose.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from outlast.game.layers import TYPED, Absorb, Action, Chance, Decision, Layer, Move, Shift, Step
from outlast.solving import typed
from outlast.solving.reading import read

NEVER = -1e6
"""Log weight of an action that is not allowed."""

SETTLER, STALLER, POOLED = 0, 1, 2
"""Kinds of account: the two types know their own chances, everybody else sees the pooled ones."""

Stations = dict[str, Array]


class Choice(NamedTuple):
    """The equilibrium choice at a decision, one array per action block.

    Public: ``settler`` is the mover's chance, ``staller`` and ``posterior`` are None. Arrays have shape
    ``(actions, *index, beliefs, cells)``.
    """

    settler: list[Any]
    staller: Any = None
    posterior: Any = None


class Evidence(NamedTuple):
    """What a typed layer proves about itself, as the largest over its nodes.

    ``bayes``: belief read after an action less Bayes' rule on the chances played. ``residual``: the most that gap can
    move a value (gap times the steepest slope in belief), in normalised value. ``rounds``: Newton rounds used.
    """

    bayes: Array
    residual: Array
    rounds: Array


class Setting(NamedTuple):
    """What every layer of a game needs to know: belief levels, account kinds, the tolerance at typed nodes."""

    levels: Float[Array, " beliefs"]
    kinds: tuple[int, ...]
    tolerance: float

    @property
    def prior(self) -> Array:
        """Return the belief levels as a column that broadcasts over cells."""
        return self.levels[:, None]


def block(action: Action, stations: Stations, index: int, pays: bool) -> Array:
    """Return the value of an action's fan to every account, ``(accounts, actions, *index, beliefs, cells)``."""
    value = stations[action.to]
    if not action.fan:
        value = value[:, None]
    while value.ndim < index + 4:
        value = value[:, :, None]
    if pays and action.pay is not None:
        value = value + action.pay
    return value


def log_weight(action: Action) -> Array:
    """Return the log base weight of an action's fan, broadcastable to its block without accounts."""
    total = jnp.zeros((1, 1, 1))
    if action.weight is not None:
        given = jnp.asarray(action.weight)
        total = total + jnp.where(given > 0, jnp.log(jnp.where(given > 0, given, 1.0)), NEVER)[:, None, None]
    if action.allowed is not None:
        total = total + jnp.where(action.allowed > 0, 0.0, NEVER)
    return total


def _own_weight(action: Action, index: int) -> Array:
    weight = log_weight(action)
    while weight.ndim < index + 3:
        weight = weight[:, None]
    return weight


def logit(values: list[Array], weights: list[Array], noise: Array) -> tuple[list[Array], Array]:
    """Return logit chances per block (actions on the leading axis) and the log-sum-exp in value units."""
    z = [value / noise + weight for value, weight in zip(values, weights, strict=True)]
    top = z[0].max(axis=0)
    for zi in z[1:]:
        top = jnp.maximum(top, zi.max(axis=0))
    grown = [jnp.exp(zi - top) for zi in z]
    total = sum(g.sum(axis=0) for g in grown)
    return [g / total for g in grown], noise * (top + jnp.log(total))


def respond(layer: Layer, stations: Stations, start: typed.Start | None, setting: Setting):
    """Return ``(choice, warm start for the month before, evidence)``; each None where there is none to give."""
    if not isinstance(layer, Decision):
        return None, None, None
    weights = [_own_weight(action, layer.index) for action in layer.actions]
    blocks = [block(action, stations, layer.index, True) for action in layer.actions]
    if layer.mover == TYPED:
        return _respond_typed(layer, blocks, weights, start, setting)
    own = [b[layer.mover] for b in blocks]
    chances, _ = logit(own, weights, layer.noise)
    return Choice(chances), None, None


def joined(blocks: list[Array]) -> Array:
    """Return action blocks as one array ``(accounts, actions, index, beliefs, cells)``; no index counts as one."""
    common = jnp.broadcast_shapes(*[b.shape[2:] for b in blocks])
    whole = jnp.concatenate([jnp.broadcast_to(b, (*b.shape[:2], *common)) for b in blocks], axis=1)
    return whole if whole.ndim == 5 else whole[:, :, None]


def _respond_typed(
    layer: Decision, blocks: list[Array], weights: list[Array], start: typed.Start | None, setting: Setting
):
    own = joined([b[:2] for b in blocks])
    sizes = [b.shape[1] for b in blocks]
    weight = joined([w[None] for w in weights])[0]
    if start is None:
        start = typed.pooling(setting.levels, own.shape[1:])
    found = typed.choose(
        own, weight, noise=layer.noise, start=start, levels=setting.levels, tolerance=setting.tolerance
    )

    def parts(whole: Array) -> list[Array]:
        whole = whole if layer.index else whole[:, 0]
        cuts = [sum(sizes[: i + 1]) for i in range(len(sizes) - 1)]
        return jnp.split(whole, cuts, axis=0)

    choice = Choice(parts(found.settler), parts(found.staller), parts(found.posterior))
    return choice, found.start, Evidence(found.bayes, found.residual, found.rounds)


def chances(choice: Choice, kinds: tuple[int, ...], prior: Array) -> list[Array]:
    """Return per block the chance of each action as each kind of account sees it, ``(accounts, actions, ...)``."""
    if choice.staller is None:
        return [c[None] for c in choice.settler]
    out = []
    for settler, staller in zip(choice.settler, choice.staller, strict=True):
        by_kind = {SETTLER: settler, STALLER: staller}
        if POOLED in kinds:
            by_kind[POOLED] = prior * staller + (1 - prior) * settler
        out.append(jnp.stack([by_kind[k] for k in kinds]))
    return out


def carry(
    layer: Layer, choice: Choice | None, stations: Stations, kinds: tuple[int, ...], setting: Setting, *, pays: bool
):
    """Return the value at the layer's station from later stations, for accounts of the given kinds.

    With ``pays`` False the map is linear in ``stations``: the expectation of any function of where play goes.
    """
    match layer:
        case Decision():
            assert choice is not None
            total: Any = 0.0
            for action, chance, i in zip(
                layer.actions, chances(choice, kinds, setting.prior), range(len(layer.actions)), strict=True
            ):
                values = block(action, stations, layer.index, pays)
                if choice.posterior is not None:
                    values = read(values, choice.posterior[i][None], setting.levels)
                total = total + (chance * values).sum(axis=1)
            return total
        case Chance():
            return sum(p * stations[name] for p, name in zip(layer.chances, layer.to, strict=True))
        case Move():
            return _carry_move(layer, stations, pays)
        case Absorb():
            here = layer.value if pays else stations[layer.station]
            return jnp.where(layer.over > 0, here, stations[layer.to])


def _carry_move(layer: Move, stations: Stations, pays: bool) -> Array:
    value = stations[layer.to]
    if layer.pick is not None:
        value = value[:, layer.pick]
    while value.ndim < layer.index + 3:
        value = value[:, None]
    for move in reversed(layer.moves):
        value = step(move, value) if isinstance(move, Step) else shift(move, value)
    if pays and layer.discount is not None:
        value = layer.discount.reshape((-1,) + (1,) * (value.ndim - 1)) * value
    if pays and layer.pay is not None:
        value = layer.pay + value
    return value


def step(move: Step, value: Array) -> Array:
    """Return the expected value after a stock's own step, applied to ``(..., cells)``."""
    s = move.stride
    pad = [(0, 0)] * (value.ndim - 1)
    above = jnp.pad(value[..., s:], [*pad, (0, s)])
    below = jnp.pad(value[..., :-s], [*pad, (s, 0)])
    return value + move.up * (above - value) + move.down * (below - value)


def shift(move: Shift, value: Array) -> Array:
    """Return the expected value after a stock's jump, applied to ``(accounts, *index, beliefs, cells)``."""
    levels = move.matrix.shape[-1]
    parts = value.reshape(*value.shape[:-1], move.before, levels, move.after)
    if move.matrix.ndim == 2:
        out = jnp.einsum("ij,...bjc->...bic", move.matrix, parts)
    else:
        out = jnp.einsum(
            "kij,akgbjc->akgbic",
            move.matrix,
            jnp.broadcast_to(parts, (parts.shape[0], move.matrix.shape[0], *parts.shape[2:])),
        )
    return out.reshape(*out.shape[:-3], -1)


def evaluate(layer: Layer, choice: Choice | None, stations: Stations, setting: Setting, convention: str) -> Array:
    """Return the value at the layer's station to all accounts under the chosen value convention."""
    value: Any = carry(layer, choice, stations, setting.kinds, setting, pays=True)
    if convention == "expectation" or not isinstance(layer, Decision):
        return value
    weights = [_own_weight(action, layer.index) for action in layer.actions]
    blocks = [block(action, stations, layer.index, True) for action in layer.actions]
    if layer.mover != TYPED:
        _, inclusive = logit([b[layer.mover] for b in blocks], weights, layer.noise)
        return value.at[layer.mover].set(jnp.broadcast_to(inclusive, value.shape[1:]))
    assert choice is not None
    assert choice.posterior is not None
    at = [read(b[:2], p[None], setting.levels) for b, p in zip(blocks, choice.posterior, strict=True)]
    for kind in (0, 1):
        _, inclusive = logit([a[kind] for a in at], weights, layer.noise)
        value = value.at[kind].set(inclusive)
    return value
