"""The map of an explicit game: values after one more move, from values now.

    z(a) = Q(mover, a) / (noise scale),   p = exp z / sum exp z,   (T V)(i) = sum over a of p(a) Q(i, a)

States are laid out in blocks of equally many actions, so that every block is a few dense arrays; ends come last. Under
the convention ``logsumexp`` the mover's own value is (noise scale) log sum exp z instead (Rust 1987); it is
``expectation`` otherwise (McKelvey & Palfrey 1998). Games with a private type need a belief and are mapped elsewhere.
"""

from __future__ import annotations

from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from outlast.game.explicit import ExplicitGame

DENSE_SHARE = 4
"""A block's moves are kept as a matrix over all states when its rows have more than one successor in this many."""
DENSE_LIMIT = 2**25
"""Most entries of such a matrix."""
FEW = 32
"""Actions times successors up to which a block is written out action by action."""


class Block(eqx.Module):
    """States with equally many actions.

    ``move`` is the chance of each successor: ``(actions, width, states)`` for the listed ones, or
    ``(actions, states, all states)`` where ``successor`` is None.
    """

    mover: Int[Array, " states"]
    noise: Float[Array, " states"]
    discount: Float[Array, "accounts states"]
    pay: Float[Array, "accounts actions states"]
    move: Float[Array, "..."]
    successor: Int[Array, "actions width states"] | None


class Layout(eqx.Module):
    """An explicit game in the order of its blocks; ``ends`` holds the values there."""

    blocks: tuple[Block, ...]
    ends: Float[Array, "accounts ends"]
    convention: str = eqx.field(static=True, default="expectation")


class Choices(eqx.Module):
    """What one pass over the map finds: the next values, and per block the chances and the mover's own values Q."""

    values: Float[Array, "accounts live"]
    chances: tuple[Float[Array, "actions states"], ...]
    own: tuple[Float[Array, "actions states"], ...]


def order_of(game: ExplicitGame) -> np.ndarray:
    """Return the states in the order of the layout: by number of actions, ends last."""
    last = game.counts.max() + 1 if game.states else 1
    return np.argsort(np.where(game.counts > 0, game.counts, last), kind="stable")


def layout_of(game: ExplicitGame, convention: str = "expectation") -> Layout:
    """Return the arrays of a game, block by block, in NumPy; a private type is not carried along."""
    if convention not in ("expectation", "logsumexp"):
        raise ValueError(f"no value convention is called {convention!r}: use 'expectation' or 'logsumexp'")
    order = order_of(game)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    sizes = np.unique(game.counts[game.counts > 0])
    blocks = tuple(_block(game, np.flatnonzero(game.counts == size), int(size), place) for size in sizes)
    ends: Any = game.value[:, game.counts == 0]
    return Layout(blocks, ends, convention)


def _block(game: ExplicitGame, states: np.ndarray, actions: int, place: np.ndarray) -> Block:
    rows = game.first[states] + np.arange(actions)[:, None]
    length = np.diff(game.edge)[rows]
    width = int(length.max())
    arrays: dict[str, Any] = {
        "mover": np.maximum(game.mover[states], 0),
        "noise": np.where(game.counts[states] > 1, game.noise[states], 1.0),
        "discount": game.discount[:, states],
        "pay": game.pay[:, rows],
    }
    step = np.arange(width)[:, None]
    listed = step < length[:, None]
    edges = np.where(listed, game.edge[rows][:, None] + step, 0)
    chance = np.where(listed, game.chance[edges], 0.0)
    successor = np.where(listed, place[game.successor[edges]], 0)
    if width * DENSE_SHARE > game.states and rows.size * game.states <= DENSE_LIMIT:
        matrix = np.zeros((*rows.shape, game.states))
        at = np.broadcast_to(np.arange(rows.size).reshape(rows.shape)[:, None], successor.shape)
        np.add.at(matrix.reshape(-1, game.states), (at, successor), chance)
        return Block(**arrays, move=matrix, successor=None)  # pyright: ignore[reportArgumentType]
    small = np.int32 if game.states < 2**31 else np.int64
    return Block(**arrays, move=chance, successor=successor.astype(small))  # pyright: ignore[reportArgumentType]


def worth(block: Block, full: Float[Array, "accounts all"]) -> Float[Array, "accounts actions states"]:
    """Return Q: what each action is worth to every account."""
    if block.successor is None:
        after = jnp.einsum("asj,ij->ias", block.move, full)
    else:
        after = sum(
            block.move[:, k] * jnp.take(full, block.successor[:, k], axis=1, mode="clip")
            for k in range(block.move.shape[1])
        )
    return block.pay + block.discount[:, None] * after


def _reply(block: Block, full: Array, scale: Array, convention: str) -> tuple[Array, Array, Array]:
    """Return the values, the chances and the mover's own Q of one block."""
    q = worth(block, full)
    if q.shape[1] == 1:
        return q[:, 0], jnp.ones(q.shape[1:], q.dtype), q[0]
    own = jnp.take_along_axis(q, block.mover[None, None], axis=0)[0]
    noise = block.noise * scale
    chances = jax.nn.softmax(own / noise, axis=0)
    value = (chances * q).sum(axis=1)
    if convention == "logsumexp":
        inclusive = noise * jax.nn.logsumexp(own / noise, axis=0)
        value = jnp.where(block.mover == jnp.arange(len(q))[:, None], inclusive, value)
    return value, chances, own


def _values_of_few(block: Block, full: Array, scale: Array) -> Array:
    """Return the values of one block action by action, each in arrays of one axis, which compile to fewer passes.

    By plain expectation; the same numbers as ``_reply``.
    """
    accounts, actions, _ = block.pay.shape
    assert block.successor is not None
    worths = []
    for a in range(actions):
        reached = [[jnp.take(one, at, mode="clip") for one in full] for at in block.successor[a]]
        after = [sum(block.move[a, k] * reached[k][i] for k in range(len(reached))) for i in range(accounts)]
        worths.append([block.pay[i, a] + block.discount[i] * after[i] for i in range(accounts)])
    movers = [block.mover == i for i in range(accounts)]
    own = [jnp.select(movers, worth) / (block.noise * scale) for worth in worths]
    top = own[0]
    for one in own[1:]:
        top = jnp.maximum(top, one)
    grown = [jnp.exp(one - top) for one in own]
    total = sum(grown)
    return jnp.stack([sum(grown[a] * worths[a][i] for a in range(actions)) / total for i in range(accounts)])


def choices(values: Float[Array, "accounts live"], scale: Array, layout: Layout) -> Choices:
    """Return the next values and the chances that lead to them."""
    full = jnp.concatenate([values, layout.ends], axis=1)
    parts = [_reply(block, full, scale, layout.convention) for block in layout.blocks]
    values = jnp.concatenate([part[0] for part in parts], axis=1)
    return Choices(values, tuple(part[1] for part in parts), tuple(part[2] for part in parts))


def move_once(values: Float[Array, "accounts live"], scale: Array, layout: Layout) -> Float[Array, "accounts live"]:
    """Return the values one move earlier; ``scale`` multiplies every noise. A fixed point is an equilibrium."""
    full = jnp.concatenate([values, layout.ends], axis=1)
    parts = []
    for block in layout.blocks:
        few = block.successor is not None and block.successor.shape[0] * block.successor.shape[1] <= FEW
        if few and layout.convention == "expectation":
            parts.append(_values_of_few(block, full, scale))
        else:
            parts.append(_reply(block, full, scale, layout.convention)[0])
    return jnp.concatenate(parts, axis=1)


def under(values: Float[Array, "accounts live"], chances: tuple[Array, ...], layout: Layout) -> Array:
    """Return the values one move earlier when play follows the given chances, by plain expectation."""
    full = jnp.concatenate([values, layout.ends], axis=1)
    parts = [(chance * worth(block, full)).sum(axis=1) for block, chance in zip(layout.blocks, chances, strict=True)]
    return jnp.concatenate(parts, axis=1)


def uniform(layout: Layout) -> tuple[Array, ...]:
    """Return equal chances for every action: what endless noise leads to."""
    return tuple(jnp.full(block.pay.shape[1:], 1 / block.pay.shape[1]) for block in layout.blocks)
