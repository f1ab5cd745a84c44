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
    readings: Annotated[
        bool, typer.Option("--readings", help="Write monthly readings of a stock, as rows of a record, instead.")
    ] = False,
    force: Force = False,
    listed: Annotated[
        bool, typer.Option("--list", callback=_list_sources, is_eager=True, help="List the sources and stop.")
    ] = False,
) -> None:
    """Turn a publisher's file into a tidy table, and say what was left out and why."""
    from outlast.cli.output import OutputRefused, refuse_existing, refuse_unwritable, write_file
    from outlast.record.sources import SOURCES, import_file
    from outlast.record.sources.readings import READINGS
    from outlast.reporting.cells import write_csv

    if out.suffix not in (".csv", ".parquet"):
        raise OutputRefused(out, "its name ends in neither .csv nor .parquet", "choose one of the two")
    refuse_existing(out, force=force)
    refuse_unwritable(out)
    if readings and source in SOURCES and source not in READINGS:
        raise typer.BadParameter(f"--readings can be made from {', '.join(READINGS)}, and not from {source}")
    found = import_file(source, path)
    table = READINGS[source](found.table, label=found.label) if readings else found.table
    write = table.write_parquet if out.suffix == ".parquet" else lambda part: write_csv(table, part)
    write_file(out, write, force=force)
    print(f"{out} written: {table.height:,} rows, columns {', '.join(table.columns)}")
    for title, lines in (("left out or changed", found.dropped), ("to know", found.warnings)):
        if lines:
            print(title)
            for line in lines:
                print(f"  - {line}")
