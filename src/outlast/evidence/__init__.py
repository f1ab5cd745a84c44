"""Evidence: how long settlements of past wars held, by what stood behind them, and what that is worth.

``durability`` makes a ``Durability`` from tables that the importers of ``outlast.record.sources`` read: monthly hazards
and shares still at peace with intervals, hazard ratios under competing explanations, and warnings that belong to them.
What fits hazards is loaded when it is first used: the counts alone need none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outlast.evidence.priors import hazard_priors
    from outlast.evidence.settlements import Durability, durability
    from outlast.record.past_settlements import HazardPrior, beside_model, counted_priors

__all__ = ["Durability", "HazardPrior", "beside_model", "counted_priors", "durability", "hazard_priors"]

_PLACES = {
    "Durability": "outlast.evidence.settlements",
    "durability": "outlast.evidence.settlements",
    "HazardPrior": "outlast.record.past_settlements",
    "beside_model": "outlast.record.past_settlements",
    "counted_priors": "outlast.record.past_settlements",
    "hazard_priors": "outlast.evidence.priors",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_PLACES[name]), name)
    globals()[name] = value
    return value
