from __future__ import annotations

import pytest

from outlast.scenario import Number, read

from .samples import only_fault, put, tables

DRIFT = "mechanisms.patience.drift"


def test_plain_number_is_a_judgement_without_a_range():
    number = read(put(DRIFT, 0.02)).mechanisms.patience.drift
    assert number == Number(value=0.02, low=None, high=None, source=None, basis="judgement")


def test_whole_number_becomes_a_float():
    value = read(put("mechanisms.front.decisiveness", 1)).mechanisms.front.decisiveness.value
    assert value == 1.0
    assert isinstance(value, float)


def test_record_keeps_range_source_and_basis():
    record = {"value": 0.02, "low": 0.01, "high": 0.03, "source": "a survey", "basis": "data"}
    assert read(put(DRIFT, record)).numbers()[DRIFT].model_dump() == record


@pytest.mark.parametrize("value", ["0.02", True, [0.02], {"settler": 0.1}, {"vale": 0.1}])
def test_what_is_no_number_is_explained(value: object):
    fault = only_fault(put(DRIFT, value))
    assert fault.place.path == DRIFT
    assert "number" in fault.rule
    assert "{value = 0.2" in fault.remedy


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_number_is_finite(value: float):
    fault = only_fault(put(DRIFT, value))
    assert fault.place.path == DRIFT
    assert "finite" in fault.rule


def test_number_too_large_for_a_float_is_explained():
    assert only_fault(put(DRIFT, 10**400)).place.path == DRIFT


def test_range_ends_come_together():
    fault = only_fault(put(DRIFT, {"value": 0.02, "low": 0.01}))
    assert fault.found == "only `low`"
    assert "`high`" in fault.remedy


def test_range_ends_are_in_order():
    fault = only_fault(put(DRIFT, {"value": 0.02, "low": 0.03, "high": 0.01}))
    assert fault.suggestion == "low = 0.01, high = 0.03"


def test_value_lies_in_its_range():
    assert "inside its own range" in only_fault(put(DRIFT, {"value": 0.5, "low": 0.01, "high": 0.03})).rule


@pytest.mark.parametrize("basis", ["data", "claim"])
def test_data_and_claims_name_a_source(basis: str):
    assert "names its source" in only_fault(put(DRIFT, {"value": 0.02, "basis": basis})).rule


def test_basis_is_one_of_three():
    fault = only_fault(put(DRIFT, {"value": 0.02, "basis": "judgment"}))
    assert fault.place.path == f"{DRIFT}.basis"
    assert fault.suggestion == "judgement"


def test_misspelt_key_of_a_record_is_named():
    fault = only_fault(put(DRIFT, {"value": 0.02, "sorce": "x"}))
    assert fault.suggestion == "source"


def test_numbers_are_frozen():
    number = read(tables()).belief.staller
    with pytest.raises(ValueError, match="frozen"):
        number.value = 0.1  # type: ignore[misc]


@pytest.mark.parametrize("value", [0.1, {"value": 0.1}, "high", [0.1, 0.2], {"sttler": 0.1, "staler": 0.2}])
def test_numbers_by_type_need_both_columns(value: object):
    fault = only_fault(put("mechanisms.alignment.no_guarantor", value))
    assert "settler = 0.1, staller = 0.1" in fault.remedy


def test_missing_column_is_named():
    fault = only_fault(put("mechanisms.guarantees.penalty", {"none": 0.0, "soft": 0.1}))
    assert fault.place.path == "mechanisms.guarantees.penalty.enforceable"
    assert "honours" in fault.rule
