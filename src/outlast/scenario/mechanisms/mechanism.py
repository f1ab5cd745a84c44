"""The base of the twelve mechanisms: a switch, the claims it carries, and its neutral form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self

from pydantic import Field

from outlast.scenario.section import Section
from outlast.scenario.tree import numbers_below, with_numbers_below


class Mechanism(Section):
    """A part of the argument that can be switched off.

    ``CLAIMS`` lists the claims that the mechanism carries. ``NEUTRAL`` says what switching it off means: for each
    number that the mechanism owns, the constant it becomes, or the key of the same section whose value it takes.
    ``*`` stands for every name. Numbers that are not listed keep their value.
    """

    CLAIMS: ClassVar[tuple[str, ...]] = ()
    NEUTRAL: ClassVar[Mapping[str, float | str]] = {}

    enabled: Annotated[
        bool, Field(strict=True, description="false = the mechanism is switched off: its numbers become neutral.")
    ] = True

    def neutral_rules(self) -> dict[str, float | str]:
        """Return ``NEUTRAL`` with every ``*`` written out, keyed by the path below this section."""
        rules: dict[str, float | str] = {}
        for path in numbers_below(self):
            for pattern, becomes in self.NEUTRAL.items():
                if matches(pattern, path):
                    rules[path] = becomes
        return rules

    def neutral(self) -> Self:
        """Return the mechanism with its numbers neutral; ``enabled`` is left as it is."""
        numbers = numbers_below(self)
        values = {
            path: numbers[becomes].value if isinstance(becomes, str) else becomes
            for path, becomes in self.neutral_rules().items()
        }
        return with_numbers_below(self, values)


def matches(pattern: str, path: str) -> bool:
    """Say whether a dotted path fits a pattern in which ``*`` stands for one name."""
    wanted, given = pattern.split("."), path.split(".")
    return len(wanted) == len(given) and all(w in ("*", g) for w, g in zip(wanted, given, strict=True))
