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

SMALLEST = 1e-18
"""Share of the whole mass below which an offer is not followed."""


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
    resting = standing.war * policy.over * (clues.no_war * clues.no_posture * clues.no_peace)
    war = standing.war * ~policy.over
    come, away = _split(policy, "war.attend", month, _moved(policy, "war.open", month, war)[:, None], (1.0, 1.0))
    attended, stayed = come.sum(), away.sum()
    fruitless, signed = _talks(policy, month, come[:, 0], clues, standing.total)
    away = away[:, 0] * clues.silence
    after, chosen = _battle(policy, month, np.stack([away, fruitless], axis=1), clues)
    settled = _settled(policy, month, signed) * clues.no_posture
    peace = _moved(policy, "peace", month, standing.peace) * (clues.no_war * clues.no_posture)
    kept, back, attacked = _peace(policy, month, settled + peace, clues)
    passed = Passed(float(attended), float(stayed), signed.sum(axis=(0, 2, 3)), chosen, attacked)
    return Standing(resting + after + back, kept), passed


def _talks(policy: Policy, month: int, mass: np.ndarray, clues: Clues, whole: float) -> tuple[np.ndarray, np.ndarray]:
    names = ("floor.defender", "which.defender", "floor.patron", "which.patron", "heard.challenger", "backed", "vetted",
             "heard.patron")  # fmt: skip
    chances = np.broadcast_to(policy.at("talks", month).astype(float), (4, policy.cells))
    public = (np.ascontiguousarray(chances), *(policy.chances(name, month) for name in names))
    typed = tuple(policy.chances(name, month) for name in ("floor.challenger", "which.challenger", "answer"))
    fruitless = np.zeros_like(mass)
    signed = np.zeros((2, len(policy.phase), *mass.shape[1:]))
    weights = (float(clues.unheard), clues.nothing, clues.offer)
    smallest = SMALLEST * whole
    loops().talks(np.ascontiguousarray(mass), public, typed, weights, policy.beliefs, smallest, fruitless, signed)
    return fruitless, signed


def _battle(policy: Policy, month: int, mass: np.ndarray, clues: Clues) -> tuple[np.ndarray, np.ndarray]:
    """Return mass in war after the month's posture and fighting, from ``(types, silence or talks, beliefs, cells)``."""
    wide = mass[:, None] * policy.chances("posture", month) * clues.posture.reshape(1, 3, 1, 1, 1) * clues.no_peace
    chosen = wide.sum(axis=(0, 2, 3, 4))
    return _moved(policy, "battle", month, wide).sum(axis=(1, 2)), chosen


def _settled(policy: Policy, month: int, signed: np.ndarray) -> np.ndarray:
    """Return mass at peace by phase from mass signed by package."""
    moved = _moved(policy, "signed", month, signed)
    out = np.zeros((2, int(policy.phase.max()) + 1, *signed.shape[2:]))
    for package, phase in enumerate(policy.phase):
        out[:, phase] += moved[:, package]
    return out


def _peace(policy: Policy, month: int, mass: np.ndarray, clues: Clues) -> tuple[np.ndarray, np.ndarray, float]:
    """Return mass that stays at peace, mass that is back at war, and mass attacked before weights of the answer."""
    if not mass.any():
        return np.zeros_like(mass), np.zeros((2, *mass.shape[2:])), 0.0
    kept, attacked = _split(policy, "decide", month, _moved(policy, "settled", month, mass), (float(clues.keep), 1.0))
    honour = policy.chances("attacked", month)
    by_phase = lambda weights: weights.reshape(1, -1, 1, 1)  # noqa: E731
    honoured = _moved(policy, "honoured", month, attacked * honour * by_phase(clues.honoured))
    reneged = _moved(policy, "reneged", month, attacked * (1 - honour) * by_phase(clues.reneged))
    return kept, honoured.sum(axis=1) + reneged.sum(axis=1), float(attacked.sum())


def _split(
    policy: Policy, name: str, month: int, mass: np.ndarray, weights: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mass that takes each action of a typed choice, from ``(types, index, beliefs, cells)``."""
    first = np.ascontiguousarray(policy.chances(name, month).reshape(mass.shape))
    out = np.zeros((2, *mass.shape))
    loops().split(np.ascontiguousarray(mass), first, weights, policy.beliefs, out)
    return out[0], out[1]


def _moved(policy: Policy, station: str, month: int, mass: np.ndarray) -> np.ndarray:
    """Return mass ``(types, index..., beliefs, cells)`` after the moves of a station, the first first."""
    for kind, stride, arrays in policy.moves(station, month):
        mass = _jumped(mass, arrays[0], stride) if kind else _stepped(mass, arrays[0], arrays[1], stride)
    return mass


def _stepped(mass: np.ndarray, up: np.ndarray, down: np.ndarray, stride: int) -> np.ndarray:
    out = mass * (1 - up - down)
    out[..., stride:] += (mass * up)[..., :-stride]
    out[..., :-stride] += (mass * down)[..., stride:]
    return out


def _jumped(mass: np.ndarray, matrix: np.ndarray, after: int) -> np.ndarray:
    levels = matrix.shape[-1]
    parts = mass.reshape(*mass.shape[:-1], -1, levels, after)
    if matrix.ndim == 3:
        moved = np.einsum("kij,tkbpia->tkbpja", np.broadcast_to(matrix, (mass.shape[1], levels, levels)), parts)
    else:
        moved = np.einsum("ij,...ia->...ja", matrix, parts)
    return moved.reshape(mass.shape)
