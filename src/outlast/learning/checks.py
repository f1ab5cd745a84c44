"""Posterior predictive checks: would wars drawn from the fitted game have left a record like this one?

Wars are simulated from the beginning in draws taken by their weights, and each is recorded as the real one was: the
same months, the same kinds of act, readings as wide. A figure of the record that lies in a tail of the simulated ones
says that the game does not make such records, whatever its numbers; a fit can therefore fail.
"""

from __future__ import annotations

from collections.abc import Callable

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


def checks(found: Posterior, evidence: Evidence, levels: Levels, *, seed: int, wars: int = WARS) -> pl.DataFrame:
    """Return one row for each figure that the record allows.

    Columns: check, observed, expected (mean of the simulated ones), low and high (their 2.5% and 97.5% ends), below
    (share of the simulated figures below the observed one, ties counting half) and passed.
    """
    random = np.random.default_rng(seed)
    paths = [
        (simulated(policy, evidence.months, random), policy.sizes)
        for policy in (found.policies[i] for i in resampled(found.weights, wars, random))
    ]
    rows = []
    for name, observed, figure in _figures(evidence, levels, random):
        made = np.array([figure(path, sizes) for path, sizes in paths])
        below = float((made < observed).mean() + (made == observed).mean() / 2)
        low, high = np.quantile(made, (TAIL, 1 - TAIL))
        rows.append((name, observed, float(made.mean()), low, high, below, TAIL <= below <= 1 - TAIL))
    columns = {"check": pl.String, "observed": pl.Float64, "expected": pl.Float64, "low": pl.Float64,
               "high": pl.Float64, "below": pl.Float64, "passed": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=columns, orient="row")


Figure = Callable[[Path, tuple[int, ...]], float]


def _figures(evidence: Evidence, levels: Levels, random: np.random.Generator) -> list[tuple[str, float, Figure]]:
    """Return the figures that a record allows: name, value in the record, and the same of a simulated war."""
    out: list[tuple[str, float, Figure]] = []
    for words, name in (("challenger: attend", "months with talks, among those recorded"),
                        ("patron: posture withhold", "months of withholding, among those recorded"),
                        ("patron: posture surge", "months of surge, among those recorded")):  # fmt: skip
        kind = words.split()[1]
        months = [m for m, items in enumerate(evidence.moves) if any(_speaks(item, kind) for item in items)]
        if months:
            told = [_share(evidence.moves[m], words, kind) for m in months]
            out.append((name, float(np.sum(told)), _counting(months, words)))
    for stock in STOCKS:
        read = [(m, item.says) for m, items in enumerate(evidence.readings) for item in items
                if isinstance(item.says, Reading) and item.says.stock == stock]  # fmt: skip
        if read:
            month, last = read[-1]
            out.append((f"{stock}, last reading", last.value, _reading(month, last, levels[stock], random)))
            if len(read) > 2:
                mean = float(np.mean([reading.value for _, reading in read]))
                out.append((f"{stock}, mean of the readings", mean, _mean(read, levels[stock], random)))
    return out


def _speaks(item: Item, kind: str) -> bool:
    if kind == "attend":
        return item.words in ("challenger: attend", "challenger: stay away")
    return item.words.startswith(f"patron: {kind}")


def _share(items: tuple[Item, ...], words: str, kind: str) -> float:
    """Return the share of a month's rows of a kind that say these words."""
    told = [item.words == words for item in items if _speaks(item, kind)]
    return float(np.mean(told))


def _counting(months: list[int], words: str) -> Figure:
    actor, _, rest = words.partition(": ")
    kind, _, content = rest.partition(" ")

    def figure(path: Path, sizes: tuple[int, ...]) -> float:
        done = {act[0] for act in path.acts if act[1:3] == (actor, kind) and (not content or act[3] == content)}
        return float(sum(month in done for month in months))

    return figure


def _level(path: Path, sizes: tuple[int, ...], month: int, stock: str) -> int:
    return int(np.unravel_index(path.cells[month], sizes)[STOCKS.index(stock)])


def _reading(month: int, like: Reading, levels: np.ndarray, random: np.random.Generator) -> Figure:
    return lambda path, sizes: like.drawn(_level(path, sizes, month, like.stock), levels, random).value


def _mean(read: list[tuple[int, Reading]], levels: np.ndarray, random: np.random.Generator) -> Figure:
    def figure(path: Path, sizes: tuple[int, ...]) -> float:
        values = [like.drawn(_level(path, sizes, m, like.stock), levels, random).value for m, like in read]
        return float(np.mean(values))

    return figure
