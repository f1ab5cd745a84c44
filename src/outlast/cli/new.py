"""The command ``outlast new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario: NAME.toml is written. May include a folder.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Start a scenario file of your own from the starter."""
    from outlast.cli.output import write_text
    from outlast.scenario.shipped import new as new_text

    path = Path(name.removesuffix(".toml") + ".toml")
    write_text(path, new_text(path.stem), force=force)
    print(f"{path} written. Change what you know, then run: outlast check {path}")
