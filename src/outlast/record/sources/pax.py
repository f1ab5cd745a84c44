"""Peace agreements since 1990 with stage, parties and provisions: PA-X, University of Edinburgh.

Written from the column names of the published codebook and not yet tried on the publisher's file.
"""

from __future__ import annotations

import polars as pl

from outlast.record.columns import Column
from outlast.record.sources.source import Dropped, Source, told_once

PROVISIONS = {
    "Ce": "a cease-fire",
    "SsrGua": "security guarantees",
    "ImUN": "a signature of the United Nations",
    "ImOth": "a signature of another third party",
    "ImPK": "an international force or mission",
    "ImE": "a means of enforcement",
}
STAGES = {
    "Pre": "before negotiation",
    "Cea": "cease-fire",
    "SubPar": "substantive, partial",
    "SubComp": "substantive, comprehensive",
    "Imp": "implementation",
    "Ren": "renewal",
    "Oth": "other",
}
"""The stages by the codebook's codes; another code is kept as the file writes it."""


def tidy(table: pl.DataFrame) -> tuple[pl.DataFrame, list[Dropped]]:
    """Return one row for each agreement: number, place, process, ``signed``, ``stage``, third parties, provisions.

    A provision is a level from 0 (none) up; its column is null where the file does not have it.
    """
    kept, dropped = told_once(table, "AgtId", what="agreements")
    made = kept.select(
        number="AgtId",
        place="Con",
        process="PPName",
        agreement="Agt",
        signed="Dat",
        stage=pl.col("Stage").replace(STAGES),
        kind="Agtp",
        third_parties=pl.col("ThrdPart").is_not_null(),
        **{name: pl.col(name) for name in PROVISIONS},
    ).sort("signed", "number")
    absent = [name for name in PROVISIONS if kept[name].null_count() == kept.height]
    if absent:
        dropped.append(Dropped(len(absent), f"provisions without a value ({', '.join(absent)})", "the file has none"))
    return made, dropped


SOURCE = Source(
    name="pax",
    publisher="PA-X (Peace Agreements Database)",
    columns=(
        Column("Con", "text", "the country or entity", describes=True),
        Column("PPName", "text", "the peace process", describes=True),
        Column("AgtId", "whole", "the number of the agreement"),
        Column("Agt", "text", "the name of the agreement", describes=True),
        Column("Dat", "date", "the day of signing"),
        Column("Agtp", "text", "whether it is between states or within one", describes=True),
        Column("Stage", "text", "the stage of the process, by its code", describes=True),
        Column("ThrdPart", "text", "third parties", blank=True),
        *(
            Column(name, "whole", f"how far it provides for {words}", blank=True, absent=True, low=0)
            for name, words in PROVISIONS.items()
        ),
    ),
    tidy=tidy,
    warnings=(
        "This importer was written from the codebook and has not been tried on the publisher's file.",
        "Agreements are documents: one settlement may be many rows.",
    ),
)
