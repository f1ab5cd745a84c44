"""Solve a game: values, choices and a certificate that says whether to trust them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np

from outlast.game import Game
from outlast.solving.calendar import Calendar, sweep
from outlast.solving.kept import kept_folder

WINDOW = 61
"""Months whose values and choices are kept: five years and the month after."""
BAYES_LIMIT = 1e-4
RESIDUAL_LIMIT = 1e-5


@dataclass(frozen=True)
class Solution:
    """The calendar solution of a game."""

    game: Game
    calendar: Calendar
    """Kept values and choices (leading axis month) and evidence, as JAX arrays."""
    convention: str
    seconds: float

    def __repr__(self) -> str:
        """Return one line: arrays say nothing at a glance."""
        verdict = "trusted" if self.trusted else "not to be trusted"
        return f"Solution of {self.game!r}: {verdict} (Bayes error {self.bayes:.0e}, residual {self.residual:.0e})"

    @property
    def bayes(self) -> float:
        """Largest distance of a belief read from Bayes' rule on the chances played."""
        return float(self.calendar.evidence.bayes)

    @property
    def residual(self) -> float:
        """Most that this distance can move a value, in normalised value."""
        return float(self.calendar.evidence.residual)

    @property
    def trusted(self) -> bool:
        """Whether both stay within their limits."""
        return self.bayes <= BAYES_LIMIT and self.residual <= RESIDUAL_LIMIT

    @property
    def values(self) -> dict[str, np.ndarray]:
        """Start-of-month values by station, ``(months, accounts, [phases], beliefs, cells)``."""
        return {name: np.asarray(value) for name, value in self.calendar.kept.values.items()}


@contextlib.contextmanager
def precise() -> Iterator[None]:
    """Compute in double precision inside the block, and keep compiled programs on disk between runs."""
    if not getattr(jax.config, "jax_compilation_cache_dir", None):
        jax.config.update("jax_compilation_cache_dir", str(kept_folder()))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    with jax.enable_x64(True):
        yield


def solve(game: Game, *, window: int = WINDOW, convention: str = "expectation") -> Solution:
    """Solve a game by backward induction over its calendar.

    Args:
        game: what ``compile`` returned.
        window: months to keep, at most the horizon; answers look no further.
        convention: value of a decision to its mover: ``expectation`` (McKelvey & Palfrey 1998) or ``logsumexp`` (Rust
            1987).

    Returns:
        The solution, whose certificate says whether to trust it.
    """
    begun = time.perf_counter()
    with precise():
        calendar = sweep(
            game.rules,
            to_device(game.inputs),
            months=game.shape.months,
            window=min(window, game.shape.months),
            convention=convention,
            loops=jax.default_backend() == "cpu",
        )
        calendar = jax.block_until_ready(calendar)
    return Solution(game, calendar, convention, time.perf_counter() - begun)


def to_device(inputs: Any) -> Any:
    """Return the inputs as JAX arrays."""
    return jax.tree.map(jax.numpy.asarray, inputs)
