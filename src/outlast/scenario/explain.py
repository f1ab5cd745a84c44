"""Explain a key: what it means, its unit and bounds, and what low, middle and high look like in the world."""

from __future__ import annotations

import sys
from textwrap import fill
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from outlast.scenario.fault import Fault, Place, ScenarioError, nearest, shown
from outlast.scenario.keys import Key, catalogue, key_at, sections
from outlast.scenario.mechanisms.mechanism import Mechanism, matches

WIDTH = 100
MOST_IN_FULL = 6


def explain(query: str) -> str:
    """Return the explanation of a key or table, by its path or by the end of its path ("drift", "patience").

    Several matches are all explained, or listed where there are many. Raises ``ScenarioError`` with the nearest name
    where there is none.
    """
    wanted = query.strip().strip("[]").strip()
    keys = _keys(wanted)
    tables = [path for path in sections() if _ends(path, wanted)]
    if not wanted or not (keys or tables):
        raise ScenarioError([_unknown(wanted)])
    if len(keys) + len(tables) > MOST_IN_FULL:
        found = [*tables, *(key.pattern for key in keys)]
        return "\n".join([f"`{wanted}` ends {len(found)} paths; explain one of", *(f"  {path}" for path in found)])
    return "\n\n".join([*(_table_text(path) for path in tables), *(_key_text(key) for key in keys)])


def _keys(wanted: str) -> list[Key]:
    exact = key_at(wanted) if wanted else None
    if exact is not None:
        return [exact]
    return [key for key in catalogue() if any(_ends(pattern, wanted) for pattern in (key.pattern, *key.patterns))]


def _ends(pattern: str, wanted: str) -> bool:
    length = len(wanted.split("."))
    parts = pattern.split(".")
    return matches(".".join(parts[-length:]), wanted) and parts[-1] != "*"


def _table_text(path: str) -> str:
    section = sections()[path]
    law = sys.modules[section.__module__].__doc__ if issubclass(section, Mechanism) else section.__doc__
    lines = [f"[{path}]", *(f"  {line}".rstrip() for line in (law or "").strip().splitlines()), "", "  keys"]
    for key in catalogue():
        if key.pattern.startswith(f"{path}."):
            lines.append(f"    {key.pattern.removeprefix(path + '.'):<28} {key.description}")
    return "\n".join(lines)


def _key_text(key: Key) -> str:
    lines = [key.pattern, fill(key.description, WIDTH, initial_indent="  ", subsequent_indent="  ")]
    if key.scale is None:
        lines.append(_line("holds", _words(key.kind)))
    else:
        unit = key.scale.unit
        lines.append(_line("unit", f"{unit.name}: {unit.meaning}"))
        lines.append(_line("bounds", f"{key.scale.rule}; {unit.reason}"))
        if key.columns:
            lines.append(_line("columns", ", ".join(key.columns)))
        for word, (value, meaning) in zip(("low", "middle", "high"), key.scale.anchors, strict=True):
            lines.append(_line(word, f"{value:<6g} {meaning}"))
    if key.default is not None:
        lines.append(_line("default", _default(key.default)))
    if key.mechanism:
        lines.append(_line("mechanism", _owner(key)))
    return "\n".join(lines)


def _owner(key: Key) -> str:
    section = sections()[f"mechanisms.{key.mechanism}"]
    assert issubclass(section, Mechanism)
    text = f"{key.mechanism} (claims {', '.join(section.CLAIMS)})"
    below = [pattern.removeprefix(f"mechanisms.{key.mechanism}.") for pattern in key.patterns]
    rules = {name: section.NEUTRAL[name] for name in below if name in section.NEUTRAL}
    for becomes in dict.fromkeys(rules.values()):
        names = [name.rsplit(".", 1)[-1] for name, other in rules.items() if other == becomes]
        some = f"{' and '.join(names)} become" if len(names) > 1 else f"{names[0]} becomes"
        taken = f"the value of {becomes}" if isinstance(becomes, str) else f"{becomes:g}"
        text += f"; switched off, {some if len(rules) < len(below) else 'becomes'} {taken}"
    return text if rules or key.scale is None else f"{text}; switched off, it keeps its value"


def _words(kind: Any) -> str:
    if get_origin(kind) is not None and all(isinstance(option, str) for option in get_args(kind)):
        return "one of " + ", ".join(get_args(kind))
    names = {str: "text", bool: "true or false", int: "a whole number"}
    if kind in names:
        return names[kind]
    if get_origin(kind) is tuple:
        return "a list of numbers"
    if get_origin(kind) is not None:
        return "a table of numbers by name"
    return "a date such as 2026-02-18" if getattr(kind, "__name__", "") == "date" else "a table"


def _default(default: Any) -> str:
    if isinstance(default, BaseModel):
        return f"{getattr(default, 'value', default):g}"
    if isinstance(default, bool):
        return str(default).lower()
    return ", ".join(f"{item:g}" for item in default) if isinstance(default, tuple) else str(default)


def _line(name: str, text: str) -> str:
    return fill(text, WIDTH, initial_indent=f"  {name:<10} ", subsequent_indent=" " * 13)


def _unknown(wanted: str) -> Fault:
    paths = [*sections(), *(pattern for key in catalogue() for pattern in key.patterns)]
    ends = [path.rsplit(".", 1)[-1] for path in paths]
    near = nearest(wanted, [*paths, *ends]) or nearest(wanted.rsplit(".", 1)[-1], ends)
    return Fault(
        place=Place(path=wanted),
        found=f"no key or table {shown(wanted)}",
        rule="a path of the file, such as mechanisms.patience.drift, or the end of one, such as drift",
        reason="only keys that a scenario may hold can be explained",
        remedy="`outlast schema` lists all keys" if near is None else "try the nearest one",
        suggestion=near,
    )
