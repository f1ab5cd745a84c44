"""Charts of the report, one function each: answers in, an Altair chart out.

Every function takes the answers and a canvas (`WIDE` for a page, `NARROW` for a phone). `themed` gives a chart the
report's look for use in a notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outlast.reporting.charts.deal_map import deal_map
from outlast.reporting.charts.delay import delay
from outlast.reporting.charts.hazard import hazard
from outlast.reporting.charts.offers import offers
from outlast.reporting.charts.paths import paths
from outlast.reporting.charts.phases import phases
from outlast.reporting.charts.rounds import rounds
from outlast.reporting.charts.sensitivity import sensitivity
from outlast.reporting.charts.type_test import type_test
from outlast.reporting.protocol import AnswersLike
from outlast.reporting.theme import NARROW, WIDE, Canvas, dress

__all__ = [
    "NARROW", "WIDE", "Canvas", "deal_map", "delay", "hazard", "offers", "paths", "phases", "rounds",
    "sensitivity", "themed", "type_test",
]  # fmt: skip


def themed(chart: Callable[..., Any], answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw `chart` of the answers in the report's fonts, colours and quiet axes."""
    return dress(chart(answers, canvas=canvas), canvas)
