"""Find the guarantee that keeps a rearmed challenger from attacking again.

    delta (p2 - g) - p1 <= c / (1 - c)            the settlement holds

A settlement lets the challenger rearm from p1 to p2; an enforceable guarantee cuts the later power by g, a soft one by
nothing. It is Powell's commitment problem with the defender making the offers: below g the defender would rather fight
at once than sign what only pauses the war.

Source: this project's corollary of R. Powell, International Organization 60, 2006 (``outlast.gallery.powell``).
"""

from __future__ import annotations

from collections.abc import Iterator

from outlast.gallery.powell import Shift, fights
from outlast.gallery.row import Row, switch

BEFORE, AFTER = 0.3, 0.8


def holds(guarantee: float) -> bool:
    """Return whether there is peace when the guarantee cuts the challenger's later power by so much."""
    return not fights(Shift(before=BEFORE, after=AFTER - guarantee))


def rows() -> Iterator[Row]:
    """Compare the least guarantee that holds, and what soft and firm ones do."""
    yield Row("least guarantee under which the settlement holds", 0.1888888889, switch(holds, 0, 0.5, 1e-8), 1e-7)
    yield Row("soft guarantee (no cut): peace", 0, float(holds(0)), 0)
    yield Row("guarantee of .19: peace", 1, float(holds(0.19)), 0)


def picture() -> tuple[str, str, list[dict[str, float | str]]]:
    """Return axis titles and points: the least guarantee against the power after rearming."""
    points: list[dict[str, float | str]] = []
    for step in range(8):
        after = 0.62 + 0.05 * step
        least = switch(lambda g, a=after: not fights(Shift(BEFORE, a - g)), 0, 0.5, 1e-4)
        points.append({"x": after, "y": least, "curve": "least guarantee"})
    return "challenger's power after rearming", "cut in power that keeps the peace", points
