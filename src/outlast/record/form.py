"""The form of a record: its columns, its kinds of row, and who does what; and that of a table of forecasts."""

from __future__ import annotations

from typing import Literal

from outlast.record.columns import Column

Role = Literal["challenger", "defender", "patron"]
ROLES: tuple[Role, ...] = ("challenger", "defender", "patron")
KINDS = {
    "attend": "a party came to the talks",
    "stay_away": "a party was asked and did not come",
    "table": "a party put a package before the others",
    "accept": "a party said yes to a package on the table",
    "refuse": "a party said no to a package on the table",
    "posture": "what the patron did in a month without a deal",
    "attack": "the challenger broke a peace",
    "honour": "the patron kept its guarantee",
    "renege": "the patron broke its guarantee",
    "reading": "a stock was measured",
}
"""The kinds of row, each with what it says happened."""

OF_A_PACKAGE = ("table", "accept", "refuse", "honour", "renege")
"""Kinds whose content is the name of a package; for the last two it may be left out."""

ONLY_BY: dict[str, Role] = {"posture": "patron", "attack": "challenger", "honour": "patron", "renege": "patron"}
"""Kinds that only one party can do."""

POSTURES = ("withhold", "sustain", "surge")
HOLDER: dict[str, Role] = {
    "territory": "challenger",
    "forces": "challenger",
    "endurance": "defender",
    "patience": "patron",
}
"""The stocks, each with the party whose stock it is."""

AXES = {"territory": (0.0, 1.0), "forces": (0.0, 10.0), "endurance": (0.0, 1.0), "patience": (0.0, 1.0)}
"""The widest axis that each stock may have; a scenario's levels narrow it."""


def record_columns() -> tuple[Column, ...]:
    """Return the columns of a record, in their order; the last may be left out of a file."""
    return (
        Column("date", "date", "the day on which it happened or was measured"),
        Column("actor", "text", "the party that acted, or whose stock was measured"),
        Column("kind", "text", "what happened", among=tuple(KINDS)),
        Column("content", "text", "the package, the posture or the stock, where the kind needs one", blank=True),
        Column("value", "number", "the reading of a stock, in the stock's own unit", blank=True),
        Column("low", "number", "the low end of a reading's 90% interval", blank=True),
        Column("high", "number", "the high end of a reading's 90% interval", blank=True),
        Column("confidence", "number", "the chance that the row is right as it stands", low=0.0, high=1.0),
        Column("source", "text", "where it can be looked up"),
        Column("note", "text", "anything else that a reader should know", blank=True, absent=True),
    )


FORMS = ("chance", "quantile")
"""What the number of a forecast may be."""

FORECAST_COLUMNS = (
    Column("made", "date", "the day on which it was made, from nothing but what was known by then"),
    Column("month", "date", "the day on which the month begins that it is about"),
    Column("question", "text", "what is foretold"),
    Column("forecaster", "text", "who foretold it"),
    Column("form", "text", "what the number is", among=FORMS),
    Column("at", "text", "the answer that has this chance, such as yes, or the level of the quantile, such as 0.9"),
    Column("value", "number", "the chance, or the quantile in the unit of the quantity"),
    Column("note", "text", "anything else that a reader should know", blank=True, absent=True),
)
"""The columns of a table of forecasts, in their order; the last may be left out of a file."""
