"""Read a value at a belief between the levels of the belief grid.

Linear interpolation is a lottery between two neighbouring beliefs with the right mean, so it keeps both Bayes
plausibility and the linearity that forward distributions need.
"""

from __future__ import annotations

import numpy as np


def read_at(values: np.ndarray, belief: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Interpolate values ``(..., levels, cells)`` at beliefs ``(..., beliefs, cells)``, linearly."""
    if len(levels) == 1:
        return np.broadcast_to(values, belief.shape)
    place = np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2)
    share = (belief - levels[place]) / (levels[place + 1] - levels[place])
    values = np.broadcast_to(values, (*belief.shape[:-2], *values.shape[-2:]))
    low, high = (np.take_along_axis(values, place + step, axis=-2) for step in (0, 1))
    return low + share * (high - low)
