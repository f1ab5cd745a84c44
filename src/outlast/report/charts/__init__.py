"""Charts of the report, one function each: answers in, an Altair chart out.

Every function takes the answers and a canvas (`WIDE` for a page, `NARROW` for a phone). `themed` gives a chart the
report's look for use in a notebook.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from outlast.report.charts.deal_map import deal_map
from outlast.report.charts.delay import delay
from outlast.report.charts.hazard import hazard
from outlast.report.charts.offers import offers
from outlast.report.charts.paths import paths
from outlast.report.charts.phases import phases
from outlast.report.charts.rounds import rounds
from outlast.report.charts.type_test import type_test
from outlast.report.protocol import AnswersLike
from outlast.report.theme import NARROW, WIDE, Canvas, dress

__all__ = [
    "NARROW", "WIDE", "Canvas", "deal_map", "delay", "hazard", "offers", "paths", "phases", "rounds", "themed",
    "type_test",
]  # fmt: skip


def themed(chart: Callable[..., Any], answers: AnswersLike, *, canvas: Canvas = WIDE) -> Any:
    """Draw `chart` of the answers in the report's fonts, colours and quiet axes."""
    return dress(chart(answers, canvas=canvas), canvas)
