"""Answers 3 and 4: which packages would be signed, which would last, and what drives renewed war.

Acceptance is pivotal: the chance that a party says yes if its answer decided. The challenger answers last, so its own
equilibrium answer is pivotal; the defender and the patron are asked at the belief that the challenger's yes leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from outlast.answers.standpoint import Standpoint, posterior, ratio
from outlast.game.conflict import conflict_in
from outlast.game.grid import hat
from outlast.game.payoffs import line_map
from outlast.solving.forward import Month

HOLD_MONTHS = (12, 36, 60)
ACCEPT, HOLD = 0.5, 0.8
"""Thresholds of the durable zone: chance that all accept, chance that peace holds the longest of HOLD_MONTHS."""


@dataclass(frozen=True)
class Settlement:
    """One package signed now: what follows, by type (settler, staller)."""

    survival: np.ndarray
    """Chance that no attack has come by the end of each month, ``(2, months + 1)``."""
    patience: np.ndarray
    forces: np.ndarray
    honour: np.ndarray
    """Chance that the patron would honour an attack, in each month."""
    gain: np.ndarray
    """What an attack is worth to the type over keeping the peace, ``(2, months)``."""


@dataclass(frozen=True)
class Deals:
    """Acceptance and durability of every package at the start."""

    view: Standpoint

    @cached_property
    def challenger(self) -> np.ndarray:
        """Chance that the settler and the staller accept, ``(2, packages)``."""
        choice = self.view.choices["answer"]
        return np.stack([self.view.at_start(choice.settler[0][0], 0), self.view.at_start(choice.staller[0][0], 1)])

    @cached_property
    def belief(self) -> np.ndarray:
        """Belief after the challenger's yes, per package."""
        settler, staller = self.challenger
        return posterior(self.view.prior, staller, settler)

    def _pivotal(self, account: int, role: str) -> np.ndarray:
        stations, after = self.view.stations, self.view.choices["answer"].posterior[0][0]
        noise = self.view.number(f"noise.{role}.answer")
        out = []
        for k in range(self.view.game.shape.packages):
            gain = stations["signed"][account, k] - stations["fruitless"][account]
            at = self.view.read(gain, after[k])
            out.append(self.view.at_start(1 / (1 + np.exp(-np.clip(at / noise, -500, 500)))))
        return np.array(out)

    @cached_property
    def defender(self) -> np.ndarray:
        """Chance that the defender accepts, per package."""
        return self._pivotal(2, "defender")

    @cached_property
    def patron(self) -> np.ndarray:
        """Chance that the patron backs; one where it need not."""
        must = np.asarray(self.view.game.inputs.deals.backing) > 0
        gone = self.view.cells @ (self._patience() == 0)
        return np.where(must, (1 - gone) * self._pivotal(3, "patron"), 1.0)

    def _patience(self) -> np.ndarray:
        levels = np.asarray(self.view.game.inputs.grid.levels[3])
        return np.tile(levels, self.view.game.shape.cells // len(levels))

    def _forces(self) -> np.ndarray:
        sizes = self.view.game.shape.sizes
        levels = np.asarray(self.view.game.inputs.grid.levels[1])
        return np.tile(np.repeat(levels, sizes[2] * sizes[3]), sizes[0])

    @cached_property
    def settlements(self) -> list[Settlement]:
        """What follows each package, signed at month 0 at the belief its acceptance leaves."""
        view, shape = self.view, self.view.game.shape
        deals = view.game.inputs.deals
        line = line_map(conflict_in(shape, view.game.inputs, 0), view.game.inputs.grid, deals)
        phase = np.asarray(deals.phase)
        starts, members = [], []
        left = list(range(shape.packages))
        while left:
            # Packages of different phases share a run: their mass never meets.
            batch = [k for i, k in enumerate(left) if phase[k] not in phase[left[:i]]]
            left = [k for k in left if k not in batch]
            mass = np.zeros((2, shape.phases, shape.beliefs, shape.cells))
            for k in batch:
                signed = self._signed(k, line[k])
                for kind in (0, 1):
                    mass[kind, phase[k]] = view.calibrated(signed, float(self.belief[k]), kind)
            starts.append(mass)
            members.append(batch)
        out: dict[int, Settlement] = {}
        noise = view.number("noise.challenger.resume")
        runs = view.settlements(starts, lambda month: _incentive(month, noise))
        for batch, paths in zip(members, runs, strict=True):
            out |= {k: self._follow(paths, int(phase[k])) for k in batch}
        return [out[k] for k in range(shape.packages)]

    def _signed(self, k: int, line: np.ndarray) -> np.ndarray:
        """Mass on ``(beliefs, cells)`` just after signing package k."""
        view, shape = self.view, self.view.game.shape
        cells = (view.cells.reshape(shape.sizes[0], -1).T @ line).T.ravel()
        belief = hat(self.belief[k], view.game.inputs.grid.beliefs)
        return np.outer(belief, cells)

    def _follow(self, paths, phase: int) -> Settlement:
        peace = [path.begun["peace"][:, phase] for path in paths]
        alive = np.stack([p.sum(axis=(1, 2)) for p in peace])
        patience = ratio(np.stack([(p.sum(axis=1) @ self._patience()) for p in peace]), alive)
        forces = ratio(np.stack([(p.sum(axis=1) @ self._forces()) for p in peace]), alive)
        alive = alive / alive[:, :1]
        seen = np.stack([path.seen for path in paths if path.seen is not None])
        return Settlement(alive, patience, forces, seen[:, :, 0, phase], seen[:, :, 1, phase])

    def holds(self, months: int) -> np.ndarray:
        """Chance that peace holds so many months, by type and package ``(2, packages)``."""
        months = min(months, self.view.months)
        return np.stack([s.survival[:, months] for s in self.settlements], axis=1)

    def mixed(self, by_type: np.ndarray) -> np.ndarray:
        """Weigh what holds by type ``(2, packages)`` by the belief each signature leaves."""
        return (1 - self.belief) * by_type[0] + self.belief * by_type[1]


def _incentive(month: Month, noise: float) -> np.ndarray:
    """Return by run and phase the chance of honouring an attack and the gain from it, ``(runs, 2, phases)``.

    Both are averaged over where the peace is at the start of the month, and no numbers where there is none. Of a choice
    that is never made nobody can say how much it is worth less.
    """
    honour = month.choices["attacked"].settler[0][0]
    decide = month.choices["decide"]
    assert decide.staller is not None
    gains = [noise * (_log(attack[0]) - _log(keep[0])) for keep, attack in (decide.settler, decide.staller)]
    peace = month.begun["peace"]
    total = peace.sum(axis=(-2, -1))
    honoured = np.einsum("rpbc,pbc->rp", peace, honour)
    gained = np.stack([_weighed(mass, gains[k]).sum(axis=(1, 2)) for mass, k in zip(peace, month.kinds, strict=True)])
    return np.stack([ratio(honoured, total), ratio(gained, total)], axis=1)


def _log(chance: np.ndarray) -> np.ndarray:
    """Return logs of chances; not a number for a chance of nothing."""
    return np.log(chance, out=np.full(np.shape(chance), np.nan), where=chance > 0)


def _weighed(weight: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return weights times values, and nothing where a weight is nothing, whatever is there."""
    return np.where(weight > 0, weight * values, 0.0)


def terms(view: Standpoint) -> dict[str, list]:
    """Return the packages' names and terms as columns."""
    packages = view.game.scenario.packages
    return {
        "package": [p.name for p in packages],
        "title": [p.title for p in packages],
        "guarantee": [p.guarantee for p in packages],
        "line": [p.line for p in packages],
        "alliances": [p.alliances for p in packages],
        "demilitarised": [p.demilitarised for p in packages],
        "sanctions_relief": [p.sanctions_relief for p in packages],
    }


def deal_map(deals: Deals) -> pl.DataFrame:
    """Return one row per package: acceptance by everyone, durability, and whether it lies in the durable zone."""
    view = deals.view
    settler, staller = deals.challenger
    both = deals.defender * deals.patron
    everyone = view.mix(settler, staller) * both
    must = np.asarray(view.game.inputs.deals.backing) > 0
    longest = deals.holds(HOLD_MONTHS[-1])
    product = both * view.mix(settler * longest[0], staller * longest[1])
    columns = terms(view) | {
        "settler": settler,
        "staller": staller,
        "defender": deals.defender,
        "patron": [float(p) if m else None for p, m in zip(deals.patron, must, strict=True)],
        "all": everyone,
        **{f"holds_{m}": deals.mixed(deals.holds(m)) for m in HOLD_MONTHS},
        "holds_60_settler": longest[0],
        "holds_60_staller": longest[1],
        "belief": deals.belief,
        "product": product,
        "in_zone": (everyone >= ACCEPT) & (deals.mixed(longest) >= HOLD),
    }
    return pl.DataFrame(columns)


def durability(deals: Deals) -> pl.DataFrame:
    """Return a row per package and month: hazard of renewed war and what drives it; null once no peace is left."""
    view, names = deals.view, terms(deals.view)
    months = view.months
    frames = []
    for k, settled in enumerate(deals.settlements):
        belief = deals.belief[k]
        alive = settled.survival
        weight = np.stack([(1 - belief) * alive[0], belief * alive[1]])
        survival = weight.sum(axis=0)
        hazard = 1 - ratio(alive[:, 1:], alive[:, :-1])
        share = ratio(weight[:, :-1], np.broadcast_to(survival[:-1], (2, months)))
        average = lambda by_type, share=share: _averaged(share, by_type[:, :months])  # noqa: E731
        frames.append(
            pl.DataFrame(
                {
                    "package": names["package"][k],
                    "title": names["title"][k],
                    "guarantee": names["guarantee"][k],
                    "month": np.arange(1, months + 1),
                    "hazard": 1 - ratio(survival[1:], survival[:-1]),
                    "hazard_settler": hazard[0],
                    "hazard_staller": hazard[1],
                    "survival": survival[1:],
                    "patience": average(settled.patience),
                    "forces": average(settled.forces),
                    "honour": average(settled.honour),
                    "attack_gain": average(settled.gain),
                }
            )
        )
    return pl.concat(frames).with_columns(pl.col(pl.Float64).fill_nan(None))


def _averaged(share: np.ndarray, by_type: np.ndarray) -> np.ndarray:
    """Average ``(2, months)`` over the types; a type of whom no peace is left does not count."""
    return np.where(np.isnan(share), np.nan, _weighed(share, by_type)).sum(axis=0)
