"""The command ``outlast gallery``."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from outlast.cli.options import AsJson


def gallery(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="A model; all are listed without one.")] = None,
    as_json: AsJson = False,
) -> None:
    """List published models, or set one's printed figures beside ours."""
    from outlast.gallery import MODELS, rows_of
    from outlast.gallery.row import markdown

    if name is None:
        print(json.dumps(MODELS, indent=2) if as_json else "\n".join(f"{n:<16}{t}" for n, t in MODELS.items()))
        return
    try:
        rows = rows_of(name)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0])) from None
    print(json.dumps([row.record() for row in rows], indent=2) if as_json else "\n".join(markdown(rows)))
    if not all(row.holds for row in rows):
        raise typer.Exit(1)
