"""What can go wrong with an ensemble that its owner can mend."""

from __future__ import annotations

from outlast.files.sealed import Damaged


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


class EnsembleDamaged(EnsembleFault):
    """Say that a stored file of an ensemble is not as it was written."""

    @classmethod
    def of(cls, damaged: Damaged) -> EnsembleDamaged:
        """Return the fault for a file."""
        return cls(
            damaged.path,
            found=f"a file that {damaged.found}",
            rule="a stored file is as it was written: each holds a checksum",
            reason="a number that has changed looks like any other",
            remedy="run the command that made the ensemble again: it solves anew what is damaged, and keeps the rest",
        )
