"""What headline answers owe to the start: smooth functions of the numbers, of values and of choices in month 0."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from outlast.game.conflict import conflict_in
from outlast.game.grid import STOCKS, hat
from outlast.game.payoffs import line_map
from outlast.solving.reading import read


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


def best_product(shape: Any, k: int, inputs: Any, values: Any, at: dict[str, Any], reading: Any) -> Any:
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


@partial(jax.jit, static_argnums=(2,))
def dividend_slopes(scalars: dict[str, Any], prior: Any, own: bool) -> Any:
    """Return derivatives of ``dividend`` with respect to its scalars and the prior."""
    return jax.grad(dividend, argnums=(0, 1))(scalars, prior, own)


@partial(jax.jit, static_argnums=(0, 1))
def best_slopes(shape: Any, k: int, inputs: Any, values: Any, at: dict[str, Any], reading: Any) -> Any:
    """Return derivatives of ``best_product`` with respect to month 0 and the reading."""
    return jax.grad(best_product, argnums=(4, 5))(shape, k, inputs, values, at, reading)


@partial(jax.jit, static_argnums=(0, 1))
def best_value_slopes(shape: Any, k: int, inputs: Any, values: Any, at: dict[str, Any], reading: Any) -> Any:
    """Return derivatives of ``best_product`` with respect to the numbers, month 0 held fixed."""
    return jax.grad(best_product, argnums=3)(shape, k, inputs, values, at, reading)


@partial(jax.jit, static_argnums=(0,))
def start_slopes(shape: Any, inputs: Any, values: Any, linear: Any, prior: Any) -> Any:
    """Return derivatives ``(columns, numbers)`` of expectations over the start.

    ``linear`` is what is expected, ``(beliefs, cells, columns)``; ``prior`` what a column owes to the prior besides.
    """

    def through(numbers: Any) -> Any:
        beliefs, cells = start_of(numbers, shape, inputs.grid)
        expected = jnp.einsum("b,c,bck->k", beliefs, cells, linear)
        return expected + prior * numbers[shape.slot("belief.staller")]

    return jax.jacrev(through)(values)
