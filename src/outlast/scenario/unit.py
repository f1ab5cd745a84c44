"""The units of a scenario's numbers, each with the reason for the bounds that its numbers keep."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its short ``name``, what one of it is, and why numbers in this unit are bounded as they are."""

    name: str
    meaning: str
    reason: str


FLOW = Unit(
    "flow",
    "share of the prize's monthly flow; 1 = what holding the whole prize is worth in a month",
    "flows are weighed against the prize itself, so a flow of many prizes would leave nothing else to matter",
)
PRIZE = Unit(
    "prize",
    "paid once, as a share of the whole prize held for ever; 1 = the whole prize",
    "one-off costs are weighed against the prize held for ever; far above it, only that cost would decide",
)
SHARE = Unit("share", "a share of a whole; 1 = all of it", "a share of a whole lies between nothing and all of it")
CHANCE = Unit("chance", "a probability", "a probability lies between never and always")
PER_MONTH = Unit(
    "share per month",
    "share of a full stock gained or lost in a month; 0.02 empties a full stock in fifty months",
    "a stock can move by no more than its whole in a month and its direction is set by the key, not by a sign",
)
PER_EVENT = Unit(
    "share per occasion",
    "share of a full stock gained or lost each time it happens",
    "a stock can move by no more than its whole at once and its direction is set by the key, not by a sign",
)
MONTHS = Unit("months", "calendar months", "a length of time is not negative, and longer than a century is a slip")
MULTIPLE = Unit(
    "multiple",
    "by how much something is multiplied beyond one; 0.5 = half as much again",
    "a negative multiple would turn the effect round, and a huge one would drown every other number",
)
EXPONENT = Unit(
    "exponent",
    "a power in the contest function; 1 = chances in proportion to strength",
    "below zero the weaker side would win, and far above it the smallest edge would always win",
)
DISCOUNT = Unit(
    "discount factor",
    "worth today of one unit next month; 0.99 = a loss of about 11% a year",
    "below 0.5 a year ahead is worth nothing and at 1 the values of an endless war are infinite",
)
STRENGTH = Unit(
    "strength",
    "field strength; 1 = the challenger's strength at the start",
    "the contest function needs a positive strength, and a force grown tenfold is a slip",
)
WIN = Unit(
    "win",
    "size of a victory as the public sees it; 1 = a plain victory",
    "a win is counted from nothing upwards, and 2 is already twice a plain victory",
)
WIN_PER_MONTH = Unit(
    "win per month",
    "how much of a victory is added to the aspiration in a month; 0.01 = a plain victory in about eight years",
    "sunk cost only ever raises the aspiration, and a victory a month would make every deal a defeat",
)
