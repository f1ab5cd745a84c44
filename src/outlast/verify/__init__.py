"""A second opinion: recompute the laws and the certificate of a solution in plain NumPy, without the engine's code."""

from outlast.verify.checking import (
    BAYES_LIMIT,
    LEAK_LIMIT,
    LIMITS,
    QUANTITIES,
    REGRET_LIMIT,
    RESIDUAL_LIMIT,
    Record,
    StoredMonth,
    Verification,
    check,
    check_months,
)
from outlast.verify.node import Finding
from outlast.verify.sampling import Effort

__all__ = [
    "BAYES_LIMIT",
    "LEAK_LIMIT",
    "LIMITS",
    "QUANTITIES",
    "REGRET_LIMIT",
    "RESIDUAL_LIMIT",
    "Effort",
    "Finding",
    "Record",
    "StoredMonth",
    "Verification",
    "check",
    "check_months",
]
