"""Published models as small games, and how near the engine comes to their printed figures.

for row in rows_of("centipede"): print(row.quantity, row.published, row.ours, row.error, row.tolerance)
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

from outlast.gallery.row import Row

MODELS = {
    "centipede": "Centipede with logit choices (McKelvey & Palfrey 1998)",
    "attrition": "War of attrition by turns, and its continuous limits (Hendricks, Weiss & Wilson 1988)",
    "chain_store": "Reputation of an incumbent (Kreps & Wilson 1982)",
    "in_months": "Reputation and a stubborn type, by the engine of the war (Kreps & Wilson 1982; Myerson 1991)",
    "rubinstein": "Alternating offers, with breakdown, outside and inside options (Rubinstein 1982)",
    "powell": "Commitment problems, by protocol, and a patron who may leave (Powell 2004, 2006)",
    "fearon": "Rationalist explanations for war (Fearon 1995)",
    "forts": "War as a random walk over forts, with offers between battles (Smith & Stam 2004)",
    "abreu_gul": "Bargaining with stubborn types, and stalling for a patron's exit (Abreu & Gul 2000)",
    "rearmament": "The guarantee that keeps a rearmed challenger at peace (after Powell 2006)",
    "lewis_schultz": "Crisis signalling with three equilibria (Lewis & Schultz 2003)",
    "audience_costs": "Peace, crisis and war with audience costs (Crisman-Cox & Gibilisco 2018)",
}
"""The models and their titles. Model ``x`` is the module ``outlast.gallery.x``."""

SEVERAL = ("attrition", "lewis_schultz")
"""Models that look for several equilibria from random starts, with a function ``several``."""

__all__ = ["MODELS", "SEVERAL", "Row", "model", "rows_of"]


def model(name: str) -> ModuleType:
    """Return the module of a model; raise ``KeyError`` with the nearest name if there is none of this one."""
    if name not in MODELS:
        from outlast.scenario.fault import nearest

        near = nearest(name, MODELS)
        raise KeyError(f"no model is called {name!r}" + (f"; did you mean {near!r}?" if near else ""))
    return import_module(f"outlast.gallery.{name}")


def rows_of(name: str) -> list[Row]:
    """Solve a model and return its table: published figures beside ours."""
    return list(model(name).rows())
