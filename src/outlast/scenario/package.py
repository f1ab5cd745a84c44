"""Package: the terms of one deal that may be tabled."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from outlast.scenario.number import Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import Label, Section, Slug
from outlast.scenario.unit import SHARE

Line = Literal["current", "rollback", "cession"]
Guarantee = Literal["none", "soft", "enforceable"]
Alliances = Literal["open", "denied"]
Relief = Literal["none", "phased", "full"]

FEWEST_PACKAGES = 8
MOST_PACKAGES = 24


def _needs_patron(terms: dict[str, Any]) -> bool:
    return terms["guarantee"] != "none" or terms["sanctions_relief"] != "none"


class Package(Section):
    """One deal: where the line is drawn, who stands behind it, and what each side gives up."""

    name: Annotated[Slug, Field(description="Short name, unique among the packages.")]
    title: Annotated[Label, Field(description="Name for a reader, unique among the packages.")]
    line: Annotated[
        Line,
        Field(
            description="current = where the armies stand; rollback = back to `line_share` where the challenger holds "
            "more; cession = `line_share` at least, given up in law."
        ),
    ]
    line_share: Annotated[
        Number | None,
        Scale(
            meaning="share of the prize that the challenger holds once the package is signed",
            unit=SHARE,
            bounds=(0, 1),
            open_high=True,
            low=(0.05, "almost all of it is given back"),
            middle=(0.3, "the line of an earlier cease-fire"),
            high=(0.7, "provinces that the challenger has yet to take are handed over"),
        ),
    ] = None
    guarantee: Annotated[
        Guarantee,
        Field(
            description="none; soft = words and consultations, as Budapest 1994; enforceable = troops or automatic "
            "measures, as Korea 1953."
        ),
    ]
    alliances: Annotated[Alliances, Field(description="Whether the defender may join alliances: open or denied.")]
    demilitarised: Annotated[
        bool, Field(strict=True, description="Whether the defender gives up its army beyond a small ceiling.")
    ]
    sanctions_relief: Annotated[
        Relief, Field(description="Relief for the challenger: none, phased over years, or full at once.")
    ]
    patron_backs: Annotated[
        bool,
        Field(
            strict=True,
            default_factory=_needs_patron,
            description="Whether the patron must accept too; left out, it must where it guarantees or lifts sanctions.",
        ),
    ]
