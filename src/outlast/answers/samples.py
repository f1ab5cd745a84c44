"""Sampled paths: single histories of the war, drawn as the equilibrium plays it.

A path walks the layers of each month from station to station. Every step is drawn with the chances by which the exact
forward runs push mass, so the frequencies of many paths approach those distributions; a test holds them to that. A
belief between two levels becomes one of the two, by the lottery that ``solving.movement.split_mass`` explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.grid import STOCKS
from outlast.game.layers import Absorb, Chance, Decision, Layer, Move, Shift, Step
from outlast.game.shape import BY_TYPE
from outlast.solving.choice import Choice

PATHS = 40
"""Paths in the table of a report: enough to see how unlike they are, few enough to draw."""
WAR, PEACE, IMPOSED = "war", "peace", "imposed"


@dataclass
class Crowd:
    """Where every path stands: one entry per path in each array."""

    station: np.ndarray
    """Name of the station."""
    index: np.ndarray
    """Place on the station's index axes, ``(paths, 2)``; a station without such axes ignores it."""
    belief: np.ndarray
    """Level of the public belief, as a number of the grid."""
    cell: np.ndarray
    staller: np.ndarray
    """Whether the challenger is a staller in this path."""
    package: np.ndarray
    """Package signed last."""


@dataclass(frozen=True)
class Walk:
    """What moves a crowd."""

    choices: dict[str, Choice]
    """Choices of the month, by decision."""
    levels: np.ndarray
    """Levels of the public belief."""
    axes: dict[str, int]
    """Number of index axes, by station."""
    random: np.random.Generator

    def month(self, layers: tuple[Layer, ...], crowd: Crowd) -> None:
        """Move the crowd through one month; afterwards everyone is at ``war`` or ``peace`` of the next.

        Layers are in order of play, and no station of tomorrow comes after the stations that lead to it, so nobody
        moves twice.
        """
        for layer in layers:
            who = np.flatnonzero(crowd.station == layer.station)
            if not len(who):
                continue
            match layer:
                case Decision():
                    self._decide(layer, crowd, who)
                case Chance():
                    chances = np.stack(
                        [self._at(chance, self.axes[layer.station], crowd, who) for chance in layer.chances]
                    )
                    crowd.station[who] = np.array(layer.to, dtype=object)[self._draw(chances)]
                case Move():
                    self._move(layer, crowd, who)
                case Absorb():
                    crowd.station[who[layer.over[crowd.cell[who]] == 0]] = layer.to

    def _draw(self, chances: Any) -> np.ndarray:
        """Draw an option for each path from ``(options, paths)``."""
        sums = np.cumsum(chances, axis=0)
        return np.minimum((self.random.random(chances.shape[1]) * sums[-1] >= sums).sum(axis=0), len(chances) - 1)

    def _at(self, table: Any, axes: int, crowd: Crowd, who: np.ndarray, lead: int = 0) -> np.ndarray:
        """Read a table where each path stands, ``(lead..., paths)``.

        The table is ``(lead..., index..., 1 or beliefs, 1 or cells)``; the first index axes and the beliefs may be
        missing, and an axis of length one holds for all.
        """
        table = np.asarray(table)
        table = table.reshape(*[1] * max(0, 2 + lead - table.ndim), *table.shape)
        kept = table.ndim - 2 - lead
        places = [*crowd.index[who, axes - kept : axes].T, crowd.belief[who], crowd.cell[who]]
        shape = table.shape[lead:]
        return table[(..., *(place if size > 1 else 0 * place for place, size in zip(places, shape, strict=True)))]

    def _decide(self, layer: Decision, crowd: Crowd, who: np.ndarray) -> None:
        choice = self.choices[layer.station]
        read = lambda blocks: [self._at(b, layer.index, crowd, who, lead=1) for b in blocks]  # noqa: E731
        chances = np.concatenate(read(choice.settler))
        if choice.staller is not None:
            chances = np.where(crowd.staller[who], np.concatenate(read(choice.staller)), chances)
        picked = self._draw(chances)
        sizes = [len(block) for block in choice.settler]
        action = np.repeat(np.arange(len(sizes)), sizes)[picked]
        within = np.concatenate([np.arange(size) for size in sizes])[picked]
        if choice.posterior is not None:
            belief = np.concatenate(read(choice.posterior))[picked, np.arange(len(who))]
            crowd.belief[who] = self._level(belief, crowd.staller[who])
        for number, each in enumerate(layer.actions):
            mine = who[action == number]
            crowd.station[mine] = each.to
            if each.fan:
                crowd.index[mine, 1] = crowd.index[mine, 0]
                crowd.index[mine, 0] = within[action == number]

    def _level(self, belief: np.ndarray, staller: np.ndarray) -> np.ndarray:
        """Draw one of the two levels around each belief, as the path's own type meets them."""
        levels = self.levels
        low = np.clip(np.searchsorted(levels, belief, side="right") - 1, 0, len(levels) - 2)
        share = (belief - levels[low]) / (levels[low + 1] - levels[low])
        named = np.where(staller, levels[low + 1], 1 - levels[low + 1])
        mean = np.where(staller, belief, 1 - belief)
        chance = np.where(mean > 0, share * named / np.where(mean > 0, mean, 1.0), share)
        return low + (self.random.random(len(belief)) < chance)

    def _move(self, layer: Move, crowd: Crowd, who: np.ndarray) -> None:
        axes = self.axes[layer.station]
        for move in layer.moves:
            if isinstance(move, Step):
                up, down = (self._at(chance, axes, crowd, who) for chance in (move.up, move.down))
                drawn = self.random.random(len(who))
                crowd.cell[who] += move.stride * ((drawn < up).astype(int) - ((drawn >= up) & (drawn < up + down)))
            else:
                self._shift(move, crowd, who)
        if layer.station == "signed":
            crowd.package[who] = crowd.index[who, 0]
        if layer.pick is not None:
            pick = np.asarray(layer.pick)
            crowd.index[who, 0] = pick[crowd.index[who, 0]] if pick.ndim else pick
        crowd.station[who] = layer.to

    def _shift(self, move: Shift, crowd: Crowd, who: np.ndarray) -> None:
        matrix = move.matrix if move.matrix.ndim == 3 else move.matrix[None]
        level = crowd.cell[who] // move.after % matrix.shape[-1]
        first = crowd.index[who, 0] if len(matrix) > 1 else 0
        crowd.cell[who] += move.after * (self._draw(matrix[first, level].T) - level)


def _gathered(view: Standpoint, paths: int, random: np.random.Generator) -> Crowd:
    """Place the paths at the start: a type each, and a belief and a cell as that type meets them."""
    shape = view.game.shape
    staller = random.random(paths) < view.prior
    place = np.zeros(paths, dtype=int)
    for kind in (0, 1):
        mine = staller == bool(kind)
        weight = view.start_of(kind).ravel()
        place[mine] = random.choice(len(weight), size=mine.sum(), p=weight / weight.sum())
    return Crowd(
        station=np.full(paths, WAR, dtype=object),
        index=np.zeros((paths, 2), dtype=int),
        belief=place // shape.cells,
        cell=place % shape.cells,
        staller=staller,
        package=np.zeros(paths, dtype=int),
    )


def _rows(view: Standpoint, crowd: Crowd, month: int) -> pl.DataFrame:
    grid, labels = view.game.inputs.grid, view.game.labels
    phase = np.where(crowd.station == PEACE, PEACE, np.where(view.over()[crowd.cell] > 0, IMPOSED, WAR))
    stocks = np.unravel_index(crowd.cell, view.game.shape.sizes)
    package = [labels.packages[k] if p == PEACE else None for k, p in zip(crowd.package, phase, strict=True)]
    return pl.DataFrame(
        {
            "path": np.arange(1, len(phase) + 1),
            "month": np.full(len(phase), month),
            "phase": phase.tolist(),
            "package": pl.Series(package, dtype=pl.String),
            **{
                name: np.asarray(grid.levels[i])[level]
                for i, (name, level) in enumerate(zip(STOCKS, stocks, strict=True))
            },
            "belief": np.asarray(grid.beliefs)[crowd.belief],
            "type": np.array(BY_TYPE)[crowd.staller.astype(int)].tolist(),
        }
    )


def samples(view: Standpoint, *, paths: int = 50, seed: int = 1) -> pl.DataFrame:
    """Return sampled histories, one row per path and start of month.

    Columns: path (from 1), month, phase (war, peace or imposed), package (the one in force, null unless at peace), the
    four stocks, belief (a level of the grid), and type, which only the challenger knows. Path and months follow from
    ``seed`` alone.
    """
    random = np.random.default_rng(seed)
    crowd = _gathered(view, paths, random)
    axes = {name: value.ndim - 3 for name, value in view.stations.items()}
    levels = np.asarray(view.game.inputs.grid.beliefs)
    frames = [_rows(view, crowd, 0)]
    for month in range(view.months):
        now = view.solution.again(month)
        Walk(now.choices, levels, axes, random).month(tuple(ready.layer for ready in now.layers), crowd)
        frames.append(_rows(view, crowd, month + 1))
    return pl.concat(frames).sort("path", "month")
