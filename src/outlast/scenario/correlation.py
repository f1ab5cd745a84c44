"""Correlation: two numbers of which draws should be high together, or one high where the other is low."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from outlast.scenario.section import Section, Text

NumberPath = Annotated[str, Field(strict=True, min_length=1, max_length=400)]


class Correlation(Section):
    """A rank correlation between two numbers that have ranges; numbers that are not named are drawn independently."""

    one: Annotated[NumberPath, Field(description="Path of a number with a range.")]
    other: Annotated[NumberPath, Field(description="Path of another one.")]
    rank: Annotated[
        float,
        Field(
            strict=True,
            allow_inf_nan=False,
            gt=-1,
            lt=1,
            description=(
                "Rank correlation (Spearman's) of their draws, between -1 and 1. 0.3: who thinks one high tends to "
                "think the other high; 0.6: two readings of one cause; 0.9: nearly the same number twice."
            ),
        ),
    ]
    source: Annotated[Text | None, Field(description="Where it comes from, in words or as an address.")] = None


def normal_correlation(rank: float) -> float:
    """Return the correlation of two normal numbers whose rank correlation is ``rank`` (Pearson 1907)."""
    return 2 * math.sin(math.pi * rank / 6)


def paths_of(correlations: Iterable[Correlation]) -> tuple[str, ...]:
    """Return the numbers that are named in correlations, each once, in the order in which they are."""
    return tuple(dict.fromkeys(path for each in correlations for path in (each.one, each.other)))


def normal_matrix(correlations: Iterable[Correlation]) -> list[list[float]]:
    """Return the correlation matrix, of normal numbers, of the numbers in ``paths_of``."""
    known = tuple(correlations)
    paths = paths_of(known)
    matrix = [[float(row == column) for column in range(len(paths))] for row in range(len(paths))]
    for each in known:
        row, column = paths.index(each.one), paths.index(each.other)
        matrix[row][column] = matrix[column][row] = normal_correlation(each.rank)
    return matrix


def lower_root(matrix: list[list[float]]) -> list[list[float]] | None:
    """Return the lower triangular root of a matrix (Cholesky), or None if the matrix is not positive definite."""
    root = [[0.0] * len(matrix) for _ in matrix]
    for row in range(len(matrix)):
        for column in range(row + 1):
            rest = matrix[row][column] - sum(root[row][k] * root[column][k] for k in range(column))
            if row > column:
                root[row][column] = rest / root[column][column]
            elif rest <= SMALLEST:
                return None
            else:
                root[row][row] = math.sqrt(rest)
    return root


SMALLEST = 1e-9
"""What is left of a number's variance, given the others, below which it is no number of its own."""
