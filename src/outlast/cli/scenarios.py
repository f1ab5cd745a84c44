"""The command ``outlast scenarios``."""

from __future__ import annotations

import tomllib


def scenarios() -> None:
    """List the scenarios that come with the program."""
    from outlast.scenario.shipped import FOLDER, shipped_names

    names = shipped_names()
    width = max(map(len, names), default=0)
    for name in names:
        head = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["scenario"]
        print(f"{name:<{width}}  {head['as_of']}  {head['title']}")
