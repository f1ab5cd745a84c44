"""Sections that judge: the article's claims one by one, and the model's own mistakes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from outlast.reporting.parts import NOT_COMPUTED, Cell, Column, Grid, Section, barred, grid, judged
from outlast.reporting.protocol import AnswersLike, rows
from outlast.reporting.wording import count, known, listed, of_draws, percent, plain

# What it says about a mechanism that a claim holds or fails now, and holds or fails without it.
WITHOUT = {
    (True, True): "still holds: does not rest on it",
    (True, False): "fails: rests on it",
    (False, True): "holds: it works against the claim",
    (False, False): "fails too",
}

SAID = (
    "compares with the game without the mechanism",
    "the same without the mechanism",
    "fails with and without the mechanism",
    "fails without the mechanism",
    "would hold without the mechanism",
)
"""Comments of the ledger that the column on the mechanism says in other words."""

NO_CLAIMS = "The scenario names no claims."


def claims(answers: AnswersLike) -> Section:
    """Show each claim of the article: does it hold, in how many draws, and without its mechanism."""
    title = "The article's claims, checked"
    found = rows(answers, "claims")
    if not found:
        return Section("claims", title, NO_CLAIMS if "claims" in answers.tables else NOT_COMPUTED)
    failing = [row["claim"].replace("_", " ") for row in found if row["holds"] is False]
    holding = sum(row["holds"] is True for row in found)
    reading = f"{holding} of {count(len(found), 'claim')} {'holds' if holding == 1 else 'hold'} at the central numbers"
    reading += f"; {listed(failing)} {'fails' if len(failing) == 1 else 'fail'}" if failing else "; none fails"
    shared = [row for row in found if known(row["share"])]
    if shared:
        weakest = min((row for row in shared if row["holds"]), key=lambda row: row["share"], default=None)
        if weakest:
            name = weakest["claim"].replace("_", " ")
            reading += f"; of those that hold, {name} is the least sure ({percent(weakest['share'])} of draws)"
    doubtful = [row["claim"].replace("_", " ") for row in found if row.get("trusted") is False]
    if doubtful:
        reading += f"; what {listed(doubtful)} would be without the mechanism is not to be relied on"
    return Section("claims", title, f"{reading}.", grids=(_ledger(found),))


def _ledger(found: list[dict[str, Any]]) -> Grid:
    columns = [
        Column("Claim", heads=True), Column("Holds now"), Column("In draws", "number"),
        Column("Without its mechanism", "words"), Column("What is tested", "words"),
    ]  # fmt: skip
    lines = []
    for row in found:
        source = f"\u00b6{row['paragraph']}, {row['claim'].replace('_', ' ')}" if row["paragraph"] else row["claim"]
        without = WITHOUT.get((row["holds"], row["without"]))
        notes = [f"mechanism: {row['mechanism'].replace('_', ' ')}" if row["mechanism"] else ""]
        notes.append(f"margin {plain(row['without_margin'])}" if known(row["without_margin"]) else "")
        lines.append(
            [
                Cell(row["statement"], note=source),
                _stated(row),
                _drawn(row),
                _alone(row, without, note=", ".join(n for n in notes if n)),
                Cell(str(row["predicate"] or ""), note=_remark(str(row["comment"] or ""))),
            ]
        )
    caption = "Claims in the order of the article. In draws: in how many draws of the assumptions the claim holds."
    if len({known(row["share"]) for row in found if row["draws"]}) == 2:
        caption += (
            " What compares with the game without a mechanism takes more solves and is asked in fewer draws:"
            " of fewer than sixteen, draws are counted. `outlast claims` asks in sixteen."
        )
    return grid(caption, columns=columns, rows=lines, stack=True)


def _drawn(row: dict[str, Any]) -> Cell:
    """Make the cell on the draws: a share of enough of them, else a count."""
    if known(row["share"]):
        return replace(barred(row["share"]), note=f"of {row['draws']}")
    return Cell(of_draws(row["held"], row["draws"], None) or "no draws", mark="open")


def _alone(row: dict[str, Any], without: str | None, *, note: str) -> Cell:
    """Make the cell on the game without the mechanism; it is marked where that game was not solved well enough."""
    if row.get("trusted") is False:
        return Cell("\u2717\u00a0not to be relied on: not solved to the accuracy asked for", mark="bad", note=note)
    if without:
        return Cell(without, note=note)
    open_words = "what is tested compares with it" if row["mechanism"] else "no mechanism of its own"
    return Cell(open_words, mark="open", note=note)


def _remark(comment: str) -> str:
    """Return of a comment what the column on the mechanism does not say already."""
    return "; ".join(part for part in comment.split("; ") if part not in SAID)


def _stated(row: dict[str, Any]) -> Cell:
    cell = judged(row["holds"], yes="holds", no="fails", absent="not tested")
    return Cell(cell.text, mark=cell.mark, note=f"margin\u00a0{plain(row['margin'])}" if known(row["margin"]) else "")


def mistakes(answers: AnswersLike) -> Section:
    """Show how many signings were accepted at a loss."""
    title = "Signings by mistake"
    found = rows(answers, "mistakes")
    if not found:
        return Section("mistakes", title, NOT_COMPUTED)
    if not any(known(row["share"]) for row in found):
        return Section("mistakes", title, "Nothing is signed, and so nothing by mistake.")
    most = max(found, key=lambda row: row["share"])
    reading = (
        f"Choices carry logit noise, so some deals are signed that a party should have refused: at most "
        f"{percent(most['share'])} of signings, by {most['party']}."
    )
    table = grid(
        "Share of signings that a party accepted at a loss.",
        columns=[Column("Party", heads=True), Column("Share of signings", "number")],
        rows=[
            [Cell(row["party"], note=str(row["label"] or "") if row["label"] != row["party"] else ""),
             barred(row["share"])]
            for row in found
        ],
    )  # fmt: skip
    return Section("mistakes", title, reading, grids=(table,))
