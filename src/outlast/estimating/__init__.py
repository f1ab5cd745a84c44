"""Estimate what moves choices in one-shot games from many cases, each with its own covariates."""

from outlast.estimating.cases import Label, Moves, read_cases
from outlast.estimating.challenge import ChallengeModel
from outlast.estimating.fault import CasesError
from outlast.estimating.fit import Fit, estimate
from outlast.estimating.formula import Column, Constant, Factor, Fixed, Product, Transformed

__all__ = [
    "CasesError",
    "ChallengeModel",
    "Column",
    "Constant",
    "Factor",
    "Fit",
    "Fixed",
    "Label",
    "Moves",
    "Product",
    "Transformed",
    "estimate",
    "read_cases",
]
