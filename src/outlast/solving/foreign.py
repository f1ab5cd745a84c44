"""Let XLA call a compiled loop: the binary interface of its foreign calls, read from inside Numba.

XLA hands a function one address, that of a call frame which lists the addresses of operands and results (``c_api.h`` of
jaxlib, interface 0.x). Offsets below are those of that header on a machine with 64-bit addresses.
"""

from __future__ import annotations

import ctypes
import hashlib
from pathlib import Path
from typing import Any

import jax
import numba
import numpy as np
from llvmlite import ir
from numba import carray, types
from numba.extending import intrinsic

from outlast.solving.vectors import loop

_OPERANDS, _RESULTS = 40 + 16, 80 + 16
"""Where the frame keeps the count of operands, their kinds and their addresses; and the same of results."""
_DATA, _RANK = 24, 32
"""Where a buffer keeps the address of its numbers, and its rank, which the address of its sizes follows."""
_EXTENSION, _KIND, _METADATA = 8, 8, 24
"""Where a frame keeps its extension, an extension its kind, and one of the kind that asks for the version its answer."""
_VERSION = 24
"""Where that answer keeps the major and the minor number."""
_MINOR = 3 << 32
"""Major number 0, minor number 3, as one integer of 64 bits."""


@intrinsic
def _pointer(typing: Any, address: Any) -> Any:
    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], ir.IntType(8).as_pointer())

    return types.voidptr(types.int64), emit


@loop
def integers(address, count):
    """Return the ``count`` integers of 64 bits at an address."""
    return carray(_pointer(np.int64(address)), (np.int64(count),), np.int64)


@loop
def doubles(address, copy, count):
    """Return the ``count`` doubles of one of several games whose numbers stand at an address one after another."""
    return carray(_pointer(address + 8 * copy * count), (count,), np.float64)


@loop
def operands(frame):
    """Return the addresses of a call's operands."""
    lists = integers(frame + _OPERANDS, 3)
    return integers(lists[2], lists[0])


@loop
def results(frame):
    """Return the addresses of a call's results."""
    lists = integers(frame + _RESULTS, 3)
    return integers(lists[2], lists[0])


@loop
def numbers(buffer):
    """Return the address of a buffer's numbers."""
    return integers(buffer + _DATA, 1)[0]


@loop
def copies(buffer):
    """Return how many scalars a buffer holds that is a scalar unless XLA calls for several games at once."""
    rank = integers(buffer + _RANK, 2)
    total = 1
    for size in integers(rank[1], rank[0]):
        total *= size
    return total


@loop
def asked_for_version(frame):
    """Answer XLA when it asks which version of its interface a function was written for; return whether it did."""
    extension = integers(frame + _EXTENSION, 1)[0]
    if extension == 0 or integers(extension + _KIND, 1)[0] & 0xFFFFFFFF != 1:
        return False
    integers(integers(extension + _METADATA, 1)[0] + _VERSION, 1)[0] = _MINOR
    return True


def register(name: str, function: Any, folder: Path) -> Any:
    """Compile a function of a frame's address that returns 0, keep it on disk, and make it callable from XLA.

    Args:
        name: what XLA calls it by.
        function: Python source that Numba compiles.
        folder: where compiled code is kept, in a folder of its own for each state of the sources.

    Returns:
        The compiled function, which has to live as long as XLA may call it.
    """
    # Numba looks at the time stamp of one file only; a change in a file that this one uses would go unnoticed.
    sources = sorted(Path(__file__).parent.glob("*.py"))
    state = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder / state)
    try:
        compiled = numba.cfunc(types.int64(types.int64), cache=True)(function)
    finally:
        numba.config.CACHE_DIR = before
    capsule = jax.ffi.pycapsule(ctypes.cast(compiled.address, ctypes.c_void_p))
    jax.ffi.register_ffi_target(name, capsule, platform="cpu")
    return compiled
