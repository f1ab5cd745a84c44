"""The equilibrium engine: backward induction for values and choices, forward distributions, certificates."""
