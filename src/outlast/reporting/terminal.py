"""Print the answers to a terminal: the verdict and the main tables, in 80 columns or more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from outlast.reporting.compare import change
from outlast.reporting.console import Paper, paper
from outlast.reporting.protocol import AnswersLike, account_name, fact, package_numbers, rows
from outlast.reporting.wording import (
    NOTHING,
    count,
    day,
    known,
    month,
    of_draws,
    percent,
    plain,
    quantity,
    rate,
    rates,
    span,
    worth,
)

MONTHS_SHOWN = (6, 12, 24)
YEAR = 12
ROOMY = 100


def print_answers(answers: AnswersLike, *, console: Console | None = None) -> None:
    """Print verdict, headlines, rounds, delay, deal map, claims and certificate.

    Uses the console's width, at most 120 columns; in fewer than 100 the ranges of the deal map give way.
    """
    page = paper(console)
    _print_title(answers, page)
    verdict = Table.grid(padding=(0, 1))
    for place, sentence in enumerate(answers.verdict, start=1):
        verdict.add_row(Text(f" {place}."), Text(sentence))
    page.print(verdict)
    trust = fact(answers, "trust", default="")
    if trust:
        page.print(Padding(Text(str(trust), style="dim"), (1, 0, 0, 1)))
    page.print()
    for made in (
        headline_table(answers),
        round_table(answers),
        delay_table(answers),
        deal_table(answers, roomy=page.width >= ROOMY),
        past_table(answers),
        claim_table(answers),
        certificate_table(answers),
        again_table(answers, "horizon_check", title="Horizon check"),
        again_table(answers, "grid_check", title="Grid check"),
    ):
        if made.row_count:
            page.print(made)
    page.print(Text(_record(answers), style="dim"))


def print_claims(answers: AnswersLike, *, console: Console | None = None) -> None:
    """Print the ledger of claims alone."""
    page = paper(console)
    _print_title(answers, page)
    made = claim_table(answers)
    page.print(made if made.row_count else Text("The scenario names no claims."))
    page.print(Text(_record(answers), style="dim"))


def _print_title(answers: AnswersLike, page: Paper) -> None:
    page.print(Text(str(fact(answers, "title", default="") or "Report"), style="bold"))
    as_of = day(fact(answers, "as_of"))
    if as_of:
        page.print(Text(f"As of {as_of}", style="dim"))
    page.print()


def _table(title: str, *columns: str, numbers: int) -> Table:
    """Make a quiet table whose last `numbers` columns are set flush right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    for place, name in enumerate(columns):
        right = place >= len(columns) - numbers
        short = len(name) < 9 and not name.startswith("range")
        made.add_column(name, justify="right" if right else "left", no_wrap=short)
    return made


def _words(text: Any, style: str = "") -> Text:
    """Wrap words so that brackets in a name are not read as styles."""
    return Text(str(text), style=style)


def headline_table(answers: AnswersLike) -> Table:
    """Make the table of headline numbers."""
    made = _table("In numbers", "The question", "Answer", "8 draws in 10", numbers=2)
    for row in rows(answers, "headlines"):
        bounds = span(row["low"], row["high"], unit=row["unit"]) or NOTHING
        made.add_row(_words(row["label"]), quantity(row["value"], row["unit"]), bounds)
    return made


def round_table(answers: AnswersLike) -> Table:
    """Make the table of the next rounds."""
    made = _table(
        "The next rounds", "No.", "Month", "Reached", "Attends", "Signed", "range", "Nothing", "range ", numbers=6
    )
    for row in rows(answers, "rounds"):
        signed = span(row.get("signed_low"), row.get("signed_high")) or NOTHING
        nothing = span(row.get("nothing_low"), row.get("nothing_high")) or NOTHING
        made.add_row(
            str(row["round"]), month(row["date"]), percent(row["reached"]), percent(row["attend"]),
            percent(row["signed"]), signed, percent(row["nothing"]), nothing,
        )  # fmt: skip
    return made


def delay_table(answers: AnswersLike) -> Table:
    """Make the table of delay dividends at 6, 12 and 24 months, and what the passage of time alone brings."""
    found = {(row["account"], row["months"]): row for row in rows(answers, "delay")}
    names = [f"{at} months" for at in MONTHS_SHOWN]
    made = _table("Who gains from delay (% of the whole prize)", "The account", *names, numbers=len(names))
    for account in dict.fromkeys(account for account, _ in found):
        cells = []
        for at in MONTHS_SHOWN:
            row = found.get((account, at))
            bounds = span(row["low"], row["high"], unit="prize") if row else ""
            cells.append((worth(row["dividend"]) if row else NOTHING) + (f"\n{bounds}" if bounds else ""))
        made.add_row(_words(account_name(answers, account)), *cells)
    alone = [
        f"{account_name(answers, account)} {worth(row['passage'])}"
        for (account, months), row in found.items()
        if months == YEAR and known(row.get("passage"))
    ]
    if alone:
        made.caption = _words(f"Of that, the passage of time alone in {YEAR} months: {', '.join(alone)}.")
        made.caption_justify = "left"
    return made


def deal_table(answers: AnswersLike, *, roomy: bool) -> Table:
    """Make the table of packages: who accepts, whether peace holds; `roomy` adds the ranges of what decides."""
    numbers, who = package_numbers(answers), answers.parties
    made = _table(
        f"Deals (settler, staller: {who['challenger']}; D: {who['defender']}; P: {who['patron']})",
        "The package", "Settler", "Staller", "D", "P", "All", "Holds 60", "Both", numbers=7,
    )  # fmt: skip
    for row in rows(answers, "deal_map"):
        patron = percent(row["patron"]) if known(row["patron"]) else "n/a"
        mark = "\u2713 " if row["in_zone"] else ""
        title = _words(f"{mark}{numbers[row['package']]}. {row['title']}", "bold green" if mark else "")
        made.add_row(
            title, percent(row["settler"]), percent(row["staller"]), percent(row["defender"]), patron,
            _ranged(row, "all", roomy=roomy), _ranged(row, "holds_60", roomy=roomy),
            _ranged(row, "product", roomy=roomy),
        )  # fmt: skip
    inside = any(row["in_zone"] for row in rows(answers, "deal_map"))
    made.caption = "\u2713 in the durable zone" if inside else "The durable zone is empty."
    made.caption_justify = "left"
    return made


def _ranged(row: dict[str, Any], key: str, *, roomy: bool) -> str:
    bounds = span(row.get(f"{key}_low"), row.get(f"{key}_high")) if roomy else ""
    return percent(row[key]) + (f"\n{bounds}" if bounds else "")


def past_table(answers: AnswersLike) -> Table:
    """Make the table of the model's chances of renewed war beside past ones, the range of packages by guarantee."""
    found = rows(answers, "past_settlements")
    made = _table("Chance of renewed war in a month, beside past civil wars (Fortna 2008)", "The guarantee", "Packages",
                  "Model", "Past", "90% interval", numbers=4)  # fmt: skip
    for guarantee in dict.fromkeys(row["guarantee"] for row in found):
        own = [row for row in found if row["guarantee"] == guarantee]
        chances = [row["model_chance_a_month"] for row in own]
        past = [own[0][f"past_chance_a_month{end}"] for end in ("", "_low", "_high")]
        made.add_row(guarantee, str(len(own)), rates(min(chances), max(chances)), rate(past[0]),
                     rates(past[1], past[2]) or NOTHING)  # fmt: skip
    return made


def claim_table(answers: AnswersLike) -> Table:
    """Make the ledger of claims."""
    made = _table("The article's claims", "Par.", "The claim", "Holds now", "Without mechanism", "In draws", numbers=1)
    for row in rows(answers, "claims"):
        without = {True: "still holds", False: "fails"}.get(row["without"], NOTHING)
        without = "\u2717 not solved well" if row.get("trusted") is False else without
        made.add_row(str(row["paragraph"]), _words(row["statement"]), _judged(row["holds"], "holds", "fails"),
                     without, of_draws(row["held"], row["draws"], row["share"]) or NOTHING)  # fmt: skip
    return made


def certificate_table(answers: AnswersLike) -> Table:
    """Make the table of checks."""
    made = _table("Certificate", "The check", "Result", "Checks made", "Found", "Limit", numbers=2)
    for row in rows(answers, "certificate"):
        checks = f"{row['checks']:,} of {row['of']:,}" if row.get("checks") else NOTHING
        made.add_row(_words(row["label"]), _judged(row["passed"], "passed", "failed"), checks, plain(row["value"]),
                     plain(row["limit"]))  # fmt: skip
    return made


def again_table(answers: AnswersLike, name: str, *, title: str) -> Table:
    """Make the table of a check that solved the scenario again: how far each answer moves."""
    found = rows(answers, name)
    what = f" ({found[0]['change']})" if found else ""
    made = _table(title + what, "The question", "Answer", "Again", "Change", numbers=3)
    for row in found:
        value, other = (quantity(row[key], row["unit"]) for key in ("value", "other"))
        made.add_row(_words(row["label"]), value, other, change(row["difference"], row["unit"]))
    return made


def verification_table(found: Iterable[Mapping[str, Any]]) -> Table:
    """Make the table of a second computation's findings, with the place of the largest of each."""
    made = _table("Second computation", "The check", "Result", "Worst at", "Found", "Limit", numbers=2)
    for row in found:
        place = f"{row['station']}, month {row['month']}"
        made.add_row(_words(row["label"]), _judged(row["passed"], "passed", "failed"), _words(place),
                     f"{row['value']:.1e}", f"{row['limit']:.0e}")  # fmt: skip
    return made


def _judged(value: bool | None, yes: str, no: str) -> Text:
    if value is None:
        return Text("not tested", style="dim")
    return Text(f"\u2713 {yes}", style="green") if value else Text(f"\u2717 {no}", style="bold red")


def _record(answers: AnswersLike) -> str:
    draws, source = fact(answers, "draws"), fact(answers, "ensemble", default="")
    parts = [
        f"outlast {fact(answers, 'version', default='')}".strip(),
        f"scenario {str(fact(answers, 'hash', default=NOTHING))[:12]}",
        f"{count(draws, 'draw')}, seed {fact(answers, 'seed', default=NOTHING)}" if draws else "no draws",
        *([f"draws stored in {source}"] if source else []),
        f"{fact(answers, 'resolution', default='')} resolution".strip(),
    ]
    return "; ".join(parts) + "."
