"""The command ``outlast record import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outlast.cli.options import Force


def _list_sources(asked: bool) -> None:
    if asked:
        from outlast.record.sources import SOURCES

        width = max(map(len, SOURCES))
        for name, words in SOURCES.items():
            print(f"{name:<{width}}  {words}")
        raise typer.Exit()


def import_(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Whose file it is; --list names them.")],
    path: Annotated[str, typer.Argument(metavar="PATH", help="The publisher's file, as it is.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The table to write: .csv or .parquet.")],
    force: Force = False,
    listed: Annotated[
        bool, typer.Option("--list", callback=_list_sources, is_eager=True, help="List the sources and stop.")
    ] = False,
) -> None:
    """Turn a publisher's file into a tidy table, and say what was left out and why."""
    from outlast.cli.output import OutputRefused, refuse_existing, refuse_unwritable, write_file
    from outlast.record.sources import import_file

    if out.suffix not in (".csv", ".parquet"):
        raise OutputRefused(out, "its name ends in neither .csv nor .parquet", "choose one of the two")
    refuse_existing(out, force=force)
    refuse_unwritable(out)
    found = import_file(source, path)
    write_file(out, found.table.write_csv if out.suffix == ".csv" else found.table.write_parquet, force=force)
    print(f"{out} written: {found.table.height:,} rows, columns {', '.join(found.table.columns)}")
    for title, lines in (("left out or changed", found.dropped), ("to know", found.warnings)):
        if lines:
            print(title)
            for line in lines:
                print(f"  - {line}")
