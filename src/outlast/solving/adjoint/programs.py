"""The compiled loops of the derivatives, made once and kept on disk; they serve every game, whatever its shape."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from outlast.solving.kept import kept_folder


class Loops(NamedTuple):
    """The loops that derivatives need; each lets go of the interpreter while it works."""

    pull_typed: Callable[..., None]
    pull_public: Callable[..., None]
    carry_readings: Callable[..., None]
    pull_steps: Callable[..., None]
    carry_steps: Callable[..., None]
    pull_shift: Callable[..., None]
    carry_shift: Callable[..., None]


@lru_cache(maxsize=1)
def loops() -> Loops:
    """Return the loops, ready to be compiled at their first call or to be read from disk."""
    import numba
    from numba.core import config

    from outlast.solving.adjoint import moves, nodes

    # Numba looks at the time stamp of one file only; a change in a file that this one uses would go unnoticed.
    here = Path(__file__).parent
    sources = [here / "moves.py", here / "nodes.py", here.parent / "node.py", here.parent / "vectors.py"]
    state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    settings: Any = config
    before, settings.CACHE_DIR = settings.CACHE_DIR, str(kept_folder() / f"adjoint-{state}")
    try:
        compiled = numba.njit(nogil=True, cache=True)
        return Loops(
            *(compiled(getattr(nodes, name)) for name in Loops._fields[:3]),
            *(compiled(getattr(moves, name)) for name in Loops._fields[3:]),
        )
    finally:
        settings.CACHE_DIR = before
