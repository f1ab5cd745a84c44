"""Arguments and options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

SCENARIO = "A scenario file, or the name of a shipped scenario."
File = Annotated[str, typer.Argument(metavar="FILE", help=SCENARIO)]
Draws = Annotated[int, typer.Option(min=0, max=65536, help="Prior draws behind ranges and shares; 0 for none.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the draws.")]
Resolution = Annotated[
    Literal["coarse", "standard", "fine"] | None,
    typer.Option(help="Grid to solve on instead of the scenario's own."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace earlier output.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]
