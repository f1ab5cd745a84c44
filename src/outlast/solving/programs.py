"""The solver's loops, made once and kept on disk; they serve every game, whatever its shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from outlast.solving.compile_cache import kept_loops

SOURCES = ("lanes", "movement", "stationwise", "tracing", "vectors")
"""Modules that the loops are compiled from."""


class Programs(NamedTuple):
    """The loops that the solver calls; each lets go of the interpreter while it works."""

    decide: Callable[..., None]
    step_values: Callable[..., None]
    step_mass: Callable[..., None]
    shift_values: Callable[..., None]
    shift_mass: Callable[..., None]
    pass_mass: Callable[..., None]
    split_mass: Callable[..., None]


@cache
def programs() -> Programs:
    """Return the loops, ready to be compiled at their first call or to be read from disk."""
    from outlast.solving import movement, stationwise

    written = [stationwise.decide, *(getattr(movement, name) for name in Programs._fields[1:])]
    return Programs._make(kept_loops("loops", written, [Path(__file__).with_name(f"{name}.py") for name in SOURCES]))
