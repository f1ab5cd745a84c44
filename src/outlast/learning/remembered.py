"""What a record says in stored draws, remembered: the same record is weighed again at once."""

from __future__ import annotations

import hashlib
import logging
from contextlib import suppress
from pathlib import Path

import numpy as np

from outlast.files.sealed import Damaged, arrays_bytes, read_arrays, sealed
from outlast.files.whole import write_whole
from outlast.game.grid import STOCKS
from outlast.learning.evidence import Evidence
from outlast.learning.filter import Filtered
from outlast.solving.compile_cache import cache_folder

FOLDER = "readings"
PLAIN = ("loglikelihood", "increments", "index", "belief", "prior")


def place_of(mark: str, evidence: Evidence) -> Path:
    """Return the file for what a record says in draws with this mark."""
    name = hashlib.sha256(f"{mark}{evidence.digest}".encode()).hexdigest()[:32]
    return cache_folder() / FOLDER / f"{name}.npz"


def remembered(path: Path) -> list[Filtered] | None:
    """Return what was stored, without the ends of the wars, or None if there is nothing, or it is damaged."""
    if not path.exists():
        return None
    try:
        found = read_arrays(path, path.name)
        names = (*PLAIN, *(f"stock:{stock}" for stock in STOCKS))
        if set(found) != set(names) or len({len(found[name]) for name in names}) != 1:
            raise Damaged(path, "holds other arrays than expected")
    except Damaged as damaged:
        logging.getLogger(__name__).warning("%s; the record is weighed again", damaged)
        return None
    plain, stocks = [found[name] for name in PLAIN], [found[f"stock:{stock}"] for stock in STOCKS]
    return [
        Filtered(float(total), increments, index, belief, dict(zip(STOCKS, grids, strict=True)), None, float(prior))
        for total, increments, index, belief, prior, *grids in zip(*plain, *stocks, strict=True)
    ]


def remember(path: Path, found: list[Filtered]) -> None:
    """Store what a record says in every draw. Nothing is stored where the folder takes nothing: it is a cache."""
    arrays = {name: np.array([getattr(each, name) for each in found]) for name in PLAIN}
    arrays |= {f"stock:{s}": np.array([each.stocks[s] for each in found]) for s in STOCKS}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, sealed(arrays_bytes(arrays), path.name))
