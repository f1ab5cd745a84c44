"""Lay the answers out as one page that needs nothing but itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from markupsafe import Markup

from outlast.reporting.charts import NARROW, WIDE, themed
from outlast.reporting.drawing import draw
from outlast.reporting.glossary import TERMS
from outlast.reporting.parts import Figure, ranged
from outlast.reporting.protocol import AnswersLike, fact, rows
from outlast.reporting.saving import save_report
from outlast.reporting.sealing import sealed_page
from outlast.reporting.sections import SECTIONS
from outlast.reporting.sections.grounds import verdict_on_checks
from outlast.reporting.wording import day


@dataclass(frozen=True)
class Report:
    """A finished report: one HTML page, and the answers it was drawn from."""

    html: str = field(repr=False)
    answers: AnswersLike = field(repr=False)

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write `report.html`, `answers.json` and every table as CSV and Parquet into `folder`; return the page's path.

        Raises OutputExists where an earlier report is in the way and `force` is not set.
        """
        return save_report(self.html, answers=self.answers, folder=Path(folder), force=force)

    def _repr_html_(self) -> str:
        """Show the page in a notebook, in a frame of its own so that styles do not mix."""
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="Report" style="width:100%;height:80vh;border:1px solid #ccc">'
            "</iframe>"
        )


def report(answers: AnswersLike) -> Report:
    """Draw the answers as a report. Nothing is computed: every number on the page stands in a table of the answers."""
    sections = [make(answers) for make in SECTIONS]
    drawn = {figure.name: _drawn(figure, answers) for section in sections for figure in section.figures}
    failed = [row for row in rows(answers, "certificate") if row["passed"] is False]
    html = sealed_page(
        "report.html.j2",
        title=fact(answers, "title", default="") or "Report",
        as_of=day(fact(answers, "as_of")),
        verdict=list(answers.verdict),
        trust=str(fact(answers, "trust", default="") or ""),
        warning=verdict_on_checks(rows(answers, "certificate")) if failed else "",
        draws=fact(answers, "draws"),
        ranged=ranged(rows(answers, "headlines"), "low"),
        parties=answers.parties,
        sections=sections,
        drawn=drawn,
        terms=TERMS,
        record=answers.record,
        version=str(fact(answers, "version", default="") or ""),
    )
    return Report(html, answers)


def _drawn(figure: Figure, answers: AnswersLike) -> dict[str, Markup]:
    return {
        size: Markup(
            draw(
                themed(figure.chart, answers, canvas=canvas),
                name=f"{figure.name}-{size}",
                alternative=f"Chart. {figure.alternative}",
            )
        )
        for size, canvas in (("wide", WIDE), ("narrow", NARROW))
    }
