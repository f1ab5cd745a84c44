from __future__ import annotations

from collections.abc import Iterator

import jax
import pytest


@pytest.fixture(autouse=True)
def double_precision() -> Iterator[None]:
    """Compute as the solver does, so that tolerances can be those of exact arithmetic."""
    with jax.enable_x64(True):
        yield
