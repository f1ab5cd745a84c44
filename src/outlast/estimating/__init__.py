"""Estimate what moves choices in one-shot games from many cases, each with its own covariates."""

from outlast.estimating.cases import Label, Moves, read_cases
from outlast.estimating.challenge import ChallengeModel
from outlast.estimating.constrained import ConstrainedLikelihood
from outlast.estimating.crisis import SignallingModel
from outlast.estimating.equilibria import equilibria
from outlast.estimating.fault import CasesError
from outlast.estimating.fit import Fit, estimate
from outlast.estimating.formula import Column, Constant, Factor, Fixed, Product, Transformed
from outlast.estimating.nested import NestedFixedPoint
from outlast.estimating.pseudo import PseudoLikelihood
from outlast.estimating.simulate import simulate

__all__ = [
    "CasesError",
    "ChallengeModel",
    "Column",
    "Constant",
    "ConstrainedLikelihood",
    "Factor",
    "Fit",
    "Fixed",
    "Label",
    "Moves",
    "NestedFixedPoint",
    "Product",
    "PseudoLikelihood",
    "SignallingModel",
    "Transformed",
    "equilibria",
    "estimate",
    "read_cases",
    "simulate",
]
