"""The command ``outlast record check``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson

if TYPE_CHECKING:
    from outlast.record import Record
    from outlast.scenario import Scenario

RecordFile = Annotated[
    str, typer.Argument(metavar="FILE", help="A record (CSV, Excel, Parquet, JSON), or the name of a shipped one.")
]
ScenarioOption = Annotated[
    str | None,
    typer.Option("--scenario", metavar="SCENARIO", help="Check against this scenario: its parties, packages, axes."),
]


def check(
    file: RecordFile,
    scenario: ScenarioOption = None,
    from_start: Annotated[
        bool, typer.Option("--from-start", help="Refuse rows before the scenario's month 0, as a fit would.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a record and explain every fault with its row."""
    from outlast.cli.check import fault_as_json, print_json
    from outlast.record import RecordError, read_record
    from outlast.scenario.reading import read

    if from_start and scenario is None:
        raise typer.BadParameter("--from-start needs --scenario, whose month 0 it means")
    against = None if scenario is None else read(scenario)
    try:
        record = read_record(file, scenario=against, from_start=from_start)
    except RecordError as error:
        if not as_json:
            raise
        print_json({"valid": False, "faults": [fault_as_json(fault) for fault in error.faults]})
        raise typer.Exit(2) from None
    facts = _facts(record, against)
    if as_json:
        print_json({"valid": True, "faults": [], "record": facts})
        return
    print(f"{file} is a valid record")
    for key, value in facts.items():
        text = ", ".join(f"{part} {count}" for part, count in value.items()) if isinstance(value, dict) else value
        print(f"  {key.replace('_', ' '):<16} {text}")


def _facts(record: Record, scenario: Scenario | None) -> dict[str, Any]:
    table = record.table
    facts: dict[str, Any] = {
        "rows": table.height,
        "first_day": table["date"][0].isoformat(),
        "last_day": table["date"][-1].isoformat(),
        "kinds": record.counts(),
        "sources": table["source"].n_unique(),
        "unsure": int((table["confidence"] < 0.7).sum()),
    }
    if scenario is not None:
        before = int((record.by_month(scenario.as_of)["month"] < 0).sum())
        facts |= {"scenario": scenario.name, "month_0": scenario.as_of.isoformat(), "rows_before": before}
    return facts
