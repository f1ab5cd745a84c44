"""A second opinion: recompute the laws and the certificate of a solution in plain NumPy, without the engine's code.

``check`` says how wrong a solution is; ``enumerate_month`` does the same work cell by cell, for tiny games, and is what
``check`` itself is checked against.
"""

from outlast.verify.checking import (
    BAYES_LIMIT,
    LEAK_LIMIT,
    LIMITS,
    REGRET_LIMIT,
    RESIDUAL_LIMIT,
    Record,
    Verification,
    check,
)
from outlast.verify.enumerate import enumerate_month
from outlast.verify.node import Finding

__all__ = [
    "BAYES_LIMIT",
    "LEAK_LIMIT",
    "LIMITS",
    "REGRET_LIMIT",
    "RESIDUAL_LIMIT",
    "Finding",
    "Record",
    "Verification",
    "check",
    "enumerate_month",
]
