"""Before long work: refuse what the machine cannot hold, and say what will take long."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outlast.scenario.extent import Laid
    from outlast.scenario.scenario import Scenario

LONG, LARGE = 120.0, 4e9
"""Seconds and bytes from which a solve is announced."""


def refuse_too_large(*several: tuple[Scenario, str | None]) -> None:
    """Refuse scenarios, each at a resolution, that the machine cannot hold; announce on standard error what is long.

    Raises ``ScenarioError`` before anything is solved.
    """
    from outlast.scenario.extent import refuse_too_large as refuse

    for scenario, resolution in several:
        found = refuse(scenario, resolution, laid=laying(scenario))
        if found.seconds >= LONG or found.memory >= LARGE:
            said = f"{scenario.title}: {found.states:,} states at {found.resolution} resolution; a solve takes {found}."
            print(said, file=sys.stderr)


def laying(scenario: Scenario) -> Laid | None:
    """Return what counts the levels that the game lays, None where the marks are the lattice and need no arrays."""
    from outlast.scenario.extent import has_spread

    if not has_spread(scenario):
        return None
    from outlast.game.resolution import laid_sizes

    return laid_sizes
