"""A scenario file opened: its bytes checked, its TOML parsed, and its base files found, with faults for what fails."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from outlast.scenario.fault import Fault, Place, ScenarioError, nearest, shown
from outlast.scenario.locate import Location, deepest_key, key_lines
from outlast.scenario.shipped import shipped_names, shipped_path

LARGEST_FILE = 5_000_000
DEEPEST = 20


@dataclass(frozen=True)
class Document:
    """One opened file: its name for a reader, its text and its tables."""

    label: str
    path: Path | None
    text: str
    tables: dict[str, Any] = field(repr=False)

    @cached_property
    def lines(self) -> Mapping[Location, int]:
        """The line of each key."""
        return key_lines(self.text)


def find(source: str | os.PathLike[str], folder: Path | None = None) -> Path:
    """Return the file that ``source`` means: a shipped name, or a path, relative to ``folder`` where one is given."""
    name = os.fspath(source)
    shipped = shipped_path(name) if isinstance(source, str) else None
    return shipped or (folder / name if folder else Path(name))


def opened(path: Path, label: str, asked_at: Place | None = None) -> Document:
    """Open and parse one file. Raises ``ScenarioError`` with one fault if that cannot be done.

    ``asked_at`` is the place that names the file, where another file does.
    """
    place = asked_at or Place(file=label)
    text = _decoded(_content(path, label, place), label)
    return Document(label=label, path=path, text=text, tables=_parsed(text, label))


def _content(path: Path, label: str, place: Place) -> bytes:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "not a plain file"
            raise _refusal(place, f"{label} is {kind}", "a scenario is one plain file", "name the .toml file itself")
        with path.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise ScenarioError([_missing(place, label, path)]) from None
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        found = f"{shown(label)} cannot be read: {cause}"
        raise _refusal(place, found, "a scenario is a file that can be read", "check the path and its rights") from None
    if len(content) > LARGEST_FILE:
        found = f"{path.stat().st_size:,} bytes"
        rule = f"a scenario has at most {LARGEST_FILE:,} bytes"
        raise _refusal(place, found, rule, "name a scenario; shipped ones have some 20,000 bytes")
    return content


def _missing(place: Place, label: str, path: Path) -> Fault:
    try:
        beside = [other.name for other in path.parent.glob("*.toml")]
    except (OSError, ValueError):
        beside = []
    near = nearest(path.name, beside) or nearest(path.stem, shipped_names())
    return Fault(
        place=place,
        found=f"no file {shown(label)}",
        rule=f"a path of a file, or the name of a shipped scenario: {', '.join(shipped_names())}",
        reason="there is nothing to read under that name",
        remedy="check the spelling and the folder; `outlast scenarios` lists the shipped ones",
        suggestion=str(path.with_name(near)) if near in beside else near,
    )


def _decoded(content: bytes, label: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(label, content[: error.start].count(b"\n") + 1)
        found = f"byte 0x{content[error.start]:02x} at position {error.start}"
        raise _refusal(place, found, "a scenario is UTF-8 text", "save the file with the encoding UTF-8") from None


def _parsed(text: str, label: str) -> dict[str, Any]:
    parts, line = deepest_key(text)
    if parts > DEEPEST:
        found, remedy = f"a key of {parts:,} parts", "write the key as `outlast schema` gives it"
        raise _refusal(Place(label, line), found, f"a key has at most {DEEPEST} parts with dots between", remedy)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _refusal(
            Place(label), "lists or tables nested too deep", "a scenario is TOML of ordinary depth", "take lists apart"
        ) from None
    except ValueError as error:
        message, line = _position(str(error), text)
        raise ScenarioError(
            [
                Fault(
                    place=Place(label, line),
                    found=message,
                    rule="a scenario is valid TOML",
                    reason="until the file can be parsed, nothing else in it can be checked",
                    remedy=_syntax_remedy(message),
                )
            ]
        ) from None


def _position(message: str, text: str) -> tuple[str, int | None]:
    import re

    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not found:
        return message, None
    line = int(found.group(1)) if found.group(1) else max(1, text.count("\n") + (not text.endswith("\n")))
    return message, line


def _syntax_remedy(message: str) -> str:
    for sign, remedy in (
        ("overwrite", "write each key once and each [table] once; entries of a list are headed [[packages]]"),
        ("twice", "write each [table] once; entries of a list are headed [[packages]]"),
        ("Invalid value", 'put text in "quotation marks"; true and false have small letters'),
        ("Expected '='", "write `key = value`; names with spaces stand in quotation marks"),
        ("date", "write dates as 2026-02-18, and check that the day exists"),
        ("Unterminated", "close the quotation mark or bracket"),
        ("Unclosed", "close the bracket"),
    ):
        if sign in message:
            return remedy
    return "look at the line and the one before it for a missing quotation mark, bracket or comma"


def _refusal(place: Place, found: str, rule: str, remedy: str) -> ScenarioError:
    reason = "only such a file can be read as a scenario"
    return ScenarioError([Fault(place=place, found=found, rule=rule, reason=reason, remedy=remedy)])
