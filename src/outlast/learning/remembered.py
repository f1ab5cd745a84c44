"""What a record says in stored draws, remembered: the same record is weighed again at once."""

from __future__ import annotations

import hashlib
import io
from contextlib import suppress
from pathlib import Path

import numpy as np

from outlast.answers.job import packed
from outlast.ensemble.storing import write_whole
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
    """Return what was stored, without the ends of the wars, or None if there is nothing whole."""
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        plain = [found[name] for name in PLAIN]
        stocks = [found[f"stock:{stock}"] for stock in STOCKS]
    except (OSError, ValueError, KeyError, EOFError):
        return None
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
        write_whole(path, packed(arrays))
