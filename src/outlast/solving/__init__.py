"""The equilibrium engine: backward induction for values and choices, forward distributions, certificates."""

from outlast.solving.solution import Solution, solve

__all__ = ["Solution", "solve"]
