"""Ensembles: many draws of a scenario's numbers, each solved, stored once and read by everything that follows."""

from outlast.ensemble.fault import EnsembleFault, WorkersLost
from outlast.ensemble.making import make_ensemble
from outlast.ensemble.opening import Ensemble, open_ensemble
from outlast.ensemble.workers import LocalWorkers

__all__ = ["Ensemble", "EnsembleFault", "LocalWorkers", "WorkersLost", "make_ensemble", "open_ensemble"]
