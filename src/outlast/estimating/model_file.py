"""A model and how to estimate it, from a TOML file.

game = "signalling"                       # or "challenge"
outcomes = ["sq", "cd", "sf", "bd"]       # or { column = "end", values = [...] }, or { moves = ["esc", "war"] }
cluster = "dyad"                          # optional
method = "constrained"                    # "nested", "repeated"; signalling only, optional
selection = "likeliest"                   # "lowest", "highest"; nested only, optional
link = "probit"                           # "logit"; challenge only, optional
errors = "agent"                          # "private"; challenge only, optional

[utilities]
S_A = ["x", { sqrt = "trade" }]
V_A = [1, { factor = "regime", base = "autocracy" }]
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from outlast.estimating.cases import Label, Moves
from outlast.estimating.challenge import ChallengeModel
from outlast.estimating.constrained import ConstrainedLikelihood
from outlast.estimating.crisis import SignallingModel
from outlast.estimating.equilibrium import RULES
from outlast.estimating.fault import CasesError, Fault, fault, nearest, shown
from outlast.estimating.nested import NestedFixedPoint
from outlast.estimating.pseudo import PseudoLikelihood
from outlast.scenario.document import DEEPEST
from outlast.scenario.locate import deepest_key

KEYS = ("game", "outcomes", "utilities", "cluster", "method", "selection", "link", "errors")
CHOICES = {
    "game": ("signalling", "challenge"),
    "method": ("constrained", "nested", "repeated"),
    "selection": RULES,
    "link": ("probit", "logit"),
    "errors": ("agent", "private"),
}
ONLY = {"signalling": ("method", "selection"), "challenge": ("link", "errors")}


class Plan(NamedTuple):
    """What a file asks for: the model, the column of clusters, and the method."""

    model: Any
    cluster: str | None
    method: Any


def read_model(source: str | os.PathLike[str] | Mapping[str, Any]) -> Plan:
    """Return the model and the method in a file, or in tables that have been parsed. Raises ``CasesError``."""
    tables = dict(source) if isinstance(source, Mapping) else _parsed(Path(source))
    faults = _faults(tables)
    if faults:
        raise CasesError(faults)
    outcomes, utilities = _outcomes(tables["outcomes"]), dict(tables["utilities"])
    cluster = tables.get("cluster")
    if tables["game"] == "challenge":
        options = {key: tables[key] for key in ONLY["challenge"] if key in tables}
        return Plan(ChallengeModel(utilities, outcomes, **options), cluster, None)
    if "method" not in tables:
        return Plan(SignallingModel(utilities, outcomes), cluster, None)
    nested = NestedFixedPoint(tables.get("selection", "likeliest"))
    method = {"constrained": ConstrainedLikelihood(), "nested": nested, "repeated": PseudoLikelihood()}[
        tables["method"]
    ]
    return Plan(SignallingModel(utilities, outcomes), cluster, method)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if (parts := deepest_key(text)[0]) <= DEEPEST:
            return tomllib.loads(text)
        found, rule = f"a key of {parts:,} parts", f"a key has at most {DEEPEST} parts with dots between"
    except FileNotFoundError:
        found, rule = "no such file", "the model is in a file"
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        found, rule = str(error).splitlines()[0][:200], "the model is a TOML file"
    reason, remedy = "it says which game is estimated and what each utility is made of", "give the path of such a file"
    raise CasesError([fault(str(path), found, rule, reason, remedy)])


def _outcomes(told: Any) -> Any:
    if isinstance(told, Mapping):
        if set(told) == {"column", "values"} and isinstance(told["values"], list):
            return Label(str(told["column"]), told["values"])
        if set(told) == {"moves"} and isinstance(told["moves"], list) and len(told["moves"]) == 2:
            return Moves(*map(str, told["moves"]))
    return told


def _faults(tables: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of the keys; those of formulas and columns are found with the table of cases."""
    faults = []
    for key in tables:
        if key not in KEYS:
            rule, reason = f"a key is one of {', '.join(KEYS)}", "any other would be read by nobody"
            faults.append(fault(str(key), "a key of that name", rule, reason, "correct it", nearest(str(key), KEYS)))
    for key in ("game", "outcomes", "utilities"):
        if key not in tables:
            rule, reason = f"the file has `{key}`", "a model is a game, its outcomes and its utilities"
            faults.append(fault(key, "nothing", rule, reason, "add it; `outlast estimate --help` shows a file"))
    for key, known in CHOICES.items():
        if key in tables and tables[key] not in known:
            rule, reason = f"{key} is one of {', '.join(known)}", "these are known here"
            near = nearest(str(tables[key]), known)
            faults.append(fault(key, shown(tables[key]), rule, reason, "write one of them", near))
    game = tables.get("game")
    for other, keys in ONLY.items():
        for key in keys:
            if key in tables and game in ONLY and game != other:
                rule, reason = f"`{key}` belongs to the {other} game", f"the {game} game has no such choice"
                faults.append(fault(key, shown(tables[key]), rule, reason, "take it out"))
    if "selection" in tables and tables.get("method") != "nested" and game != "challenge":
        rule, reason = '`selection` goes with method = "nested"', "the other methods select by likelihood"
        faults.append(fault("selection", shown(tables["selection"]), rule, reason, "take it out, or name the method"))
    return faults + _wrong_kinds(tables)


def _wrong_kinds(tables: Mapping[str, Any]) -> list[Fault]:
    """Return the faults of values that are no table, or no name."""
    faults = []
    if not isinstance(tables.get("utilities", {}), Mapping):
        rule, reason = "`utilities` is a table of formulas", "each utility has its own"
        faults.append(fault("utilities", shown(tables["utilities"]), rule, reason, "write [utilities], and one a line"))
    if not isinstance(tables.get("cluster", ""), str):
        rule, reason = "`cluster` is the name of a column", "standard errors are by its values"
        faults.append(fault("cluster", shown(tables["cluster"]), rule, reason, "name one column"))
    return faults
