"""Double precision for what this room computes; it takes no other room for that."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import jax


@contextlib.contextmanager
def precise() -> Iterator[None]:
    """Compute in double precision inside the block, and keep compiled programs on disk between runs.

    They are kept where ``OUTLAST_CACHE`` says, or in the user's cache, unless another room has chosen a folder already.
    """
    if not getattr(jax.config, "jax_compilation_cache_dir", None):
        folder = Path(os.environ.get("OUTLAST_CACHE") or Path.home() / ".cache" / "outlast")
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.5)
    with jax.enable_x64(True):
        yield
