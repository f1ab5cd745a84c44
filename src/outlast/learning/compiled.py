"""The filter's loops, compiled once and kept on disk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from outlast.solving.kept import kept_folder


class Loops(NamedTuple):
    """The loops that the filter calls."""

    split: Callable[..., None]
    talks: Callable[..., None]
    decode: Callable[..., None]


@lru_cache(maxsize=1)
def loops() -> Loops:
    """Return the loops, ready to be compiled at their first call or to be read from disk."""
    import numba
    from numba.core import config

    from outlast.learning import loops as written

    state = hashlib.sha256(Path(written.__file__).read_bytes()).hexdigest()[:16]
    settings: Any = config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(kept_folder() / f"filter-{state}")
    try:
        compiled = numba.njit(nogil=True, cache=True)
        return Loops(*(compiled(getattr(written, name)) for name in Loops._fields))
    finally:
        settings.CACHE_DIR = before
