"""Find the stored ensemble of a scenario: in the cache, or where the user says it is."""

from __future__ import annotations

import logging
from pathlib import Path

from outlast.ensemble.fault import EnsembleDamaged, EnsembleFault
from outlast.ensemble.manifest import manifest_of, program_digest, read_manifest
from outlast.ensemble.opening import Ensemble, open_ensemble
from outlast.scenario.scenario import Scenario
from outlast.solving.compile_cache import cache_folder

FOLDER, CENTRES = "ensembles", "centres"
DIGITS = 12
"""Digits of the hashes in a folder's name: enough to tell scenarios apart, and the manifest has the rest."""


def own_folder(scenario: Scenario, *, seed: int) -> Path:
    """Return the folder in the cache that an ensemble of this scenario, this seed and this program has."""
    name = f"{scenario.name}-{scenario.hash[:DIGITS]}-{program_digest()[:DIGITS]}-{seed}"
    return cache_folder() / FOLDER / name


def central_file(scenario: Scenario, resolution: str) -> Path:
    """Return the file in the cache for what is read off the central solution at a resolution, by this program."""
    name = f"{scenario.name}-{scenario.hash[:DIGITS]}-{program_digest()[:DIGITS]}-{resolution}.npz"
    return cache_folder() / CENTRES / name


def stored_ensemble(scenario: Scenario, *, draws: int | None = None, seed: int | None = None) -> Ensemble | None:
    """Return the largest complete ensemble of the scenario in the cache, or None; a warning names damaged ones.

    Args:
        scenario: whose; an ensemble of another content, or solved by another program, is none of its.
        draws: of exactly so many, where it matters.
        seed: with that seed, where it matters.
    """
    found = []
    for folder in sorted((cache_folder() / FOLDER).glob(f"{scenario.name}-{scenario.hash[:DIGITS]}-*")):
        try:
            manifest = read_manifest(folder)
            wanted = manifest_of(scenario, draws=1, seed=manifest.seed if seed is None else seed)
            wrong = [each for each in manifest.differences(wanted) if not each.startswith("keep:")]
            ensemble = None if wrong or draws not in (None, manifest.draws) else open_ensemble(folder)
            if ensemble is not None and ensemble.complete:
                found.append(ensemble)
        except EnsembleDamaged as damaged:
            logging.getLogger(__name__).warning(
                "%s: %s; this ensemble is passed over. %s", damaged.place, damaged.found, damaged.remedy
            )
        except EnsembleFault:
            continue
    return max(found, key=lambda ensemble: ensemble.draws, default=None)


def named_ensemble(scenario: Scenario, folder: Path) -> Ensemble:
    """Open the ensemble in a folder for a scenario.

    Raises ``EnsembleFault`` if it is of another scenario, or was solved by another program.
    """
    ensemble = open_ensemble(folder)
    wanted = manifest_of(scenario, draws=1, seed=ensemble.manifest.seed)
    wrong = [each for each in ensemble.manifest.differences(wanted) if not each.startswith("keep:")]
    if wrong or not ensemble.draws:
        raise EnsembleFault(
            folder,
            found="; ".join(wrong) or "no finished draw",
            rule="an answer's ranges come from draws of the same scenario, solved by the same program",
            reason="ranges of one model around the answers of another would mislead",
            remedy="make one with `outlast ensemble`, or leave `--ensemble` out",
        )
    return ensemble
