"""Learning from a record: how likely it is in a solved game, and what it says about numbers, type and stocks.

``policy_of`` keeps of a solution what a record can be held against; ``filtered`` reads a record against it; ``learn``
weighs draws by what they make of the record, and ``forecast`` follows them on.
"""

from __future__ import annotations

from outlast.learning.draws import Draws, Ranges, Solver
from outlast.learning.evidence import Evidence, evidence_of
from outlast.learning.filter import Filtered, filtered
from outlast.learning.policy import Policy, policy_of
from outlast.learning.posterior import Posterior, refresh, weigh
from outlast.learning.stored import choices, stored_draws
from outlast.learning.study import Learned, Plan, forecast, learn

__all__ = [
    "Draws", "Evidence", "Filtered", "Learned", "Plan", "Policy", "Posterior", "Ranges", "Solver", "choices",
    "evidence_of", "filtered", "forecast", "learn", "policy_of", "refresh", "stored_draws", "weigh",
]  # fmt: skip
