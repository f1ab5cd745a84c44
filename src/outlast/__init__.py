"""Answer who gains while the talks go on, which deals would be signed, which would last, and what would change that.

Five verbs, each making the noun that the next one needs::

    read -> Scenario, compile -> Game, solve -> Solution, answer -> Answers, report -> Report

A room is loaded when its verb is first used, so ``import outlast`` is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from outlast.answers import answer
    from outlast.game import compile
    from outlast.reporting import report
    from outlast.scenario import read
    from outlast.solving import solve

    __version__: str

__all__ = ["__version__", "answer", "compile", "read", "report", "solve"]

_ROOM_OF_VERB = {
    "read": "outlast.scenario",
    "compile": "outlast.game",
    "solve": "outlast.solving",
    "answer": "outlast.answers",
    "report": "outlast.reporting",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value = import_module("importlib.metadata").version("outlast")
    elif name in _ROOM_OF_VERB:
        value = getattr(import_module(_ROOM_OF_VERB[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
