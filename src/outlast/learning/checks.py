"""Posterior predictive checks: would wars drawn from the fitted game have left a record like this one?

Wars are simulated from the beginning in draws taken by their weights, and each is recorded as the real one was: the
same months, the same kinds of act, readings as wide. A figure of the record that lies in a tail of the simulated ones
says that the game does not make such records, whatever its numbers; a fit can therefore fail.

A row counts as far as it is sure. In a simulated record a row tells what the simulated war did with the chance that is
its confidence; otherwise it says nothing of the war, in either record, and stands as it stands in the real one. Rows of
a small confidence therefore neither pass nor fail a game, and a column says how much a figure rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from outlast.game.grid import STOCKS
from outlast.learning.evidence import Evidence, Item
from outlast.learning.filter import Levels
from outlast.learning.meter import Reading
from outlast.learning.posterior import Posterior
from outlast.learning.simulate import Path, simulated
from outlast.learning.weights import resampled

WARS = 200
"""Simulated wars."""
TAIL = 0.025
"""Share of the simulated figures in either tail below which the record is out of the ordinary."""
ACTS = (
    ("challenger: attend", "months with talks, among those recorded"),
    ("patron: posture withhold", "months of withholding, among those recorded"),
    ("patron: posture surge", "months of surge, among those recorded"),
)
"""The acts that are counted, and the names of their figures."""


def checks(found: Posterior, evidence: Evidence, levels: Levels, *, seed: int, wars: int = WARS) -> pl.DataFrame:
    """Return one row for each figure that the record allows.

    Columns: check, observed, expected (mean of the simulated ones), low and high (their 2.5% and 97.5% ends), below
    (share of the simulated figures below the observed one, ties counting half), weight (rows that the figure rests on,
    each counted by its confidence) and passed.
    """
    random = np.random.default_rng(seed)
    paths = [
        (simulated(policy, evidence.months, random), policy.sizes)
        for policy in (found.policies[i] for i in resampled(found.weights, wars, random))
    ]
    rows = []
    for figure in figures(evidence, levels, random):
        made = np.array([figure.simulated(path, sizes, random) for path, sizes in paths])
        observed = figure.observed
        tied = np.isclose(made, observed, rtol=1e-12, atol=1e-12)
        below = float(((made < observed) & ~tied).mean() + tied.mean() / 2)
        low, high = np.quantile(made, (TAIL, 1 - TAIL))
        passed = TAIL <= below <= 1 - TAIL
        rows.append((figure.name, observed, float(made.mean()), low, high, below, figure.weight, passed))
    columns = {"check": pl.String, "observed": pl.Float64, "expected": pl.Float64, "low": pl.Float64,
               "high": pl.Float64, "below": pl.Float64, "weight": pl.Float64, "passed": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


@dataclass(frozen=True)
class Told:
    """One row as a number: what it says, how sure it is, its share of the figure, and what it would say of a war."""

    says: float
    confidence: float
    share: float
    of: Callable[[Path, tuple[int, ...]], float]


@dataclass(frozen=True)
class Figure:
    """A figure of a record: the sum of what its rows say, each times its share."""

    name: str
    rows: tuple[Told, ...]

    @property
    def observed(self) -> float:
        """Return the figure in the record."""
        return float(sum(row.share * row.says for row in self.rows))

    @property
    def weight(self) -> float:
        """Return how many rows the figure rests on, each counted by its confidence."""
        return float(sum(row.confidence for row in self.rows))

    def simulated(self, path: Path, sizes: tuple[int, ...], random: np.random.Generator) -> float:
        """Return the figure in a record of a simulated war."""
        right = random.random(len(self.rows)) < [row.confidence for row in self.rows]
        told = [row.of(path, sizes) if yes else row.says for row, yes in zip(self.rows, right, strict=True)]
        return float(sum(row.share * says for row, says in zip(self.rows, told, strict=True)))


def figures(evidence: Evidence, levels: Levels, random: np.random.Generator) -> list[Figure]:
    """Return the figures that a record allows."""
    out = []
    for words, name in ACTS:
        kind = words.split()[1]
        by_month = [(m, [item for item in items if _speaks(item, kind)]) for m, items in enumerate(evidence.moves)]
        rows = [
            Told(float(item.words == words), item.confidence, share, _done(month, words))
            for month, items in by_month
            for item, share in zip(items, shares([item.confidence for item in items]), strict=True)
        ]
        if rows:
            out.append(Figure(name, tuple(rows)))
    for stock in STOCKS:
        read = [(m, item.says) for m, items in enumerate(evidence.readings) for item in items
                if isinstance(item.says, Reading) and item.says.stock == stock]  # fmt: skip
        for name, some, fewest in (("last reading", read[-1:], 1), ("mean of the readings", read, 3)):
            if len(some) < fewest:
                continue
            parts = shares([reading.confidence for _, reading in some])
            told = [
                Told(reading.value, reading.confidence, share, _reading(month, reading, levels[stock], random))
                for (month, reading), share in zip(some, parts, strict=True)
            ]
            out.append(Figure(f"{stock}, {name}", tuple(told)))
    return out


def shares(confidences: Sequence[float]) -> list[float]:
    """Return shares by confidence that sum to one; equal ones where nothing is sure at all."""
    total = sum(confidences)
    return [each / total if total > 0 else 1 / len(confidences) for each in confidences]


def _speaks(item: Item, kind: str) -> bool:
    if kind == "attend":
        return item.words in ("challenger: attend", "challenger: stay away")
    return item.words.startswith(f"patron: {kind}")


def _done(month: int, words: str) -> Callable[[Path, tuple[int, ...]], float]:
    """Return whether a war had an act in a month, as 0 or 1."""
    actor, _, rest = words.partition(": ")
    kind, _, content = rest.partition(" ")

    def of(path: Path, sizes: tuple[int, ...]) -> float:
        return float(
            any(
                act[0] == month and act[1:3] == (actor, kind) and (not content or act[3] == content)
                for act in path.acts
            )
        )

    return of


def _reading(
    month: int, like: Reading, levels: np.ndarray, random: np.random.Generator
) -> Callable[[Path, tuple[int, ...]], float]:
    """Return what a right reading as wide as this one says of a war at the start of a month."""
    right, axis = replace(like, confidence=1.0), STOCKS.index(like.stock)

    def of(path: Path, sizes: tuple[int, ...]) -> float:
        return right.drawn(int(np.unravel_index(path.cells[month], sizes)[axis]), levels, random).value

    return of
