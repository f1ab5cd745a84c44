"""Faults of a model or of its table of cases, told in the same words as those of a scenario file."""

from __future__ import annotations

from collections.abc import Iterable

from outlast.scenario.fault import Fault, Place, ScenarioError, nearest, shown

__all__ = ["CasesError", "Fault", "fault", "nearest", "shown", "unknown_column"]


class CasesError(ScenarioError):
    """Say that a model cannot be estimated from these cases, with every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__(dict.fromkeys(faults))


def fault(path: str, found: str, rule: str, reason: str, remedy: str, suggestion: str | None = None) -> Fault:
    """Return one fault at ``path``: a utility and the position of its term, an option, or a column with its row."""
    return Fault(Place(path=path), found, rule, reason, remedy, suggestion)


def unknown_column(path: str, name: str, known: Iterable[str]) -> Fault:
    """Return the fault that the table of cases has no column of that name."""
    names = list(known)
    shortened = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return fault(
        path,
        f"the column {shown(name)}",
        f"a column is one of the table: {shortened or 'it has none'}",
        "the numbers of each case are read from there",
        "correct the name, or make the column before estimating",
        nearest(name, names),
    )
