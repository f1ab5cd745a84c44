"""What a record can be held against: the chances with which everyone plays, and how stocks move, month by month.

A solution keeps values and solves its choices again on demand, which takes as long as half the solve. A policy keeps
the choices instead, in little room: log odds in half precision where a choice has two actions, log chances where it has
many; nothing where the war is over; a table that stays the same from month to month is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from outlast.answers.standpoint import Standpoint
from outlast.game.grid import dictated
from outlast.game.layers import Step
from outlast.learning.compiled import loops
from outlast.solving import Solution
from outlast.solving.choice import Choice

BINARY = ("war.attend", "floor.challenger", "floor.defender", "floor.patron", "heard.challenger", "backed", "vetted",
          "heard.patron", "answer", "decide", "attacked")  # fmt: skip
"""Decisions with two actions; kept are the log odds of the first."""
FANS = ("which.challenger", "which.defender", "which.patron", "posture")
"""Decisions with many actions; kept are their log chances."""
TYPED = ("war.attend", "floor.challenger", "which.challenger", "answer", "decide")
IN_PEACE = ("decide", "attacked")
"""Decisions that are also met where the war would be over."""
MOVING = ("war.open", "battle", "signed", "peace", "settled", "honoured", "reneged")
"""Stations from which stocks move."""
FLOOR = 1e-13
"""Chances closer to 0 or 1 than this are kept as if they were this close: half precision tells no more of them."""
PRECISIONS = {"compact": (np.float16, np.float32), "full": (np.float64, np.float64)}
"""Precision of choices and of moves."""


@dataclass(frozen=True)
class Policy:
    """Choices and moves of the first months of a solved game.

    Tables have a leading axis of versions; ``which`` says which version holds in each month. Shapes of choices:
    ``(versions, [2 types], [actions], [packages, phases or talks], beliefs, cells)``, where cells of a decision in war
    are those where the war goes on.
    """

    tables: dict[str, np.ndarray]
    which: dict[str, np.ndarray]
    forms: dict[str, np.ndarray]
    """For every station from which stocks move, a row for each move: 0 for a step and its stride, or 1 for a jump and
    the cells after its axis."""
    beliefs: np.ndarray
    sizes: tuple[int, ...]
    start: np.ndarray
    """Mass at month 0, ``(2 types, beliefs, cells)``; each type's sums to one."""
    prior: float
    """Belief at month 0 that the challenger is a staller."""
    phase: np.ndarray
    """Peace phase of every package."""

    def __repr__(self) -> str:
        """Return one line: arrays say nothing at a glance."""
        return f"Policy({self.months} months, {self.cells} cells, {self.size / 1e6:.1f} MB)"

    @property
    def months(self) -> int:
        """Return how many months the policy knows."""
        return len(self.which["war.attend"])

    @property
    def cells(self) -> int:
        """Return the number of cells."""
        return int(np.prod(self.sizes))

    @property
    def size(self) -> int:
        """Return the bytes that the tables take."""
        return sum(table.nbytes for table in self.tables.values())

    @cached_property
    def over(self) -> np.ndarray:
        """Return which cells end the war: the challenger dictates there."""
        return dictated(self.sizes)

    @cached_property
    def open(self) -> np.ndarray:
        """Return, for every cell where the war goes on, its place among those cells."""
        return np.cumsum(~self.over) - 1

    def at(self, name: str, month: int) -> np.ndarray:
        """Return the version of a table that holds in a month."""
        return self.tables[name][self.which[name][month]]

    def chances(self, name: str, month: int, cells: np.ndarray | None = None) -> np.ndarray:
        """Return the chances of a decision in a month, in single precision where choices are kept in half, else double.

        Of the first action where there are two; else ``(..., actions, ...)`` as kept. At all cells, 0 where the war is
        over; or at ``cells`` only, in each of which the decision is met.
        """
        kept = self.at(name, month)
        everywhere = name in IN_PEACE
        places = np.arange(kept.shape[-1]) if cells is None else (cells if everywhere else self.open[cells])
        found = _plain(name, kept, places)
        if cells is not None or everywhere:
            return found
        whole = np.zeros((*found.shape[:-1], self.cells), dtype=found.dtype)
        whole[..., ~self.over] = found
        return whole

    def automatic(self, month: int) -> np.ndarray:
        """Return the chance by peace phase that the response to an attack is nobody's choice."""
        if "struck" not in self.tables:
            return np.zeros(int(self.phase.max()) + 1)
        return self.at("struck", month)

    def moves(self, station: str, month: int) -> list[tuple[int, int, tuple[np.ndarray, ...]]]:
        """Return the moves from a station: kind, stride or cells after, and (up, down) or (matrix,), as float64."""
        found = []
        for number, (kind, stride) in enumerate(self.forms.get(station, ())):
            names = [f"{station}.{number}.matrix"] if kind else [f"{station}.{number}.{way}" for way in ("up", "down")]
            found.append((int(kind), int(stride), tuple(self._doubles(name, month) for name in names)))
        return found

    def _doubles(self, name: str, month: int) -> np.ndarray:
        """Return the version of a table of moves that holds in a month; kept, for few versions serve many months."""
        place = name, int(self.which[name][month])
        if place not in self._known:
            self._known[place] = self.tables[name][place[1]].astype(float)
        return self._known[place]

    @cached_property
    def _known(self) -> dict[tuple[str, int], np.ndarray]:
        return {}

    def arrays(self) -> dict[str, np.ndarray]:
        """Return everything as plain arrays by name, for storing; ``Policy.from_arrays`` reads them back.

        Tables in half precision are told as changes from version to version, high bytes before low ones: general
        compression then finds little left to store.
        """
        out = {f"table:{name}": _told_apart(table) for name, table in self.tables.items()}
        out |= {f"which:{name}": which for name, which in self.which.items()}
        out |= {f"form:{name}": form for name, form in self.forms.items()}
        plain = {"beliefs": self.beliefs, "sizes": self.sizes, "start": self.start, "prior": self.prior}
        return out | {name: np.asarray(value) for name, value in {**plain, "phase": self.phase}.items()}

    @staticmethod
    def from_arrays(arrays: Mapping[str, np.ndarray]) -> Policy:
        """Make a policy from what ``arrays`` returned."""

        def group(kind: str) -> dict[str, np.ndarray]:
            return {name.partition(":")[2]: np.asarray(a) for name, a in arrays.items() if name.startswith(f"{kind}:")}

        return Policy(
            {name: _put_together(table) for name, table in group("table").items()},
            group("which"),
            group("form"),
            np.asarray(arrays["beliefs"]),
            tuple(int(size) for size in arrays["sizes"]),
            np.asarray(arrays["start"]),
            float(arrays["prior"]),
            np.asarray(arrays["phase"]),
        )


def policy_of(solution: Solution, months: int, *, precision: str = "compact") -> Policy:
    """Keep the choices and moves of the first months of a solution.

    Args:
        solution: a solved game whose window covers the months.
        months: how many months from month 0.
        precision: ``compact`` (half precision for choices, single for moves) or ``full`` (double).

    Raises:
        ValueError: the solution kept fewer months.
    """
    again = solution.again
    if months > again.last + 1:
        raise ValueError(
            f"a policy of {months} months was asked for, but the solution can be solved again for {again.last + 1}; "
            "solve with a larger window"
        )
    view = Standpoint(solution)
    over = view.over() > 0
    gathered: dict[str, list[np.ndarray]] = {}
    forms: dict[str, np.ndarray] = {}
    for month in range(months):
        now = again(month)
        for name in (*BINARY, *FANS):
            table = _table(name, now.choices[name])
            table = table if name in IN_PEACE else table[..., ~over]
            gathered.setdefault(name, []).append(table.astype(PRECISIONS[precision][0]))
        for ready in now.layers:
            _gather_moves(ready.layer, gathered, forms, PRECISIONS[precision][1])
    folded = {name: _folded(found) for name, found in gathered.items()}
    return Policy(
        tables={name: table for name, (table, _) in folded.items()},
        which={name: which for name, (_, which) in folded.items()},
        forms=forms,
        beliefs=np.asarray(solution.game.inputs.grid.beliefs, dtype=float),
        sizes=tuple(solution.game.shape.sizes),
        start=np.stack([view.start_of(kind) for kind in (0, 1)]),
        prior=view.prior,
        phase=np.asarray(solution.game.inputs.deals.phase),
    )


def _table(name: str, choice: Choice) -> np.ndarray:
    """Return a choice as log odds of the first of two actions, or as log chances."""

    def one(blocks: list[Any]) -> np.ndarray:
        if name in BINARY:
            first, second = (np.clip(block[0], FLOOR, 1.0) for block in blocks)
            return np.log(first) - np.log(second)
        return np.log(np.clip(blocks[0], FLOOR, 1.0))

    return np.stack([one(choice.settler), one(choice.staller)]) if name in TYPED else one(choice.settler)


def _gather_moves(layer: Any, gathered: dict[str, list[np.ndarray]], forms: dict[str, np.ndarray], kind: type) -> None:
    """Add a layer's moves, and the chances of the floor, to what is gathered."""
    if layer.station == "talks":
        chances = np.stack(np.broadcast_arrays(*(np.asarray(chance, dtype=float) for chance in layer.chances)))
        gathered.setdefault("talks", []).append(chances.reshape(len(chances), -1).astype(kind))
    if layer.station == "struck":
        gathered.setdefault("struck", []).append(np.asarray(layer.chances[0], dtype=float).reshape(-1))
    if layer.station not in MOVING:
        return
    form = []
    for number, move in enumerate(layer.moves):
        place = f"{layer.station}.{number}"
        if isinstance(move, Step):
            form.append((0, move.stride))
            for way in ("up", "down"):
                gathered.setdefault(f"{place}.{way}", []).append(np.array(getattr(move, way), dtype=kind))
        else:
            form.append((1, move.after))
            gathered.setdefault(f"{place}.matrix", []).append(np.array(move.matrix, dtype=kind))
    forms[layer.station] = np.array(form, dtype=int).reshape(-1, 2)


@lru_cache(maxsize=1)
def _meanings() -> tuple[np.ndarray, np.ndarray]:
    """Return the logistic and the exponential function of every number in half precision, by its bits."""
    every = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(float)
    with np.errstate(over="ignore", invalid="ignore"):
        return (1 / (1 + np.exp(-every))).astype(np.float32), np.exp(every).astype(np.float32)


def _plain(name: str, kept: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return the chances that stand behind log odds or log chances, on some of the cells for which they are kept."""
    binary = name in BINARY
    if kept.dtype == np.float16:
        found = np.empty((*kept.shape[:-1], len(cells)), dtype=np.float32)
        rows = kept.view(np.uint16).reshape(-1, kept.shape[-1])
        loops().decode(rows, cells, _meanings()[0 if binary else 1], found.reshape(len(rows), -1))
    else:
        kept = kept[..., cells]
        found = 1 / (1 + np.exp(-kept)) if binary else np.exp(kept)
    if not binary:
        found /= found.sum(axis=-4 if name == "posture" else -3, keepdims=True)
    return found


def _folded(found: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the distinct tables in order, and which of them holds in each month."""
    kept = [found[0]]
    which = [0]
    for table in found[1:]:
        if not np.array_equal(table, kept[-1]):
            kept.append(table)
        which.append(len(kept) - 1)
    return np.stack(kept), np.array(which, dtype=np.int16)


def _told_apart(table: np.ndarray) -> np.ndarray:
    """Return a table in half precision as bytes ``(2, versions, ...)`` of its changes; other tables as they are."""
    if table.dtype != np.float16:
        return table
    bits = table.view(np.uint16)
    changes = np.concatenate([bits[:1], bits[1:] - bits[:-1]])
    return np.stack([(changes >> 8).astype(np.uint8), (changes & 255).astype(np.uint8)])


def _put_together(told: np.ndarray) -> np.ndarray:
    """Return the table that ``_told_apart`` was given."""
    if told.dtype != np.uint8:
        return told
    bits = told[0].astype(np.uint16)
    bits <<= 8
    bits |= told[1]
    for version in range(1, len(bits)):
        bits[version] += bits[version - 1]
    return bits.view(np.float16)
