"""The compiled loops, made once and kept on disk; they serve every game, whatever its shape."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from outlast.solving.kept import kept_folder

SOURCES = ("lanes", "movement", "stationwise", "tracing", "vectors")
"""Modules that the loops are compiled from: a change in one of them compiles anew."""


class Programs(NamedTuple):
    """The loops that the solver calls; each lets go of the interpreter while it works."""

    decide: Callable[..., None]
    step_values: Callable[..., None]
    step_mass: Callable[..., None]
    shift_values: Callable[..., None]
    shift_mass: Callable[..., None]
    pass_mass: Callable[..., None]
    split_mass: Callable[..., None]


@lru_cache(maxsize=1)
def programs() -> Programs:
    """Return the loops, ready to be compiled at their first call or to be read from disk."""
    import numba
    from numba.core import config

    from outlast.solving import movement, stationwise

    # Numba looks at the time stamp of one file only; a change in a file that this one uses would go unnoticed.
    sources = [Path(__file__).with_name(f"{name}.py") for name in SOURCES]
    state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    settings: Any = config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(kept_folder() / f"loops-{state}")
    try:
        compiled = numba.njit(nogil=True, cache=True)
        return Programs(
            compiled(stationwise.decide),
            *(compiled(getattr(movement, name)) for name in Programs._fields[1:]),
        )
    finally:
        settings.CACHE_DIR = before
