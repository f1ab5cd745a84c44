"""The command ``outlast verify``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, Resolution

if TYPE_CHECKING:
    from outlast.cli.working import Say
    from outlast.solving.archive import Archive
    from outlast.verify import Verification


def verify(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A file saved by `outlast solve`, or a scenario, which is solved first."),
    ],
    months: Annotated[
        str | None, typer.Option(metavar="LIST", help="Months to check, such as 0,1,12; all or a sample unless given.")
    ] = None,
    resolution: Resolution = None,
    as_json: AsJson = False,
) -> None:
    """Check a solution with a second computation that shares no code with the solver."""
    from outlast.cli.working import work

    chosen = _months(months)
    saved = _loaded(Path(file), resolution) if file.endswith(".npz") else _solved(file, resolution)
    try:
        found = work(lambda say: _checked(saved, chosen, say))
    except ValueError as error:  # how the verifier refuses months
        if chosen is None:
            raise
        raise typer.BadParameter(str(error), param_hint="--months") from None
    rows = _rows(found)
    if as_json:
        from outlast.reporting.json_text import json_text

        facts = {"scenario": saved.record["scenario"], "trusted": found.trusted, "trust": found.trust}
        counts = {"months": found.months, "checks": found.checks, "checks_of": found.of, "extent": found.sample.extent}
        print(json_text(facts | counts | {"quantities": rows}))
    else:
        _print(saved.record, found, rows)
    if not found.trusted:
        raise typer.Exit(1)


def _months(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no list of months such as 0,1,12", param_hint="--months") from None


def _loaded(path: Path, resolution: str | None) -> Archive:
    from outlast.solving.archive import ArchiveFault, read_archive

    if resolution is not None:
        raise typer.BadParameter("a saved solution has its resolution already", param_hint="--resolution")
    try:
        return read_archive(path)
    except ArchiveFault as fault:
        raise typer.BadParameter(f"{fault}; make one with `outlast solve`", param_hint="FILE") from None


def _solved(file: str, resolution: str | None) -> Archive:
    from outlast.cli.sizing import refuse_too_large
    from outlast.cli.solve import solved
    from outlast.cli.working import work
    from outlast.scenario.reading import read

    scenario = read(file)
    refuse_too_large((scenario, resolution))
    return work(lambda say: solved(scenario, resolution=resolution, say=say))


def _checked(saved: Archive, months: list[int] | None, say: Say) -> Verification:
    from outlast.verify import check

    say("checking", 0, 0)
    return check(saved.shape, saved.inputs, saved.values, saved.choices, months=months)


def _rows(found: Verification) -> list[dict[str, Any]]:
    from outlast.verify import QUANTITIES

    rows = []
    for name, each in QUANTITIES.items():
        value, record = found.worst(name)
        row = {
            "quantity": name,
            "label": each.label,
            "value": value,
            "limit": each.limit,
            "passed": value <= each.limit,
        }
        rows.append(row | {"station": record.station, "month": record.month, "meaning": each.meaning})
    return rows


def _print(record: dict[str, Any], found: Verification, rows: list[dict[str, Any]]) -> None:
    from rich.text import Text

    from outlast.reporting.console import paper
    from outlast.reporting.terminal import verification_table

    paper().print(
        Text(str(record["scenario"]["title"]), style="bold"),
        Text(f"{record['resolution']} resolution; months {', '.join(map(str, found.months))}", style="dim"),
        verification_table(rows),
        Text(found.trust),
    )
