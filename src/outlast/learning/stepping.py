"""Push the mass of both types through one month of a policy, each way of going weighed by what the record says of it.

Mass in war is ``(2 types, beliefs, cells)``, at peace ``(2 types, phases, beliefs, cells)``. With all weights one no
mass is lost and this is the forward run of ``outlast.solving.forward``; with others, what is left is how likely the
rows are together with where the war stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from outlast.learning.clues import Clues
from outlast.learning.compiled import loops
from outlast.learning.policy import Policy
from outlast.solving.programs import programs

SMALLEST = 1e-16
"""Share of the whole mass below which what stands on a cell, or takes a choice there, is not followed."""


@dataclass(frozen=True)
class Standing:
    """Where the war may stand at the start of a month: mass of both types; it sums to how likely the record is."""

    war: np.ndarray
    peace: np.ndarray

    @property
    def total(self) -> float:
        """Return the whole mass."""
        return float(self.war.sum() + self.peace.sum())

    @property
    def staller(self) -> float:
        """Return the chance that the challenger is a staller."""
        return float(self.war[1].sum() + self.peace[1].sum()) / self.total

    def scaled(self, factor: float) -> Standing:
        """Return the mass times a factor."""
        return Standing(self.war * factor, self.peace * factor)

    def weighed(self, weights: np.ndarray) -> Standing:
        """Return the mass times a weight for every cell."""
        return Standing(self.war * weights, self.peace * weights)

    def cells(self) -> np.ndarray:
        """Return the mass by belief and cell, over types and phases."""
        return self.war.sum(axis=0) + self.peace.sum(axis=(0, 1))


@dataclass(frozen=True)
class Passed:
    """What went through a month: mass that met each event, by type where it matters; for forecasts."""

    attended: float
    stayed: float
    signed: np.ndarray
    """By package."""
    posture: np.ndarray
    """By posture."""
    attacked: float


def beginning(policy: Policy) -> Standing:
    """Return where the war stands at month 0."""
    war = policy.start * np.array([1 - policy.prior, policy.prior]).reshape(2, 1, 1)
    phases = int(policy.phase.max()) + 1
    return Standing(war, np.zeros((2, phases, *war.shape[1:])))


def pass_month(policy: Policy, month: int, standing: Standing, clues: Clues) -> tuple[Standing, Passed]:
    """Return where the war stands a month later, and what happened on the way."""
    smallest = SMALLEST * standing.total
    resting = standing.war * policy.over * (clues.no_war * clues.no_posture * clues.no_peace)
    opened = _moved(policy, "war.open", month, (standing.war * ~policy.over)[:, None])[:, 0]
    cells = np.flatnonzero(~policy.over & (opened.sum(axis=(0, 1)) > smallest))
    here = np.ascontiguousarray(opened[:, None][..., cells])
    come, away = _split(policy, policy.chances("war.attend", month, cells), here, (1.0, 1.0), smallest)
    attended, stayed = come.sum(), away.sum()
    fruitless, signed = _talks(policy, month, come[:, 0], clues, cells, smallest)
    after, chosen = _battle(policy, month, np.stack([away[:, 0] * clues.silence, fruitless], axis=1), clues, cells)
    peace = standing.peace * (clues.no_war * clues.no_posture)
    if peace.any():
        peace = _moved(policy, "peace", month, peace)
    if clues.no_posture > 0 and signed.any():
        peace = peace + _settled(policy, month, signed, cells) * clues.no_posture
    kept, back, attacked = _peace(policy, month, peace, clues, smallest)
    passed = Passed(float(attended), float(stayed), signed.sum(axis=(0, 2, 3)), chosen, attacked)
    return Standing(resting + after + back, kept), passed


def _spread(mass: np.ndarray, cells: np.ndarray, policy: Policy) -> np.ndarray:
    """Return mass on some cells as mass on all."""
    out = np.zeros((*mass.shape[:-1], policy.cells))
    out[..., cells] = mass
    return out


def _talks(
    policy: Policy, month: int, mass: np.ndarray, clues: Clues, cells: np.ndarray, smallest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return mass on some cells after talks that signed nothing, and mass signed by package."""
    names = ("floor.defender", "which.defender", "floor.patron", "which.patron", "heard.challenger", "backed", "vetted",
             "heard.patron")  # fmt: skip
    chances = np.broadcast_to(policy.at("talks", month).astype(float), (4, policy.cells))[:, cells]
    public = (np.ascontiguousarray(chances), *(_whole(policy.chances(name, month, cells)) for name in names))
    typed = tuple(
        _whole(policy.chances(name, month, cells)) for name in ("floor.challenger", "which.challenger", "answer")
    )
    fruitless = np.zeros(mass.shape)
    signed = np.zeros((2, len(policy.phase), *mass.shape[1:]))
    weights = (float(clues.unheard), clues.nothing, clues.offer)
    loops().talks(_whole(mass), public, typed, weights, policy.beliefs, smallest, fruitless, signed)
    return fruitless, signed


def _battle(
    policy: Policy, month: int, mass: np.ndarray, clues: Clues, cells: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return mass in war after the month's posture and fighting, from ``(types, silence or talks, beliefs, cells)``."""
    weights = (clues.posture * clues.no_peace).reshape(3, 1, 1, 1)
    wide = mass[:, None] * (policy.chances("posture", month, cells) * weights)
    chosen = wide.sum(axis=(0, 2, 3, 4))
    return _moved(policy, "battle", month, _spread(wide, cells, policy)).sum(axis=(1, 2)), chosen


def _settled(policy: Policy, month: int, signed: np.ndarray, cells: np.ndarray) -> np.ndarray:
    """Return mass at peace by phase from mass signed by package."""
    moved = _moved(policy, "signed", month, _spread(signed, cells, policy))
    out = np.zeros((2, int(policy.phase.max()) + 1, *moved.shape[2:]))
    for package, phase in enumerate(policy.phase):
        out[:, phase] += moved[:, package]
    return out


def _peace(
    policy: Policy, month: int, mass: np.ndarray, clues: Clues, smallest: float
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return mass that stays at peace, mass that is back at war, and mass attacked before weights of the answer."""
    if not mass.any():
        return np.zeros_like(mass), np.zeros((2, *mass.shape[2:])), 0.0
    first = policy.chances("decide", month)
    kept, attacked = _split(policy, first, _moved(policy, "settled", month, mass), (float(clues.keep), 1.0), smallest)
    by_phase = lambda weights: weights.reshape(1, -1, 1, 1)  # noqa: E731
    back = np.zeros((2, *mass.shape[2:]))
    if clues.honoured.any() or clues.reneged.any():
        # An automatic response is seen as one: the guarantee answered, though nobody chose it; patience stays.
        automatic = by_phase(policy.automatic(month)) * attacked
        back += (automatic * by_phase(clues.honoured)).sum(axis=1)
        honour = policy.chances("attacked", month)
        for station, took, weights in (
            ("honoured", (attacked - automatic) * honour, clues.honoured),
            ("reneged", (attacked - automatic) * (1 - honour), clues.reneged),
        ):
            back += _moved(policy, station, month, took * by_phase(weights)).sum(axis=1)
    return kept, back, float(attacked.sum())


def _split(
    policy: Policy, first: np.ndarray, mass: np.ndarray, weights: tuple[float, float], smallest: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mass that takes each action of a typed choice, from ``(types, index, beliefs, cells)``."""
    out = np.zeros((2, *mass.shape))
    loops().split(_whole(mass), _whole(first.reshape(mass.shape)), weights, policy.beliefs, smallest, out)
    return out[0], out[1]


_whole = np.ascontiguousarray


def _moved(policy: Policy, station: str, month: int, mass: np.ndarray) -> np.ndarray:
    """Return mass ``(types, index..., beliefs, cells)`` after the moves of a station, the first first."""
    shape, index = mass.shape, mass.shape[1:-2]
    here = _whole(mass).reshape(len(mass), -1, *shape[-2:])
    same = np.arange(here.shape[1])
    for kind, stride, arrays in _joined(policy.moves(station, month)):
        if kind and stride == 1:
            levels = arrays[0].shape[-1]
            parts = here.reshape(*here.shape[:2], -1, levels) @ arrays[0].reshape(-1, levels, levels)
            here = parts.reshape(here.shape)
            continue
        there = np.zeros_like(here)
        if kind:
            programs().shift_mass(here, same, _whole(arrays[0].reshape(-1, *arrays[0].shape[-2:])), stride, there)
        else:
            ups, downs = (_by_index(array, index)[None] for array in arrays)
            programs().step_mass(here, same, (ups, downs, np.array([stride])), there)
        here = there
    return here.reshape(shape)


def _by_index(array: np.ndarray, index: tuple[int, ...]) -> np.ndarray:
    """Return chances ``(index, cells)`` from chances with one axis per part of the index, or none."""
    cells = array.shape[-1]
    parts = array.reshape(cells) if array.size == cells else array.reshape(*array.shape[:-2], cells)
    return _whole(np.broadcast_to(parts, (*index, cells))).reshape(-1, cells)


def _joined(moves: list[tuple[int, int, tuple[np.ndarray, ...]]]) -> list[tuple[int, int, tuple[np.ndarray, ...]]]:
    """Return moves with each run of jumps along one axis, the same for every index, made one jump."""
    out: list[tuple[int, int, tuple[np.ndarray, ...]]] = []
    for kind, stride, arrays in moves:
        last = out[-1] if out else None
        if last and kind and last[0] and last[1] == stride and arrays[0].ndim == last[2][0].ndim == 2:
            out[-1] = (kind, stride, (last[2][0] @ arrays[0],))
        else:
            out.append((kind, stride, arrays))
    return out
