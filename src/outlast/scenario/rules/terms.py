"""Terms of a package must fit together: a line that moves needs to say where to."""

from __future__ import annotations

from collections.abc import Iterator

from outlast.scenario.draft import Draft
from outlast.scenario.fault import Fault


def term_faults(draft: Draft) -> Iterator[Fault]:
    """Yield a fault for every package whose line and ``line_share`` disagree."""
    for position, package in draft.entries("packages"):
        line, has_share = package.get("line"), "line_share" in package
        if line in ("rollback", "cession") and not has_share:
            yield draft.fault(
                ("packages", position, "line_share"),
                f"line = {line!r} without `line_share`",
                rule="a package that moves the line says where to",
                reason="`line_share` is the share of the prize that the challenger holds once it is signed",
                remedy="add `line_share`, a share from 0 to below 1",
                suggestion="line_share = 0.3",
            )
        elif line == "current" and has_share:
            yield draft.fault(
                ("packages", position, "line_share"),
                "`line_share` with line = 'current'",
                rule="a package that leaves the line where the armies stand has no `line_share`",
                reason="the number would be ignored without a word",
                remedy='leave `line_share` out, or choose line = "rollback" or "cession"',
            )
