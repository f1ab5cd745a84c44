"""Publishers' files, one module each: the columns it must have, the tidy table it becomes, and what was left out.

The user gives the path of a file that she got from the publisher; nothing is downloaded and nothing is bundled.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from outlast.record.sources.source import Imported, Source, read_source
from outlast.scenario.fault import Breach, Fault, Place, ScenarioError, nearest, shown

SOURCES = {
    "economist_area": "Area assessed as held by Russia, daily (The Economist, from ISW/CTP)",
    "economist_casualties": "Russian casualties or deaths, daily estimates with intervals (The Economist)",
    "kiel": "Support for Ukraine by donor and month, bn EUR (Kiel Institute)",
    "general_staff_losses": "Russian personnel losses claimed by Ukraine, daily (General Staff, via PetroIvaniuk)",
    "ucdp_agreements": "Peace agreements with provisions and whether they ended (UCDP)",
    "ucdp_terminations": "How conflict episodes ended, and whether the dyad fought again (UCDP)",
    "cow_wars": "Inter-state wars with dates, deaths and outcome (Correlates of War)",
    "fortna_spells": "Cease-fire spells of civil wars with peacekeeping (Fortna)",
    "fortna_small": "One row for each cease-fire of the Fortna data (Gelman, Hill and Vehtari)",
    "mend": "Mediation events with parties and agreements (MEND)",
    "pax": "Peace agreements with stage, parties and provisions (PA-X)",
    "polls": "Answers to opinion polls, by series, poll and period (a plain table)",
}
"""The sources by name, each with what its file holds. Source ``x`` is the module ``outlast.record.sources.x``."""

__all__ = ["SOURCES", "Imported", "Source", "import_file", "source_named"]


def source_named(name: str) -> Source:
    """Return a source by name. Raises ``ScenarioError`` with the nearest name where there is none."""
    if name not in SOURCES:
        near = nearest(name, SOURCES)
        breach = Breach(shown(name), f"one of {', '.join(SOURCES)}", "each source has an importer of its own",
                        "use one of these names", near)  # fmt: skip
        raise ScenarioError(
            [Fault(Place(path="SOURCE"), breach.found, breach.rule, breach.reason, breach.remedy, breach.suggestion)]
        )
    return import_module(f"{__name__}.{name}").SOURCE


def import_file(name: str, path: str | Path) -> Imported:
    """Read a publisher's file into a tidy table. Raises ``RecordError`` with every fault of the file.

    Where the file is another source's, the fault says which.
    """
    return read_source(source_named(name), Path(path), others=[source_named(other) for other in SOURCES])
