"""Arguments and options that several commands share, so that they mean the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

SCENARIO = "A scenario file, or the name of a shipped scenario."
File = Annotated[str, typer.Argument(metavar="FILE", help=SCENARIO)]
Draws = Annotated[int, typer.Option(min=0, max=65536, help="Prior draws behind ranges and shares; 0 for none.")]
Seed = Annotated[int, typer.Option(min=0, max=2**32 - 1, help="Seed of the draws.")]
AnyDraws = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=65536,
        help="Prior draws behind ranges and shares: a stored ensemble's, or else 32; 0 for none.",
    ),
]
AnySeed = Annotated[
    int | None, typer.Option(min=0, max=2**32 - 1, help="Seed of the draws: that of a stored ensemble, or else 1.")
]
Stored = Annotated[
    Path | None,
    typer.Option("--ensemble", metavar="DIR", help="Stored ensemble whose draws to use; the largest kept one if any."),
]
Resolution = Annotated[
    Literal["coarse", "standard", "fine"] | None,
    typer.Option(help="Grid to solve on instead of the scenario's own."),
]
Force = Annotated[bool, typer.Option("--force", help="Replace earlier output.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, and nothing else there.")]
