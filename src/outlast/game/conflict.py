"""The conflict in one month: every law with the numbers in force."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from outlast.game.inputs import Inputs
from outlast.game.mechanisms import (
    MECHANISMS,
    Alignment,
    Aspiration,
    Endurance,
    Front,
    Guarantees,
    HomeFront,
    Manpower,
    Packages,
    Patience,
    Resumption,
    Styles,
    TalksShield,
)
from outlast.game.shape import BY_GUARANTEE, BY_TYPE, Shape

TYPED_FIELDS = {
    "styles": ("challenger_discount",),
    "alignment": ("alliances_denied", "no_guarantor"),
    "home_front": ("casualty_weight",),
    "aspiration": ("aspiration", "audience_cost"),
}
GUARANTEE_FIELDS = {"guarantees": ("penalty", "renege_cost", "renege_patience", "standing_cost", "automatic")}
POOL_FIELDS = {"manpower": ("rate", "size", "price")}


def field_slots(mechanism: str, field: str, pools: int) -> list[str]:
    """Return the canonical slot names behind one field of a law."""
    path = f"mechanisms.{mechanism}.{field}"
    if field in TYPED_FIELDS.get(mechanism, ()):
        return [f"{path}.{kind}" for kind in BY_TYPE]
    if field in GUARANTEE_FIELDS.get(mechanism, ()):
        return [f"{path}.{kind}" for kind in BY_GUARANTEE]
    if field in POOL_FIELDS.get(mechanism, ()):
        return [f"mechanisms.{mechanism}.pools.{i}.{field}" for i in range(pools)]
    return [path]


@dataclass(frozen=True, eq=False)
class Conflict:
    """The laws and plain numbers of one month."""

    patience: Patience
    styles: Styles
    talks_shield: TalksShield
    alignment: Alignment
    front: Front
    endurance: Endurance
    manpower: Manpower
    home_front: HomeFront
    aspiration: Aspiration
    packages: Packages
    resumption: Resumption
    guarantees: Guarantees
    values: Float[np.ndarray, " slots"]
    shape: Shape

    def number(self, slot: str) -> Float[np.ndarray, ""]:
        """Return one plain number by its canonical name."""
        return self.values[self.shape.slot(slot)]

    def spread(self, stock: str) -> float | None:
        """Return a stock's spread, or None where the stock moves from mark to mark."""
        name = f"stocks.{stock}.spread"
        return float(self.number(name)) if name in self.shape.slots else None

    def breakthroughs(self) -> tuple[tuple[float, float], ...]:
        """Return chance and signed size, in shares of the prize, of each way in which the front can break."""
        found = []
        for way, sign in (("rise", 1.0), ("fall", -1.0)):
            path = f"stocks.territory.breakthrough.{way}"
            if f"{path}.chance" in self.shape.slots:
                found.append((float(self.number(f"{path}.chance")), sign * float(self.number(f"{path}.size"))))
        return tuple(found)

    def line_shares(self) -> Float[np.ndarray, " packages"]:
        """Return the territory share each package's line names (ignored where the line is the current one)."""
        return np.stack([self.number(f"packages.{k}.line_share") for k in range(self.shape.packages)])


def conflict_in(shape: Shape, inputs: Inputs, month: int) -> Conflict:
    """Assemble the laws with the numbers in force in ``month``."""
    return laws_of(shape, inputs.in_month(month))


def laws_of(shape: Shape, values: Float[np.ndarray, " slots"]) -> Conflict:
    """Assemble the laws with the given numbers."""

    def law(name: str, kind: type) -> Any:
        fields = {}
        for field in dataclasses.fields(kind):
            slots = field_slots(name, field.name, shape.pools)
            several = len(slots) != 1 or field.name in POOL_FIELDS.get(name, ())
            picked = values[[shape.slot(s) for s in slots]]
            fields[field.name] = picked if several else picked[0]
        return kind(**fields)

    return Conflict(**{name: law(name, kind) for name, kind in MECHANISMS.items()}, values=values, shape=shape)
