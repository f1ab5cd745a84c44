"""What can go wrong with an ensemble that its owner can mend."""

from __future__ import annotations


class EnsembleFault(Exception):
    """Say what is wrong with an ensemble, why it matters and what to do, in sentence parts; all of it at once."""

    def __init__(self, place: object, *, found: str, rule: str, reason: str, remedy: str) -> None:
        self.place, self.found, self.rule, self.reason, self.remedy = str(place), found, rule, reason, remedy
        super().__init__(place, found)

    def __str__(self) -> str:
        return (
            f"{self.place}\n   found   {self.found}\n   rule    {self.rule}\n   why     {self.reason}\n"
            f"   remedy  {self.remedy}"
        )


class WorkersLost(EnsembleFault):
    """Say that those who solve the draws are gone or hang, and that what was finished is kept."""
