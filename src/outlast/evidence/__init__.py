"""Evidence: how long settlements of past wars held, by what stood behind them, and what that is worth.

``durability`` makes a ``Durability`` from tables that the importers of ``outlast.record.sources`` read: monthly hazards
and shares still at peace with intervals, hazard ratios under competing explanations, and warnings that belong to them.
"""

from __future__ import annotations

from outlast.evidence.beside import beside_model
from outlast.evidence.durability import Durability, durability
from outlast.evidence.priors import hazard_priors

__all__ = ["Durability", "beside_model", "durability", "hazard_priors"]
