"""Compile loops once and keep them on disk, in one place, whoever asks for them first.

Numba picks the folder by a setting of the whole process while a function is decorated. Setting that and setting it back
is not safe where threads meet: loops of others would land here, and ours in the working directory. So each loop is
given its folder directly and nothing of the process is changed.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Loop = Callable[..., Any]
_LOCK = threading.Lock()
_KEPT: dict[str, tuple[Loop, ...]] = {}


def cache_folder() -> Path:
    """Return the folder for what is kept between runs: what ``OUTLAST_CACHE`` names, or one in the user's cache."""
    return Path(os.environ.get("OUTLAST_CACHE") or Path.home() / ".cache" / "outlast")


def kept_loops(name: str, functions: Sequence[Loop], sources: Sequence[Path]) -> tuple[Loop, ...]:
    """Return functions as loops, each compiled at its first call or read from disk; they let go of the interpreter.

    Args:
        name: of the group; a group is made once in a process.
        functions: as written in Python.
        sources: the files that they are compiled from; a change in one of them compiles anew.

    Returns:
        The loops. Where the folder cannot be written to, they are compiled for this process alone.
    """
    with _LOCK:
        if name not in _KEPT:
            # Numba looks at the time stamp of one file only; a change in a file that this one uses would go unnoticed.
            state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
            folder = cache_folder() / f"{name}-{state}"
            _KEPT[name] = tuple(_kept(function, folder) for function in functions)
        return _KEPT[name]


def _kept(function: Loop, folder: Path) -> Loop:
    import numba
    from numba.core import caching

    class Here(caching.UserProvidedCacheLocator):
        def __init__(self, py_func: Any, py_file: str) -> None:
            self._py_file, self._lineno = py_file, py_func.__code__.co_firstlineno
            self._cache_path = str(folder)

        @classmethod
        def from_function(cls, py_func: Any, py_file: str) -> Any:
            # The parent looks at the setting of the process first.
            return super(caching.UserProvidedCacheLocator, cls).from_function(py_func, py_file)

    class Results(caching.CompileResultCacheImpl):
        _locator_classes = [Here]  # noqa: RUF012

    class Kept(caching.FunctionCache):
        _impl_class = Results

    loop: Any = numba.njit(nogil=True)(function)
    try:
        loop._cache = Kept(function)
    except RuntimeError:  # no folder to write to
        return loop
    return loop
