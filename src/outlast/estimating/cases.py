"""The cases of a model: how often each ended how, and the numbers of each utility, with what was dropped and why."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import polars as pl

from outlast.estimating.fault import CasesError, Fault, fault, nearest, shown, unknown_column
from outlast.estimating.formula import Design, columns_of, design_of, numbers_of, read_formula
from outlast.record.faults import RecordError
from outlast.record.opening import opened

APART = 1e-7
"""Smallest part of columns of unit size that must differ. Likelihoods bend with its square, which is the last that
double precision tells from nothing."""


@dataclass(frozen=True, slots=True)
class Label:
    """Say that one column names the outcome: ``values`` in the order of the model's outcomes."""

    name: str
    values: tuple[Any, ...]

    def __init__(self, name: str, values: Sequence[Any]) -> None:
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "values", tuple(values))


@dataclass(frozen=True, slots=True)
class Moves:
    """Say that two columns of 0 and 1 tell what each mover did; the second counts only after a first of 1."""

    first: str
    second: str


class Model(Protocol):
    """What the cases need to know of a model."""

    @property
    def utilities(self) -> Mapping[str, Any]:
        """The formula of each utility that is not zero."""
        ...

    @property
    def outcomes(self) -> Any:
        """Where the table tells the outcome: names of columns of counts, a ``Label``, or ``Moves``."""
        ...

    UTILITIES: tuple[str, ...]
    OUTCOMES: tuple[str, ...]
    PAYOFFS: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Cases:
    """The cases that are used, in arrays.

    ``counts`` is ``(cases, outcomes)``; ``designs`` has one design for each utility; ``rows`` are the rows of the
    table, from 0; ``clusters`` has one code for each case. ``scale`` is the root mean square of each column, all
    utilities in a row. ``dropped`` counts the rows left out, by reason: one row may be counted under several columns.
    """

    counts: np.ndarray
    designs: tuple[Design, ...]
    rows: np.ndarray
    clusters: np.ndarray
    scale: np.ndarray
    dropped: Mapping[str, int]
    total: int

    @property
    def utility_of(self) -> np.ndarray:
        """The number of the utility that each coefficient belongs to."""
        return np.concatenate([np.full(len(d.names), i) for i, d in enumerate(self.designs)]).astype(int)

    def values(self, coefficients: np.ndarray) -> np.ndarray:
        """Return every utility of every case, ``(cases, utilities)``, at coefficients of the columns as they are."""
        ends = np.cumsum([len(design.names) for design in self.designs])
        parts = np.split(coefficients, ends[:-1])
        return np.stack([d.columns @ part + d.known for d, part in zip(self.designs, parts, strict=True)], axis=1)

    def reach(self, coefficients: np.ndarray) -> float:
        """Return the most by which coefficients move a utility of any case, known parts left out."""
        ends = np.cumsum([len(design.names) for design in self.designs])
        parts = np.split(coefficients, ends[:-1])
        moved = [np.abs(d.columns @ part).max(initial=0) for d, part in zip(self.designs, parts, strict=True)]
        return float(max(moved))

    def stacked(self) -> np.ndarray:
        """Return the columns of all utilities side by side, ``(cases, coefficients)``."""
        return np.concatenate([design.columns for design in self.designs], axis=1)


def read_cases(path: str | os.PathLike[str]) -> pl.DataFrame:
    """Read a table of cases from a file: CSV, Excel, Parquet or JSON, by the rules for every table.

    A column whose cells are all whole numbers, all numbers, or all true and false is one of that type; every other is
    text. Raises ``CasesError`` with every fault of the file.
    """
    try:
        table = opened(Path(path)).table
    except RecordError as error:
        raise CasesError(error.faults) from None
    return pl.DataFrame([_of_its_type(column) for column in table.get_columns()])


def _of_its_type(text: pl.Series) -> pl.Series:
    truth = text.str.to_lowercase().replace_strict(
        {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
    )
    for typed in (truth, text.cast(pl.Int64, strict=False), text.cast(pl.Float64, strict=False)):
        if typed.null_count() == text.null_count() < len(text):
            return typed
    return text


def table_of(data: Any) -> pl.DataFrame:
    """Return a polars table as it is, and columns by name as one. Raises ``CasesError`` for anything else."""
    if isinstance(data, pl.DataFrame):
        return data
    try:
        return pl.DataFrame(dict(data))
    except (TypeError, ValueError, pl.exceptions.PolarsError) as error:
        found = f"{type(data).__name__}: {str(error).splitlines()[0][:120]}"
        rule, reason = "the cases are a polars table, or columns of one length by name", "formulas name its columns"
        remedy = "give such a table, for example read_cases(path)"
        raise CasesError([fault("data", found, rule, reason, remedy)]) from None


def cases_of(model: Model, data: Any, cluster: str | None = None) -> Cases:
    """Return the cases of a table for a model. Raises ``CasesError`` with every fault of both.

    Rows with a gap in a column that the model uses are dropped and counted, as are rows without any observation.
    """
    table = table_of(data)
    formulas, faults = _formulas(model)
    names = dict.fromkeys(name for terms in formulas.values() for term in terms for name in columns_of(term))
    used, found = _outcome_columns(model)
    faults += found
    wanted = [*names, *used, *([cluster] if cluster else [])]
    for utility, terms in formulas.items():
        for position, term in enumerate(terms):
            missing = [name for name in columns_of(term) if name not in table.columns]
            faults += [unknown_column(f"{utility}[{position}]", name, table.columns) for name in missing]
    for place, group in (("outcomes", used), ("cluster", [cluster] if cluster else [])):
        faults += [unknown_column(place, name, table.columns) for name in group if name not in table.columns]
    if faults:
        raise CasesError(faults)
    kept, rows, dropped = _without_gaps(table, list(dict.fromkeys(wanted)))
    counts, faults = _counts(model, kept, rows)
    if not faults and (empty := counts.sum(axis=1) == 0).any():
        dropped["no observation"] = int(empty.sum())
        kept, rows, counts = kept.filter(pl.Series(~empty)), rows[~empty], counts[~empty]
    designs = []
    for utility in model.UTILITIES:
        design, found = design_of(formulas.get(utility, []), kept, utility)
        designs.append(design)
        faults += found
    if not faults:
        faults += _too_few(counts, designs, model.OUTCOMES) or _collinear(designs, model)
    if faults:
        raise CasesError(faults)
    stacked = np.concatenate([design.columns for design in designs], axis=1)
    codes = np.arange(len(rows)) if cluster is None else np.unique(kept[cluster].to_numpy(), return_inverse=True)[1]
    scale = np.sqrt((stacked**2).mean(axis=0))
    return Cases(counts, tuple(designs), rows, codes, scale, dropped, table.height)


def _formulas(model: Model) -> tuple[dict[str, list[Any]], list[Fault]]:
    """Return the terms of each utility; fault utilities that the game does not have, and what cannot be identified."""
    formulas, faults = {}, []
    for utility, formula in model.utilities.items():
        if utility not in model.UTILITIES:
            rule = f"a utility is one of {', '.join(model.UTILITIES)}"
            reason = "these are the ends of the game that a player can compare"
            near = nearest(str(utility), model.UTILITIES)
            faults.append(fault(str(utility), "a utility of that name", rule, reason, "correct the name", near))
            continue
        formulas[utility], found = read_formula(formula, utility)
        faults += found
    for payoffs in model.PAYOFFS:
        shared = set.intersection(*({str(term) for term in formulas.get(name, [])} for name in payoffs))
        for term in sorted(shared):
            rule = f"a term stands in at most {len(payoffs) - 1} of {', '.join(payoffs)}"
            reason = "added to all that a player compares, it changes no choice, so no data can tell its coefficient"
            faults.append(fault(", ".join(payoffs), f"{term} in all of them", rule, reason, "take it out of one"))
    if not faults and not any(formulas.values()):
        rule, reason = "at least one utility has a term", "there would be nothing to estimate"
        faults.append(fault("utilities", "no term", rule, reason, "write a formula for a utility"))
    return formulas, faults


def _outcome_columns(model: Model) -> tuple[list[str], list[Fault]]:
    told = model.outcomes
    if isinstance(told, Moves) and len(model.OUTCOMES) == 3:
        return [told.first, told.second], []
    if isinstance(told, Label) and len(told.values) == len(set(told.values)) == len(model.OUTCOMES):
        return [told.name], []
    if isinstance(told, Sequence) and not isinstance(told, str) and len(told) == len(model.OUTCOMES):
        return [str(name) for name in told], []
    remedy = f"name {len(model.OUTCOMES)} columns of counts, or a Label(column, values)"
    rule = f"the table tells how often each case ended in {', '.join(model.OUTCOMES)}, in this order"
    found = fault("outcomes", shown(told), rule, "the likelihood is that of these outcomes", remedy)
    return [], [found]


def _without_gaps(table: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, np.ndarray, dict[str, int]]:
    """Return the rows without a gap in these columns, their numbers, and how many gaps each column had."""
    gaps: dict[str, int] = {}
    whole = np.ones(table.height, bool)
    for name in names:
        column = table[name]
        gap = column.is_null()
        if column.dtype.is_float():
            gap = gap | column.is_nan().fill_null(True)
        if gap.any():
            gaps[f"{name} is missing"] = int(gap.sum())
            whole &= ~gap.to_numpy()
    return table.filter(pl.Series(whole)), np.flatnonzero(whole), gaps


def _counts(model: Model, table: pl.DataFrame, rows: np.ndarray) -> tuple[np.ndarray, list[Fault]]:
    """Return how often each case ended how, ``(cases, outcomes)``."""
    told = model.outcomes
    if isinstance(told, Label):
        return _labelled(told, table, rows)
    names = [told.first, told.second] if isinstance(told, Moves) else [str(name) for name in told]
    columns, faults = [], []
    for name in names:
        numbers, found = numbers_of(table[name], "outcomes")
        faults += found
        high = 1 if isinstance(told, Moves) else np.inf
        wrong = (numbers < 0) | (numbers != np.round(numbers)) | (numbers > high)
        if not found and wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            rule = "a move is 0 or 1" if isinstance(told, Moves) else "a count is a whole number, 0 or more"
            what = f"{numbers[first]:g} in {name}, row {rows[first] + 1} of the table"
            faults.append(fault("outcomes", what, rule, "it says how often the game ended so", "mend that row"))
        columns.append(numbers)
    if faults or not isinstance(told, Moves):
        return np.column_stack(columns), faults
    first, second = columns
    return np.column_stack([1 - first, first * (1 - second), first * second]), []


def _labelled(told: Label, table: pl.DataFrame, rows: np.ndarray) -> tuple[np.ndarray, list[Fault]]:
    texts = [str(value) for value in told.values]
    seen = np.array([str(value) for value in table[told.name].to_list()], dtype=object)
    strange = Counter(text for text in seen if text not in texts)
    if strange:
        text, many = strange.most_common(1)[0]
        first = int(np.flatnonzero(seen == text)[0])
        found = f"{shown(text)} in {many} rows of {told.name}, first in row {rows[first] + 1} of the table"
        rule = f"the outcome is one of {', '.join(texts)}"
        remedy = "name it among the values, or drop those rows"
        return np.zeros((len(rows), len(texts))), [
            fault("outcomes", found, rule, "the game ends in no other way", remedy)
        ]
    return np.column_stack([(seen == text).astype(float) for text in texts]), []


def _too_few(counts: np.ndarray, designs: Sequence[Design], outcomes: tuple[str, ...]) -> list[Fault]:
    wanted = sum(len(design.names) for design in designs)
    faults = []
    if len(counts) == 0 or counts.sum() <= wanted:
        found = f"{len(counts)} cases with {int(counts.sum())} observations for {wanted} coefficients"
        rule, reason = "there are more observations than coefficients", "otherwise nothing is estimated but noise"
        return [fault("cases", found, rule, reason, "see which columns have gaps, or use fewer terms")]
    for name, total in zip(outcomes, counts.sum(axis=0), strict=True):
        if total == 0:
            rule, reason = "every outcome happens at least once", "the utilities that lead to it would run to infinity"
            remedy = "check the column and the order of the outcomes"
            faults.append(fault("outcomes", f"no case that ended in {name}", rule, reason, remedy))
    return faults


def parts_of(direction: np.ndarray, names: Sequence[str]) -> list[str]:
    """Return the names of what takes part in a direction, largest part first."""
    size = np.abs(direction)
    order = np.argsort(-size, kind="stable").tolist()
    return [str(names[place]) for place in order if size[place] > 0.01 * size.max()]


def _collinear(designs: Sequence[Design], model: Model) -> list[Fault]:
    """Fault a utility in which one column is a sum of others, or is one but for the last digits."""
    faults = []
    for utility, design in zip(model.UTILITIES, designs, strict=True):
        size = np.sqrt((design.columns**2).sum(axis=0))
        if (size == 0).any():
            names = ", ".join(name for name, each in zip(design.names, size, strict=True) if each == 0)
            rule, reason = "a column has a value other than 0", "its coefficient would multiply nothing"
            faults.append(fault(utility, f"only zeros in {names}", rule, reason, "take it out"))
        elif design.names:
            _, apart, mixed = np.linalg.svd(design.columns / size, full_matrices=False)
            for direction in mixed[apart < APART]:
                rule = f"no column is a sum of others, to within {APART:g} of its size"
                reason = "in double precision their coefficients cannot be told apart"
                found = f"columns that depend on each other: {', '.join(parts_of(direction, design.names))}"
                faults.append(fault(utility, found, rule, reason, "take one of them out, or give their difference"))
    return faults
