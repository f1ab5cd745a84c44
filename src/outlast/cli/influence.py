"""The command ``outlast influence``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from outlast.cli.options import AsJson

if TYPE_CHECKING:
    import polars as pl

    from outlast.ensemble.opening import Ensemble


def influence(
    source: Annotated[
        str, typer.Argument(metavar="DIR", help="An ensemble's folder, or a scenario of which one is stored.")
    ],
    top: Annotated[int, typer.Option(min=1, max=1000, help="Numbers to print for each headline.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Print how much each number moves each headline over a stored ensemble."""
    from outlast.cli.working import work
    from outlast.ensemble.influence import influence as estimated
    from outlast.ensemble.influence import stored_influence

    ensemble = _opened(source)
    found = work(lambda say: stored_influence(ensemble) if _told(say) else None, apart=False)
    table = estimated(ensemble) if found is None else found  # which says why, if draws are too few
    if as_json:
        from outlast.reporting.json_text import json_text

        print(json_text({"folder": str(ensemble.folder), "influence": table}))
    else:
        _show(table, ensemble, top)


def _told(say) -> bool:
    say("estimating influence", 0, 0)
    return True


def _opened(source: str) -> Ensemble:
    from outlast.ensemble.fault import EnsembleFault
    from outlast.ensemble.opening import open_ensemble
    from outlast.ensemble.stored import stored_ensemble
    from outlast.scenario.reading import read

    if Path(source).is_dir():
        return open_ensemble(source)
    found = stored_ensemble(read(source))
    if found is None:
        raise EnsembleFault(
            source,
            found="no complete ensemble of it, as it stands, is stored",
            rule="influence is estimated from draws that are solved already",
            reason="it is a property of the answers over all ranges",
            remedy=f"run `outlast ensemble {source}` first, or name the folder of one",
        )
    return found


def _show(table: pl.DataFrame, ensemble: Ensemble, top: int) -> None:
    import polars as pl

    print(f"{ensemble.folder}: {table['draws'][0] if table.height else ensemble.draws} draws")
    print("share of each headline's variance that goes with one number alone (90% interval); * moves the distribution")
    for (headline,), rows in table.group_by("headline", maintain_order=True):
        rest = 1 - rows.filter(pl.col("first_low") > 0)["first"].sum()
        print(f"\n{headline}  (not surely with one number alone: {max(rest, 0.0):.0%})")
        for row in rows.head(top).to_dicts():
            mark = "*" if row["pawn"] > row["floor"] else " "
            print(f"  {row['first']:6.1%}  ({row['first_low']:6.1%} to {row['first_high']:6.1%}) {mark} {row['key']}")
