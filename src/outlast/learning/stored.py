"""Draws that an ensemble has solved already: their policies, read from its folder when they are asked for.

An ensemble made with ``Choices`` keeps beside the answers of each draw what a record can be held against, for the first
months. A record is then weighed without solving anything.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import overload

import numpy as np

from outlast.ensemble.fault import EnsembleFault
from outlast.ensemble.manifest import program_digest
from outlast.ensemble.opening import Ensemble
from outlast.learning.draws import Draws, Ranges
from outlast.learning.policy import Policy, policy_of
from outlast.scenario.scenario import Scenario
from outlast.solving import Solution
from outlast.solving.solution import WINDOW

MOST = WINDOW - 1
"""Months whose choices can be kept at most: those that a solution of an ensemble remembers."""
HELD = 4
"""Policies held in memory at once: as many as threads may want, and one each to spare."""


def choices(solution: Solution, *, months: int) -> dict[str, np.ndarray]:
    """Return the choices and moves of the first months of a solution, as arrays: what an ensemble can keep of a draw.

    ``functools.partial(choices, months=24)`` is a ``keep`` of ``make_ensemble``. Months beyond the calendar are none.
    """
    return policy_of(solution, min(months, solution.again.last + 1)).arrays()


@dataclass(frozen=True)
class StoredPolicies(Sequence[Policy]):
    """The policies of some draws of an ensemble, in order, each read from its folder when it is asked for."""

    ensemble: Ensemble
    draws: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.draws)

    @overload
    def __getitem__(self, place: int) -> Policy: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Policy]: ...
    def __getitem__(self, place: int | slice) -> Policy | Sequence[Policy]:
        """Return one policy, or some of them still unread."""
        if isinstance(place, slice):
            return StoredPolicies(self.ensemble, self.draws[place])
        draw = self.draws[place]
        held = self._held
        found = held.get(draw)
        if found is None:
            found = held[draw] = Policy.from_arrays(self.ensemble.kept(draw))
            if len(held) > HELD:
                held.popitem(last=False)
        return found

    @property
    def _held(self) -> OrderedDict[int, Policy]:
        return self.__dict__.setdefault("held", OrderedDict())


def stored_draws(ensemble: Ensemble, scenario: Scenario) -> Draws:
    """Return the finished draws of an ensemble of a scenario that have a solution.

    Raises ``EnsembleFault`` if the ensemble keeps no choices.
    """
    manifest = ensemble.manifest
    if not manifest.keep.startswith(f"{choices.__module__}.{choices.__qualname__}("):
        raise EnsembleFault(
            ensemble.folder,
            found=f"an ensemble that keeps {manifest.keep or 'no choices'}",
            rule="a record is held against the choices of each draw, month by month",
            reason="the answers alone do not say how likely a record is",
            remedy="make one with `outlast ensemble FILE --keep-choices MONTHS --out DIR`",
        )
    solved = ensemble.certificates.filter(ensemble.certificates["error"].fill_null("") == "")
    draws = tuple(solved["draw"].sort().to_list())
    if not draws:
        raise EnsembleFault(
            ensemble.folder,
            found="no draw that has a solution",
            rule="a record is weighed over solved draws",
            reason="without one there is nothing to weigh",
            remedy="let `outlast ensemble` go on, or check the ranges of the scenario",
        )
    ranges = Ranges.of(scenario)
    points = ranges.sample(manifest.draws, manifest.seed)[list(draws)]
    mark = hashlib.sha256(f"{manifest.identity}{draws}{_digest()}".encode()).hexdigest()
    return Draws(ranges, points, StoredPolicies(ensemble, draws), str(ensemble.folder), mark)


@lru_cache(maxsize=1)
def _digest() -> str:
    """Return a digest of the code that reads a record: other code, another likelihood perhaps."""
    digest = hashlib.sha256(program_digest().encode())
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
