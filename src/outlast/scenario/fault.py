"""A fault of a scenario file: where it is, what was found, which rule it breaks, why, and the way out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = {"file": 500, "path": 200, "found": 400, "rule": 1000, "reason": 1000, "remedy": 1000, "suggestion": 300}
"""How many characters of each text of a fault are told; what a user wrote may be of any length."""

MOST_TOLD = 100
"""How many faults are told in words; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault is: the file, the line (from 1) where one could be found, and the dotted path of the key."""

    file: str = ""
    line: int | None = None
    path: str = ""

    def __post_init__(self) -> None:
        _bound(self, "file", "path")

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return " ".join(part for part in (where, self.path) if part) or "scenario"


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule before its place is known; ``at`` is the path below the key that reports it ("" = the key)."""

    found: str
    rule: str
    reason: str
    remedy: str
    suggestion: str | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to mend. Every text is a plain sentence part for the person who wrote the file.

    ``suggestion`` is a value that would do instead, when one is near: a name, a level, a path.
    """

    place: Place
    found: str
    rule: str
    reason: str
    remedy: str
    suggestion: str | None = None

    def __post_init__(self) -> None:
        _bound(self, "found", "rule", "reason", "remedy", "suggestion")

    def __str__(self) -> str:
        lines = [
            str(self.place),
            f"   found   {self.found}",
            f"   rule    {self.rule}",
            f"   why     {self.reason}",
            f"   remedy  {self.remedy}",
        ]
        if self.suggestion is not None:
            lines.append(f"   perhaps {self.suggestion}")
        return "\n".join(lines)


class ScenarioError(Exception):
    """Say that a scenario cannot be used, with every fault found; ``faults`` is never empty."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        heading = "1 fault" if count == 1 else f"{count} faults"
        told = [f"{i}. {fault}" for i, fault in enumerate(self.faults[:MOST_TOLD], start=1)]
        more = [f"and {count - MOST_TOLD:,} more; mend these and look again"] if count > MOST_TOLD else []
        return "\n\n".join([heading, *told, *more])


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name most like ``word``, or None when none is near."""
    import difflib

    if len(word) > LONGEST["path"]:
        return None
    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[close[0]] if close else None


def shown(value: object) -> str:
    """Return ``value`` as a short text for a fault, cut at 80 characters."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):
        text = f"a {type(value).__name__} too large to show"
    return text if len(text) <= 80 else text[:77] + "..."


def cut(text: str, length: int) -> str:
    """Return a text on one line, with every character that cannot be shown written as an escape, cut at ``length``."""
    short = text if len(text) <= length else text[: length - 3] + "..."
    return short if short.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in short)


def _bound(told: Place | Fault, *names: str) -> None:
    """Cut the texts of a place or a fault."""
    for name in names:
        text = getattr(told, name)
        if text and (len(text) > LONGEST[name] or not text.isprintable()):
            object.__setattr__(told, name, cut(text, LONGEST[name]))
