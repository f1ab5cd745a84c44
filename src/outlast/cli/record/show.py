"""The command ``outlast record show``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outlast.cli.options import Force
from outlast.cli.record.check import RecordFile, ScenarioOption


def show(
    file: RecordFile,
    scenario: ScenarioOption = None,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="Where the page is written; it needs nothing but itself.")
    ] = None,
    force: Force = False,
) -> None:
    """Show a record as a timeline: in the terminal, and as a page."""
    from outlast.cli.output import refuse_existing, refuse_unwritable, write_text
    from outlast.record import read_record
    from outlast.record.form import ROLES
    from outlast.reporting.timeline import print_timeline, timeline
    from outlast.scenario.reading import read

    page = out or Path(f"{Path(file).stem}-timeline.html")
    refuse_existing(page, force=force)
    refuse_unwritable(page)
    against = None if scenario is None else read(scenario)
    record = read_record(file, scenario=against)
    parties = {role: role if against is None else str(getattr(against.parties, role)) for role in ROLES}
    title = f"Record: {Path(record.label).stem}" if against is None else f"Record: {against.title}"
    page_text = timeline(record.table, parties=parties, title=title)
    print_timeline(record.table, parties=parties)
    write_text(page, page_text, force=force)
    print(f"{page} written")
