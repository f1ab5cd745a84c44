"""Words that travel beside the arrays: for people, never for the solver."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Labels:
    """Names for every axis a reader meets."""

    parties: dict[str, str]
    """Display name by role: challenger, defender, patron."""
    packages: tuple[str, ...]
    titles: tuple[str, ...]
    paths: tuple[str, ...]
    """The scenario's own path of every slot of the number vector."""


def labels_of(scenario: Any, slots: Sequence[str], word_path: Callable[[str, Any], str]) -> Labels:
    """Collect the labels of a scenario."""
    parties = {role: getattr(scenario.parties, role) for role in ("challenger", "defender", "patron")}
    return Labels(
        parties=parties,
        packages=tuple(p.name for p in scenario.packages),
        titles=tuple(p.title for p in scenario.packages),
        paths=tuple(word_path(slot, scenario) for slot in slots),
    )
