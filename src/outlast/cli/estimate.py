"""The command ``outlast estimate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from outlast.cli.options import AsJson, Force

if TYPE_CHECKING:
    from outlast.estimating.fit import Fit

BELIEFS = "File to write with the utilities and the equilibrium's chances of each case."


def estimate(
    model: Annotated[Path, typer.Argument(metavar="MODEL.toml", help="The game, its outcomes and its formulas.")],
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="The cases: a table with a header (CSV, Excel, Parquet, JSON).")
    ],
    beliefs: Annotated[Path | None, typer.Option(metavar="PATH.csv", help=BELIEFS)] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Estimate what moves choices in a one-shot game from a table of many cases."""
    from outlast.cli.output import refuse_existing, refuse_unwritable, write_file
    from outlast.cli.working import work

    if beliefs is not None:
        refuse_existing(beliefs, force=force)
        refuse_unwritable(beliefs)
    fit = work(lambda say: fitted(model, data, say))
    if beliefs is not None:
        from outlast.reporting.cells import write_csv

        write_file(beliefs, lambda part: write_csv(fit.beliefs, part), force=force)
    if as_json:
        _print_json(fit)
    else:
        _print(fit)
    if not fit.converged:
        raise typer.Exit(1)


def fitted(model: Path, data: Path, say: Any) -> Fit:
    """Return the estimate of the model in one file from the cases in another."""
    say("reading the cases", 0, 0)
    from outlast.estimating.cases import read_cases
    from outlast.estimating.fit import estimate as estimated
    from outlast.estimating.model_file import read_model

    plan = read_model(model)
    table = read_cases(data)
    say("estimating", 0, 0)
    return estimated(plan.model, table, cluster=plan.cluster, method=plan.method)


def _print(fit: Fit) -> None:
    from rich.table import Table
    from rich.text import Text

    from outlast.reporting.console import paper

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("utility", "term"):
        table.add_column(name)
    for name in ("estimate", "robust s.e.", "classical", "z", "p", "low", "high"):
        table.add_column(name, justify="right")
    for row in fit.coefficients.iter_rows(named=True):
        keys = ("estimate", "robust_se", "classical_se", "z", "p_value", "low", "high")
        table.add_row(Text(row["utility"]), Text(row["term"]), *(_number(row[key]) for key in keys))
    used = f"{len(fit.cases.rows)} of {fit.cases.total} cases, {int(fit.cases.counts.sum())} observations"
    lines = [f"{used}; log-likelihood {fit.log_likelihood:.4f}; 95% intervals", fit.status]
    lines += [f"left out: {count} rows, {reason}" for reason, count in fit.dropped.items()]
    lines += [f"no standard error: {', '.join(names)}: {why}" for why, names in _undefined(fit).items()]
    lines += [f"warning: {warning}" for warning in fit.warnings]
    paper().print(table, "", *map(Text, lines))


def _number(value: float) -> str:
    from math import isfinite

    return f"{value:.4f}" if isfinite(value) else "none"


def _undefined(fit: Fit) -> dict[str, list[str]]:
    """Return the coefficients without a standard error, by reason."""
    found: dict[str, list[str]] = {}
    for name, why in zip(fit.names, fit.judgement.undefined, strict=True):
        if why is not None:
            found.setdefault(why, []).append(name)
    return found


def _print_json(fit: Fit) -> None:
    from outlast.reporting.json_text import json_text

    content = {
        "converged": fit.converged,
        "status": fit.status,
        "log_likelihood": fit.log_likelihood,
        "cases": len(fit.cases.rows),
        "observations": int(fit.cases.counts.sum()),
        "rows": fit.cases.total,
        "clusters": fit.clusters,
        "dropped": dict(fit.dropped),
        "warnings": list(fit.warnings),
        "coefficients": fit.coefficients.to_dicts(),
    }
    print(json_text(content))
