"""The table of cases and the formulas: what is made of them, and that every fault is told at once with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from outlast.estimating import (
    CasesError,
    ChallengeModel,
    Constant,
    Factor,
    Fixed,
    Label,
    Moves,
    Product,
    Transformed,
    estimate,
    read_cases,
)
from outlast.estimating.cases import cases_of
from outlast.estimating.formula import design_of, read_formula

COUNTS = ("a", "b", "c")


def table(rows: int = 40) -> pl.DataFrame:
    at = np.arange(rows)
    return pl.DataFrame(
        {
            "a": (at % 3 == 0).astype(int),
            "b": (at % 3 == 1).astype(int),
            "c": (at % 3 == 2).astype(int),
            "x": np.cos(at),
            "trade": (at % 7).astype(float),
            "regime": np.array(["old", "new", "mixed"])[at // 5 % 3],
            "flag": at % 2 == 0,
        }
    )


def faults_of(
    utilities: dict[str, Any], data: pl.DataFrame | None = None, outcomes: Any = COUNTS, **options: Any
) -> str:
    with pytest.raises(CasesError) as caught:
        estimate(ChallengeModel(utilities, outcomes), table() if data is None else data, **options)
    return str(caught.value)


def design(formula: list[Any], data: pl.DataFrame | None = None):
    terms, faults = read_formula(formula, "u")
    assert not faults
    made, faults = design_of(terms, table() if data is None else data, "u")
    assert not faults
    return made


def test_terms_make_columns():
    made = design([1, "x", Factor("regime"), Transformed("sqrt", "trade"), Product("x", Factor("regime", "old"))])
    assert made.names == (
        "constant",
        "x",
        "regime=new",
        "regime=old",
        "sqrt(trade)",
        "x:regime=mixed",
        "x:regime=new",
    )
    data = table()
    assert made.columns[:, 0] == pytest.approx(1)
    assert made.columns[:, 3] == pytest.approx((data["regime"] == "old").cast(float).to_numpy())
    assert made.columns[:, 4] == pytest.approx(np.sqrt(data["trade"].to_numpy()))
    assert made.columns[:, 6] == pytest.approx(made.columns[:, 1] * made.columns[:, 2])


def test_tables_of_a_file_are_the_same_terms():
    python = [
        Constant(),
        Factor("regime", "new"),
        Transformed("log1p", "trade"),
        Product("x", "trade"),
        Fixed(2.0, "x"),
    ]
    file = [
        1,
        {"factor": "regime", "base": "new"},
        {"log1p": "trade"},
        {"product": ["x", "trade"]},
        {"fixed": 2, "term": "x"},
    ]
    ours, theirs = design(python), design(file)
    assert ours.names == theirs.names
    assert ours.columns == pytest.approx(theirs.columns)
    assert ours.known == pytest.approx(2 * table()["x"].to_numpy())
    assert theirs.known == pytest.approx(ours.known)


def test_fixed_parts_have_no_coefficient_and_enter_the_utility():
    model = ChallengeModel({"u11": [1, "x"], "u14": [Fixed(1.5)], "u24": [1]}, COUNTS)
    cases = cases_of(model, table())
    assert cases.stacked().shape == (40, 3)
    assert cases.values(np.zeros(3))[:, 2] == pytest.approx(1.5)


def test_truth_values_are_numbers():
    assert set(design(["flag"]).columns[:, 0]) == {0.0, 1.0}


def test_moves_become_counts():
    data = pl.DataFrame({"m1": [0, 1, 1, 0], "m2": [1, 0, 1, 0], "x": [1.0, 2.0, 0.0, 3.0]})
    cases = cases_of(ChallengeModel({"u11": [1], "u24": ["x"]}, Moves("m1", "m2")), data)
    assert cases.counts.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]


def test_rows_without_observation_and_with_gaps_are_counted():
    data = table().with_columns(
        x=pl.when(pl.int_range(40) == 3).then(float("nan")).otherwise(pl.col("x")),
        regime=pl.when(pl.int_range(40) == 4).then(None).otherwise(pl.col("regime")),
        **{name: pl.when(pl.int_range(40) == 6).then(0).otherwise(pl.col(name)) for name in COUNTS},
    )
    cases = cases_of(ChallengeModel({"u11": [1, "x"], "u24": [1, Factor("regime")]}, COUNTS), data)
    assert cases.dropped == {"x is missing": 1, "regime is missing": 1, "no observation": 1}
    assert sorted(set(range(40)) - set(cases.rows.tolist())) == [3, 4, 6]
    assert cases.total == 40


def test_all_faults_are_told_at_once():
    text = faults_of({"u11": [1, "tradee", "regime"], "u12": [1], "u24": [2, Transformed("exp", "x")]})
    assert "4 faults" in text or "5 faults" in text
    assert "u12" in text
    assert "u24[0]" in text
    assert "u24[1]" in text


@pytest.mark.parametrize(
    ("utilities", "told"),
    [
        ({"u11": [1, "tradee"]}, "perhaps trade"),
        ({"u11": [1, "regime"]}, 'Factor("regime")'),
        ({"u11": [1, Transformed("log", "trade")]}, "log is of numbers above 0"),
        ({"u11": [1, Factor("regime", base="ancient")]}, "the base"),
        ({"u11": [1, Factor("x")]}, "few values"),
        ({"u11": [1, "x", "x"]}, "depend on each other"),
        ({"u11": [1, Factor("regime"), Factor("regime", base="old")]}, "depend on each other"),
        ({"u11": [1], "u13": [1], "u14": [1, "x"]}, "no data can tell its coefficient"),
        ({"u11": "x"}, "put it into brackets"),
        ({"u11": [True]}, "a term is 1"),
        ({"u11": [{"factor": 3}]}, "a term is 1"),
        ({"u11": []}, "at least one utility has a term"),
        ({"U11": [1]}, "perhaps u11"),
    ],
)
def test_fault_of_a_formula(utilities: dict[str, Any], told: str):
    assert told in faults_of(utilities)


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (("a", "b"), "name 3 columns"),
        ("a", "name 3 columns"),
        (("a", "b", "d"), "the column 'd'"),
        (("a", "b", "x"), "whole number"),
        (("a", "b", "regime"), "40 cells that are no number, such as 'old'"),
        (Moves("a", "trade"), "a move is 0 or 1"),
        (Label("regime", ("old", "new", "other")), "'mixed' in"),
    ],
)
def test_fault_of_the_outcomes(outcomes: Any, told: str):
    assert told in faults_of({"u11": [1, "x"]}, outcomes=outcomes)


def test_fault_of_an_outcome_that_never_happens():
    data = table().with_columns(c=pl.lit(0), b=pl.col("b") + pl.col("c"))
    assert "no case that ended in fight" in faults_of({"u11": [1]}, data)


def test_fault_of_too_few_cases():
    assert "more observations than coefficients" in faults_of({"u11": [1, "x"], "u24": [1, "x"]}, table(3))


def test_fault_of_an_infinite_value_and_of_an_unknown_cluster_or_start():
    data = table().with_columns(x=pl.when(pl.int_range(40) == 3).then(float("inf")).otherwise(pl.col("x")))
    assert "a covariate is finite" in faults_of({"u11": [1, "x"]}, data)
    assert "cluster" in faults_of({"u11": [1, "x"]}, cluster="country")
    assert "u11: y" in faults_of({"u11": [1, "x"]}, start={"u11: y": 1.0})


def test_files_are_read_with_their_gaps(tmp_path: Path):
    file = tmp_path / "cases.csv"
    file.write_text("x,y\n1,NA\n.,2\n3,4\n")
    assert read_cases(file)["x"].null_count() == 1
    assert read_cases(file)["y"].to_list() == [None, 2, 4]
    with pytest.raises(CasesError, match="no file"):
        read_cases(tmp_path / "absent.csv")
    (tmp_path / "wrong.parquet").write_text("hello")
    with pytest.raises(CasesError, match=r"ends in \.parquet"):
        read_cases(tmp_path / "wrong.parquet")


@pytest.mark.parametrize("data", [3, [1, 2], {"a": [1], "b": [1, 2]}, None])
def test_fault_of_what_is_no_table(data: Any):
    with pytest.raises(CasesError, match="a polars table"):
        estimate(ChallengeModel({"u11": [1]}, COUNTS), data)


def test_columns_by_name_are_a_table():
    frame = table()
    columns = {name: frame[name].to_list() for name in frame.columns}
    model = ChallengeModel({"u11": [1, "x"], "u24": [1]}, COUNTS)
    assert cases_of(model, columns).stacked() == pytest.approx(cases_of(model, frame).stacked())


@pytest.mark.parametrize(
    "content",
    [
        b"a,b,c\n1,0.5,x\n2,NA,y\n",
        b"\xef\xbb\xbfa,b,c\n1,0.5,x\n2,N/A,y\n",
        b"a,b,c\r1,0.5,x\r2,null,y\r",
        b"a,b,c\r\n1,0.5,x\r\n2,.,y\r\n",
        b"a,b,c,\n1,0.5,x,\n2,,y,\n",
        b'[{"a": 1, "b": 0.5, "c": "x"}, {"a": 2, "c": "y"}]',
    ],
    ids=["plain", "mark", "old Mac", "Windows", "trailing", "json"],
)
def test_a_table_is_read_in_every_dialect(content: bytes, tmp_path: Path):
    (tmp_path / "cases").write_bytes(content)
    table = read_cases(tmp_path / "cases")
    assert table.schema == {"a": pl.Int64, "b": pl.Float64, "c": pl.String}
    assert table.rows() == [(1, 0.5, "x"), (2, None, "y")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"a,b,a\n1,2,3\n", "2 columns named 'a'"),
        (b"a;b\n1;2\n", "not semicolons"),
        (b"a\tb\n1\t2\n", "not tabs"),
        (b"a,b\n1,\xe4\n", "UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"a,b\n1,2\n1\n1,2,3\n", "2 faults"),
        (b"a,b\n", "no rows"),
        (b"", "an empty file"),
    ],
)
def test_a_table_that_cannot_be_read_is_explained(content: bytes, told: str, tmp_path: Path):
    (tmp_path / "cases").write_bytes(content)
    with pytest.raises(CasesError, match=told):
        read_cases(tmp_path / "cases")
