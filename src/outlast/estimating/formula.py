"""The formula of a utility: a list of terms, each of which makes one or more columns of numbers.

    u = sum over terms of (coefficient x column) + sum over fixed terms of (given value x column)

A formula is written as plain values: ``1`` is the constant, a text is the column of that name, and everything else is
one of the small classes below. ``[]`` is a utility of zero. Nothing is parsed from text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from outlast.estimating.fault import Fault, fault, nearest, shown, unknown_column

TRANSFORMS: Mapping[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray], str]] = {
    "sqrt": (np.sqrt, lambda x: x >= 0, "0 or more"),
    "log": (np.log, lambda x: x > 0, "above 0"),
    "log1p": (np.log1p, lambda x: x > -1, "above -1"),
    "square": (np.square, np.isfinite, "finite"),
    "abs": (np.abs, np.isfinite, "finite"),
}
"""What a ``Transformed`` term may do to a column: the function, where it is defined, and that place in words."""


@dataclass(frozen=True, slots=True)
class Constant:
    """Stand for a column of ones."""

    def __str__(self) -> str:
        return "constant"


@dataclass(frozen=True, slots=True)
class Column:
    """Stand for a column of numbers, or of true and false, as it is."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Factor:
    """Stand for one column of zeros and ones for each value of a column but the base.

    ``base`` defaults to the first value in sorted order; numbers sort as numbers, everything else as text.
    """

    name: str
    base: Any = None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Transformed:
    """Stand for a function of a column: ``how`` is ``sqrt``, ``log``, ``log1p``, ``square`` or ``abs``."""

    how: str
    name: str

    def __str__(self) -> str:
        return f"{self.how}({self.name})"


@dataclass(frozen=True, slots=True)
class Product:
    """Stand for the product of terms, value by value: every column of one with every column of the next."""

    terms: tuple[Any, ...]

    def __init__(self, *terms: Any) -> None:
        object.__setattr__(self, "terms", tuple(terms))

    def __str__(self) -> str:
        return ":".join(str(term) for term in self.terms)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Stand for a part of the utility that is known: ``value``, or ``value`` times a term. It has no coefficient."""

    value: float
    term: Any = 1

    def __str__(self) -> str:
        return f"{self.value:g} fixed" if self.term == 1 else f"{self.value:g} {self.term} fixed"


Term = Constant | Column | Factor | Transformed | Product | Fixed
Formula = Sequence[Any]


@dataclass(frozen=True)
class Design:
    """The columns of one utility: names, numbers ``(cases, columns)``, and the known part ``(cases,)``."""

    names: tuple[str, ...]
    columns: np.ndarray
    known: np.ndarray


def read_formula(formula: Any, path: str) -> tuple[list[Term], list[Fault]]:
    """Return the terms of a formula as written, and the faults of what is no term; ``path`` names the utility."""
    if isinstance(formula, (str, Mapping)) or not isinstance(formula, Sequence):
        remedy = f"put it into brackets: [{shown(formula)}]"
        rule = "a formula is a list of terms"
        return [], [fault(path, shown(formula), rule, "a utility may have several terms, or none", remedy)]
    terms: list[Term] = []
    faults: list[Fault] = []
    for position, written in enumerate(formula):
        read = read_term(written)
        if read is None:
            faults.append(_no_term(f"{path}[{position}]", written))
        elif isinstance(read, Transformed) and read.how not in TRANSFORMS:
            faults.append(_no_transform(f"{path}[{position}]", read.how))
        else:
            terms.append(read)
    return terms, faults


def read_term(written: Any) -> Term | None:
    """Return the term that a plain value or a small table stands for, or None if it stands for none.

    Tables are how a TOML file writes terms: ``{factor = "regime", base = "autoc"}``, ``{sqrt = "trade"}``,
    ``{product = ["x", "z"]}``, ``{fixed = 1.0}``.
    """
    if isinstance(written, (Constant, Column, Factor, Transformed)):
        return written
    if isinstance(written, bool):
        return None
    if isinstance(written, (int, float)):
        return Constant() if written == 1 else None
    if isinstance(written, str):
        return Column(written)
    if isinstance(written, Mapping):
        return _read_table(dict(written))
    if isinstance(written, Product):
        parts = [read_term(part) for part in written.terms]
        return None if not parts or any(part is None or isinstance(part, Fixed) for part in parts) else Product(*parts)
    if isinstance(written, Fixed):
        part = read_term(written.term)
        number = isinstance(written.value, (int, float)) and np.isfinite(written.value)
        return None if part is None or isinstance(part, Fixed) or not number else Fixed(float(written.value), part)
    return None


def _read_table(table: dict[str, Any]) -> Term | None:
    keys = set(table)
    if keys in ({"factor"}, {"factor", "base"}) and isinstance(table["factor"], str):
        return Factor(table["factor"], table.get("base"))
    if keys == {"column"} and isinstance(table["column"], str):
        return Column(table["column"])
    if keys == {"product"} and isinstance(table["product"], Sequence) and not isinstance(table["product"], str):
        return read_term(Product(*table["product"]))
    if keys in ({"fixed"}, {"fixed", "term"}):
        return read_term(Fixed(table["fixed"], table.get("term", 1)))
    if len(keys) == 1 and isinstance(name := next(iter(table.values())), str):
        return Transformed(next(iter(keys)), name)
    return None


def columns_of(term: Term) -> tuple[str, ...]:
    """Return the names of the columns of the table that a term reads."""
    if isinstance(term, (Column, Factor, Transformed)):
        return (term.name,)
    if isinstance(term, Product):
        return tuple(name for part in term.terms for name in columns_of(part))
    if isinstance(term, Fixed):
        return columns_of(term.term)
    return ()


def design_of(terms: Sequence[Term], table: pl.DataFrame, path: str) -> tuple[Design, list[Fault]]:
    """Return the columns of a formula over the rows of a table without gaps, and the faults of their numbers."""
    names: list[str] = []
    columns: list[np.ndarray] = []
    known = np.zeros(table.height)
    faults: list[Fault] = []
    for position, term in enumerate(terms):
        place = f"{path}[{position}]"
        if isinstance(term, Fixed):
            parts, found = _expand(term.term, table, place)
            known = known + term.value * sum(column for _, column in parts)
        else:
            parts, found = _expand(term, table, place)
            names += [name for name, _ in parts]
            columns += [column for _, column in parts]
        faults += found
    stacked = np.column_stack(columns) if columns else np.zeros((table.height, 0))
    return Design(tuple(names), stacked, known), faults


def _expand(term: Any, table: pl.DataFrame, place: str) -> tuple[list[tuple[str, np.ndarray]], list[Fault]]:
    """Return the named columns of one term, and its faults."""
    if isinstance(term, Constant):
        return [(str(term), np.ones(table.height))], []
    if isinstance(term, Product):
        parts, faults = [("", np.ones(table.height))], []
        for inner in term.terms:
            more, found = _expand(inner, table, place)
            faults += found
            parts = [(f"{a}:{b}" if a else b, x * y) for a, x in parts for b, y in more]
        return parts, faults
    if term.name not in table.columns:
        return [], [unknown_column(place, term.name, table.columns)]
    if isinstance(term, Factor):
        return _dummies(term, table[term.name], place)
    numbers, faults = numbers_of(table[term.name], place)
    if isinstance(term, Transformed) and not faults:
        function, defined, words = TRANSFORMS[term.how]
        wrong = ~np.asarray(defined(numbers), bool)
        if wrong.any():
            first = int(np.flatnonzero(wrong)[0])
            found = f"{int(wrong.sum())} values of {term.name} for which {term.how} has no value; the first is "
            found += f"{numbers[first]:g}"
            reason = "a case without a number cannot be weighed, and dropping it unasked would choose among cases"
            return [], [fault(place, found, f"{term.how} is of numbers {words}", reason, "mend or drop those rows")]
        numbers = function(numbers)
    return [(str(term), numbers)] if not faults else [], faults


def numbers_of(values: pl.Series, place: str) -> tuple[np.ndarray, list[Fault]]:
    """Return a column as floats, and the fault if it holds no finite numbers."""
    if values.dtype == pl.Boolean or values.dtype.is_numeric():
        numbers = values.cast(pl.Float64).to_numpy()
        if np.isfinite(numbers).all():
            return numbers, []
        row = int(np.flatnonzero(~np.isfinite(numbers))[0])
        rule, reason = "a covariate is finite", "no likelihood can be taken of it"
        return numbers, [fault(place, f"{numbers[row]} in {values.name}", rule, reason, "mend or drop that row")]
    strange = values.filter(values.cast(pl.String, strict=False).cast(pl.Float64, strict=False).is_null())
    such = f"{len(strange):,} cells that are no number, such as {shown(strange[0])}" if len(strange) else values.dtype
    found = f"the column {shown(values.name)} holds {such}"
    return np.zeros(len(values)), [
        fault(
            place,
            found,
            "a plain column holds numbers, or true and false",
            "a coefficient is the change of utility for one unit more",
            f'use Factor("{values.name}") (in a file: {{factor = "{values.name}"}}), or make numbers of it',
        )
    ]


def _dummies(term: Factor, values: pl.Series, place: str) -> tuple[list[tuple[str, np.ndarray]], list[Fault]]:
    numeric = values.dtype.is_numeric()
    levels = sorted(values.unique().to_list(), key=None if numeric else str)
    texts = [str(level) for level in levels]
    if len(levels) < 2:
        rule, reason = "a factor has at least two values", "with one value it does not differ from the constant"
        return [], [fault(place, f"{term.name} is {texts}", rule, reason, "leave it out")]
    if len(levels) > max(20, len(values) // 5):
        found = f"{term.name} has {len(levels)} values in {len(values)} cases"
        rule = "a factor has few values: at most 20, or a fifth of the cases"
        reason = "each value needs a coefficient of its own"
        return [], [fault(place, found, rule, reason, "use it as a number, or group its values")]
    base = texts[0] if term.base is None else str(term.base)
    if base not in texts:
        rule, reason = f"the base is one of {', '.join(texts)}", "the other values are compared with it"
        return [], [fault(place, f"the base {shown(term.base)}", rule, reason, "name one", nearest(base, texts))]
    codes = np.array([str(value) for value in values.to_list()])
    return [(f"{term.name}={text}", (codes == text).astype(float)) for text in texts if text != base], []


def _no_term(place: str, written: Any) -> Fault:
    return fault(
        place,
        shown(written),
        "a term is 1 (the constant), the name of a column, or a Factor, Transformed, Product or Fixed",
        "each term makes columns of numbers, and each column gets a coefficient",
        'write for example [1, "trade", Factor("regime")]; in a file, [1, "trade", {factor = "regime"}]; '
        "a utility of zero is []",
    )


def _no_transform(place: str, how: str) -> Fault:
    rule = f"a transform is one of {', '.join(TRANSFORMS)}"
    remedy = "use one of these, or make the column before estimating"
    return fault(place, shown(how), rule, "these are the functions known here", remedy, nearest(how, TRANSFORMS))
