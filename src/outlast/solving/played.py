"""Which cells of a month are ever played: where a war is over nobody decides, and nothing needs solving.

Play is followed from every cell at the month's start. What ends a story takes cells out, what moves a stock may bring
them back in; chances and choices are followed whatever their weight.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from outlast.game.layers import Absorb, Move, Step
from outlast.solving.vectors import WIDTH

if TYPE_CHECKING:
    from outlast.solving.month import Ready


@dataclass(frozen=True, eq=False)
class Played:
    """Blocks of eight neighbours that cover the cells in which a decision is played, and the cells that they leave out.

    Some cells of a block may be idle: they are solved with the others and hurt nobody.
    """

    begins: np.ndarray
    """First cell of each block."""
    idle: np.ndarray

    @classmethod
    def of(cls, cells: np.ndarray) -> Played:
        """Take a truth value per cell; there are at least eight."""
        begins, left = [], cells.copy()
        while left.any():
            # The last block reaches back over cells already covered, so that all of it is on the grid.
            begin = min(int(left.argmax()), len(cells) - WIDTH)
            begins.append(begin)
            left[begin : begin + WIDTH] = False
        idle = np.ones(len(cells), dtype=bool)
        for begin in begins:
            idle[begin : begin + WIDTH] = False
        return cls(np.array(begins), np.flatnonzero(idle))


def way(ready: Ready) -> bytes:
    """Return what tells apart the cells that a layer leads to, for layers of one kind at one station."""
    if ready.way is None:
        if isinstance(ready.layer, Absorb):
            ready.way = ready.ended().tobytes()
        else:
            moves = ready.layer.moves if isinstance(ready.layer, Move) else ()
            ready.way = b"".join(_possible(move).tobytes() for move in moves)
    return ready.way


def where_played(layers: Sequence[Ready], begins: Mapping[str, np.ndarray] | None = None) -> dict[str, Played]:
    """Return the cells in which decisions can arise in a month, of those that cannot in every cell.

    ``begins`` says in which cells a month can begin at a station, a truth value per cell; all of them elsewhere.
    """
    begins = begins or {}
    cells = next((len(ready.ended()) for ready in layers if isinstance(ready.layer, Absorb)), 0)
    if not cells:
        return {}
    reached: dict[str, np.ndarray] = {}
    found: dict[str, Played] = {}
    known: dict[bytes, Played] = {}
    for ready in layers:
        layer = ready.layer
        here = begins.get(layer.station, np.ones(cells, dtype=bool))
        here = reached.get(layer.station, here)
        if isinstance(layer, Absorb):
            there = here & ~ready.ended()
        elif isinstance(layer, Move):
            there = _moved(layer.moves, here)
        else:
            there = here
            if not here.all() and here.any():
                found[layer.station] = known.setdefault(here.tobytes(), Played.of(here))
        for name in ready.leads():
            reached[name] = reached.get(name, np.zeros(cells, dtype=bool)) | there
    return found


def _possible(move: Any) -> np.ndarray:
    """Return what a move can do: up, down and stay by cell, or a truth value per pair of levels."""
    if not isinstance(move, Step):
        matrix = np.asarray(move.matrix) > 0
        return np.any(matrix.reshape(-1, *matrix.shape[-2:]), axis=0)
    up, down = (np.asarray(chance).reshape(-1, np.shape(chance)[-1]) for chance in (move.up, move.down))
    return np.stack([(up > 0).any(axis=0), (down > 0).any(axis=0), (up + down < 1).any(axis=0)])


def _moved(moves: Sequence[Any], cells: np.ndarray) -> np.ndarray:
    """Return the cells that can be reached by moves taken in order."""
    for move in moves:
        possible = _possible(move)
        if isinstance(move, Step):
            rising, falling = (np.flatnonzero(cells & way) for way in possible[:2])
            cells = cells & possible[2]
            cells[rising + move.stride] = True
            cells[falling - move.stride] = True
        else:
            levels = cells.reshape(-1, len(possible), move.after)
            cells = (possible.T[None, :, :, None] & levels[:, None]).any(axis=2).reshape(-1)
    return cells
