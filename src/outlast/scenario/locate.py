"""Find the line on which each key of a TOML text stands, so that a fault can point at it.

A plain scan, not a parser: it is used for pointing only, after the text has been parsed. A key that it misses is
reported at the line of the nearest table above it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

Location = tuple[str | int, ...]
"""Path of a key: names of tables and keys, and positions in lists."""

_NAME = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_NAME}(?:\s*\.\s*{_NAME})*"
_HEADER = re.compile(rf"\s*\[(\[?)\s*({_DOTTED})\s*\]\]?")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=")
_PART = re.compile(_NAME)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'")
_TOKEN = re.compile(r'"""[\s\S]*?"""|' + r"'''[\s\S]*?'''" + rf"|#[^\n]*|({_DOTTED})|[\"'][^\n]*")
_LONG_QUOTE = re.compile('"""|' + "'''")


def key_lines(text: str) -> dict[Location, int]:
    """Return the line, from 1, of each key, table and list element that the scan recognises."""
    scan = _Scan()
    for number, line in enumerate(text.splitlines(), start=1):
        scan.read(number, line)
    return scan.lines


def line_of(lines: Mapping[Location, int], location: Location) -> int | None:
    """Return the line of a key, or of the nearest table above it that is known."""
    for length in range(len(location), 0, -1):
        if location[:length] in lines:
            return lines[location[:length]]
    return None


def deepest_key(text: str) -> tuple[int, int]:
    """Return how many dotted parts the key with the most has, and its line; ``(0, 0)`` for a text without keys.

    A parser takes time with the square of the parts, so this is asked before.
    """
    most, at = 0, 0
    for found in _TOKEN.finditer(text):
        if found.group(1) and (parts := 1 + found.group().count(".")) > most:
            parts = len(_PART.findall(found.group()))
            most, at = max((most, at), (parts, -found.start()))
    return most, text.count("\n", 0, -at) + 1 if most else 0


class _Scan:
    """The state of a scan: the table in force, the list that is open, and the lines found."""

    def __init__(self) -> None:
        self.lines: dict[Location, int] = {}
        self._table: Location = ()
        self._lengths: dict[Location, int] = {}
        self._open: Location = ()
        self._depth = 0
        self._quote = ""

    def read(self, number: int, line: str) -> None:
        """Take the next line."""
        if self._quote:
            self._quote = "" if self._quote in line else self._quote
        elif self._depth > 0:
            if self._depth == 1 and line.lstrip().startswith("{"):
                self._note((*self._open, self._next(self._open)), number)
            self._follow(line)
        elif header := _HEADER.match(line):
            self._enter(header, number)
        elif pair := _PAIR.match(line):
            self._open = self._table + _parts(pair.group(1))
            for length in range(len(self._table) + 1, len(self._open) + 1):
                self._note(self._open[:length], number)
            self._follow(line[pair.end() :])

    def _enter(self, header: re.Match[str], number: int) -> None:
        location: Location = ()
        parts = _parts(header.group(2))
        for position, part in enumerate(parts):
            location = (*location, part)
            if header.group(1) and position == len(parts) - 1:
                self._note(location, number)
                location = (*location, self._next(location))
            elif location in self._lengths:
                location = (*location, self._lengths[location] - 1)
        self._table = location
        self._note(location, number)

    def _next(self, location: Location) -> int:
        index = self._lengths.get(location, 0)
        self._lengths[location] = index + 1
        return index

    def _note(self, location: Location, number: int) -> None:
        self.lines.setdefault(location, number)

    def _follow(self, text: str) -> None:
        """Count the brackets of a value that may go on over the next lines."""
        long_quote = _LONG_QUOTE.search(text)
        if long_quote and long_quote.group() not in text[long_quote.end() :]:
            self._quote = long_quote.group()
            text = text[: long_quote.start()]
        bare = _STRING.sub("", text).split("#", 1)[0]
        opened = sum(bare.count(bracket) for bracket in "[{")
        closed = sum(bare.count(bracket) for bracket in "]}")
        self._depth = max(0, self._depth + opened - closed)


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in _PART.findall(dotted))
