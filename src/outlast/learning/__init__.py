"""Learning from a record: how likely it is in a solved game, and what it says about numbers, type and stocks.

``policy_of`` keeps of a solution what a record can be held against; ``filtered`` reads a record against it; ``fit``
weighs draws by what they make of the record.
"""

from __future__ import annotations

from outlast.learning.filter import Filtered, filtered
from outlast.learning.policy import Policy, policy_of

__all__ = ["Filtered", "Policy", "filtered", "policy_of"]
