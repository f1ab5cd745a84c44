"""Find places for labels so that none covers another.

Positions are in pixels from the top left of the plot. This is drawing, not analysis: nothing here changes a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_NARROW_LETTERS = frozenset("iljtfrI.,:;'|!()[] -")
_BROAD_LETTERS = frozenset("mwMWQOGDHNUC@%")

# Candidate places: how far beside the point (pixels), how far above or below it (in heights of the label).
REACHES = (11, 24, 45, 75, 120, 180, 260, 350)
NEAR = (0, *(sign * step for step in (0.6, 1.1, 2.2, 3.3, 4.4, 6, 8, 10, 12, 15) for sign in (-1, 1)))
FAR = tuple(sign * 1.05 * step for step in range(32) for sign in (-1, 1))
COVERED, MARGIN = 2000.0, 5.0


@dataclass(frozen=True)
class Spot:
    """A point with the size of the label it wants."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Placed:
    """A label's left edge and middle line, and whether it sits so far off that it needs a line to its point."""

    x: float
    y: float
    led: bool


def text_width(text: str, *, size: float) -> float:
    """Estimate how wide a text of a sans-serif font is, in pixels, a little on the generous side."""
    units = sum(0.33 if c in _NARROW_LETTERS else 0.86 if c in _BROAD_LETTERS else 0.58 for c in text)
    return units * size


def shortened(text: str, *, letters: int) -> str:
    """Cut a text to at most `letters` characters, after a whole word, with an ellipsis where something was lost."""
    if len(text) <= letters:
        return text
    kept = text[: letters - 1]
    words = kept.rpartition(" ")[0] if text[letters - 1].isalnum() else kept
    return (words or kept).rstrip(" ,;") + "\u2026"


def wrapped(text: str, *, letters: int) -> list[str]:
    """Break a text into lines of at most `letters` characters at spaces."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def spread(wanted: Sequence[float], *, gaps: Sequence[float], low: float, high: float) -> list[float]:
    """Move positions apart as little as possible so that neighbours keep their gaps and all stay in [low, high].

    `gaps[i]` is the room that label i needs (its height); neighbours are kept at half the sum of their rooms.
    """
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    blocks: list[tuple[list[int], float]] = []
    for place in order:
        block = ([place], _held(wanted[place], [gaps[place]], low=low, high=high))
        while blocks and _foot(blocks[-1], gaps) > _head(block, gaps):
            members = blocks.pop()[0] + block[0]
            block = (members, _centre(members, wanted=wanted, gaps=gaps, low=low, high=high))
        blocks.append(block)
    result = [0.0] * len(wanted)
    for members, centre in blocks:
        top = centre - sum(gaps[m] for m in members) / 2
        for member in members:
            result[member] = top + gaps[member] / 2
            top += gaps[member]
    return result


def _head(block: tuple[list[int], float], gaps: Sequence[float]) -> float:
    return block[1] - sum(gaps[m] for m in block[0]) / 2


def _foot(block: tuple[list[int], float], gaps: Sequence[float]) -> float:
    return block[1] + sum(gaps[m] for m in block[0]) / 2


def _held(centre: float, rooms: Sequence[float], *, low: float, high: float) -> float:
    half = sum(rooms) / 2
    return max(low + half, min(high - half, centre))


def _centre(members: list[int], *, wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> float:
    total, before, pulls = sum(gaps[m] for m in members), 0.0, []
    for member in members:
        pulls.append(wanted[member] - (before + gaps[member] / 2) + total / 2)
        before += gaps[member]
    return _held(sum(pulls) / len(pulls), [gaps[m] for m in members], low=low, high=high)


def place_labels(spots: Sequence[Spot], *, width: float, height: float, rounds: int = 3) -> list[Placed]:
    """Place a label near each point of a scatter, clear of the other labels and points.

    Greedy with a few passes of improvement: each label takes the cheapest of some hundred candidate places, where
    covering a label or a point is dear, a crossing of two leader lines less so, and distance cheap. A label that finds
    no clear place nearby looks further.
    """
    if not spots:
        return []
    order = sorted(range(len(spots)), key=lambda i: (spots[i].y, spots[i].x))
    chosen: dict[int, tuple[float, float]] = {}
    for _ in range(rounds):
        for index in order:
            others = [(spots[i], chosen[i]) for i in chosen if i != index]
            for steps in (NEAR, FAR):
                cost, chosen[index] = min(
                    (_cost(spots[index], at=at, others=others, spots=spots), at)
                    for at in _candidates(spots[index], steps=steps, width=width, height=height)
                )
                if cost < COVERED:
                    break
    return [Placed(*chosen[i], led=_distance(spots[i], chosen[i]) > 15) for i in range(len(spots))]


def _candidates(spot: Spot, *, steps: Sequence[float], width: float, height: float) -> list[tuple[float, float]]:
    found = []
    for reach in REACHES:
        for step in steps:
            for left in (spot.x + reach, spot.x - reach - spot.width):
                middle = spot.y + step * spot.height
                inside_x = MARGIN <= left <= width - spot.width
                if inside_x and spot.height / 2 <= middle <= height - spot.height / 2:
                    found.append((left, middle))
    for side in (-1, 1):
        left = max(MARGIN, min(width - spot.width, spot.x - spot.width / 2))
        middle = spot.y + side * (spot.height / 2 + 8)
        found.append((left, max(spot.height / 2, min(height - spot.height / 2, middle))))
    return found


def _distance(spot: Spot, at: tuple[float, float]) -> float:
    edge = max(at[0], min(at[0] + spot.width, spot.x))
    over = max(0.0, abs(at[1] - spot.y) - spot.height / 2)
    return ((edge - spot.x) ** 2 + over**2) ** 0.5


def _cost(
    spot: Spot, *, at: tuple[float, float], others: Sequence[tuple[Spot, tuple[float, float]]], spots: Sequence[Spot]
) -> float:
    left, middle = at
    right, top, foot = left + spot.width, middle - spot.height / 2, middle + spot.height / 2
    cost = _distance(spot, at) + (1.0 if left < spot.x else 0.0)
    for point in spots:
        if left - 7 < point.x < right + 7 and top - 5 < point.y < foot + 5:
            cost += 250
    line = (spot.x, spot.y, left if left > spot.x else right, middle)
    for other, place in others:
        across = min(right, place[0] + other.width) - max(left, place[0]) + 6
        down = min(foot, place[1] + other.height / 2) - max(top, place[1] - other.height / 2)
        if across > 0 and down > 0:
            cost += COVERED + across * down
        edge = place[0] if place[0] > other.x else place[0] + other.width
        theirs = (other.x, other.y, edge, place[1])
        if _cross(line, theirs):
            cost += 60
        if _through(line, left=place[0], middle=place[1], spot=other):
            cost += 150
        if _through(theirs, left=left, middle=middle, spot=spot):
            cost += 150
    return cost


def _through(line: tuple[float, float, float, float], *, left: float, middle: float, spot: Spot) -> bool:
    """Say whether a leader line runs through a label: tested against the label's two diagonals."""
    right, top, foot = left + spot.width, middle - spot.height * 0.4, middle + spot.height * 0.4
    return _cross(line, (left, top, right, foot)) or _cross(line, (left, foot, right, top))


def _cross(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    return _sides(one, two) and _sides(two, one)


def _sides(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    x, y, x2, y2 = one
    first = (x2 - x) * (two[1] - y) - (y2 - y) * (two[0] - x)
    second = (x2 - x) * (two[3] - y) - (y2 - y) * (two[2] - x)
    return first * second < 0
