"""What the patron does in the first month, with talks on and with silence."""

from __future__ import annotations

import polars as pl

from outlast.answers.standpoint import Standpoint
from outlast.game.month import POSTURES, SILENCE, TALKS


def posture(view: Standpoint) -> pl.DataFrame:
    """Return the chance of each posture at the start, by whether talks were held."""
    chance = view.at_start(view.choices["posture"].settler[0])
    rows = [
        (bool(held), POSTURES[a], float(chance[a, held])) for held in (SILENCE, TALKS) for a in range(len(POSTURES))
    ]
    return pl.DataFrame(rows, schema=["talks", "posture", "chance"], orient="row")
