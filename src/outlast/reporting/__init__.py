"""Report room: draw tables of answers as a page, as text, and side by side. It computes nothing.

The names load on first use, so that printing to a terminal does not wait for the chart library.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outlast.reporting.compare import compare, print_comparison
    from outlast.reporting.page import Report, report
    from outlast.reporting.protocol import AnswersLike
    from outlast.reporting.saving import OutputExists
    from outlast.reporting.terminal import print_answers

__all__ = ["AnswersLike", "OutputExists", "Report", "compare", "print_answers", "print_comparison", "report"]

_HOMES = {
    "AnswersLike": "protocol",
    "OutputExists": "saving",
    "Report": "page",
    "report": "page",
    "compare": "compare",
    "print_comparison": "compare",
    "print_answers": "terminal",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
