"""The command ``outlast schema``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def schema(
    explain: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Explain this key or table instead: its path, or the end of its path."),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write to this file instead of printing.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Print the JSON Schema of scenarios, or explain one key."""
    text = _schema_text() if explain is None else _explanation(explain)
    if out is None:
        print(text)
        return
    from outlast.cli.output import write_text

    write_text(out, text + "\n", force=force)
    print(f"{out} written")


def _schema_text() -> str:
    from outlast.reporting.json_text import json_text
    from outlast.scenario.schema import json_schema

    return json_text(json_schema())


def _explanation(key: str) -> str:
    from outlast.scenario.explain import explain

    return explain(key)
