"""Read a value at a belief between the levels of the belief grid.

Linear interpolation is a lottery between two neighbouring beliefs with the right mean, so it keeps both Bayes
plausibility and the linearity that forward distributions need.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float


def slopes(values: Float[Array, "*lead beliefs cells"], levels: Float[Array, " beliefs"]) -> list[Array]:
    """Return the slope of ``values`` on each belief interval, a list of arrays ``(*lead, 1, cells)``."""
    steps = len(levels) - 1
    return [
        (values[..., i + 1 : i + 2, :] - values[..., i : i + 1, :]) / (levels[i + 1] - levels[i]) for i in range(steps)
    ]


def read(
    values: Float[Array, "*lead levels cells"],
    belief: Float[Array, "*lead beliefs cells"],
    levels: Float[Array, " levels"],
) -> Float[Array, "*lead beliefs cells"]:
    """Interpolate ``values`` (given at the belief levels) at ``belief``, linearly; leading axes broadcast."""
    if len(levels) == 1:
        return jnp.broadcast_to(values, jnp.broadcast_shapes(values.shape, belief.shape))
    total = values[..., :1, :]
    for i, slope in enumerate(slopes(values, levels)):
        total = total + slope * jnp.clip(belief - levels[i], 0, levels[i + 1] - levels[i])
    return total


def read_with_slope(
    first: Float[Array, "*lead 1 cells"],
    slope: list[Array],
    belief: Float[Array, "*lead beliefs cells"],
    levels: Float[Array, " levels"],
) -> tuple[Array, Array]:
    """Return value and slope at ``belief`` from the value at the lowest level and the slopes of each interval."""
    value, here = first, jnp.zeros_like(belief)
    for i, piece in enumerate(slope):
        offset = belief - levels[i]
        value = value + piece * jnp.clip(offset, 0, levels[i + 1] - levels[i])
        here = jnp.where(offset >= 0, piece, here)
    return value, here


def read_at(values: np.ndarray, belief: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Interpolate NumPy values ``(..., levels, cells)`` at beliefs ``(..., beliefs, cells)``, linearly."""
    if len(levels) == 1:
        return np.broadcast_to(values, belief.shape)
    place = np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2)
    share = (belief - levels[place]) / (levels[place + 1] - levels[place])
    values = np.broadcast_to(values, (*belief.shape[:-2], *values.shape[-2:]))
    low, high = (np.take_along_axis(values, place + step, axis=-2) for step in (0, 1))
    return low + share * (high - low)
