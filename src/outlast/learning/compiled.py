"""The filter's loops, compiled once and kept on disk."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from outlast.solving.compile_cache import kept_loops


class Loops(NamedTuple):
    """The loops that the filter calls."""

    split: Callable[..., None]
    talks: Callable[..., None]
    decode: Callable[..., None]


@cache
def loops() -> Loops:
    """Return the loops, ready to be compiled at their first call or to be read from disk."""
    from outlast.learning import loops as written

    functions = [getattr(written, name) for name in Loops._fields]
    return Loops._make(kept_loops("filter", functions, [Path(written.__file__)]))
