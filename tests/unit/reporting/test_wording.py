from __future__ import annotations

from datetime import date, datetime

import pytest

from outlast.reporting import wording
from outlast.reporting.glossary import with_terms


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0%"), (1, "100%"), (0.0001, "<0.1%"), (0.004, "0.4%"), (0.37, "37%"), (0.993, "99.3%"),
        (0.99999, ">99.9%"), (None, "\u2013"), (float("nan"), "\u2013"),
    ],
)  # fmt: skip
def test_percent(value, said):
    assert wording.percent(value) == said


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.021, "prize", "+2.1%"), (-0.0034, "prize", "\u22120.34%"), (0.0, "prize", "0.00%"), (0.5, "chance", "50%"),
        (0.2, "share of the country", "20%"), (1, "months", "1 month"), (19.0, "months", "19 months"),
        (0.0131, "bits", "0.013 bits"), (0.0002, "bits", "<0.001 bits"), (3.0, "", "3"), (None, "chance", "\u2013"),
        ("as it is", "", "as it is"), (12.5, "%", "12.5%"), (True, "", "yes"),
    ],
)  # fmt: skip
def test_quantity(value, unit, said):
    assert wording.quantity(value, unit) == said


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (0.1, 0.2, "chance", "10% to 20%"), (None, 0.2, "chance", ""), (0.3, 0.3, "chance", "30%"),
        (0.006, 0.039, "prize", "+0.6% to +3.9%"), (0.001, 0.002, "prize", "+0.10% to +0.20%"),
        (0, 1, "packages", "0 to 1 packages"), (1.0, 2.5, "", "1 to 2.5"),
    ],
)  # fmt: skip
def test_span(low, high, unit, said):
    assert wording.span(low, high, unit=unit) == said


def test_plain_numbers():
    assert wording.plain(3.2e-9) == "3.2e\u221209"
    assert wording.plain(12345.6) == "12,346"
    assert wording.plain(-0.12345) == "\u22120.123"


def test_dates():
    assert wording.day(date(2026, 2, 18)) == "18 February 2026"
    assert wording.day("2026-02-18") == "18 February 2026"
    assert wording.month(datetime(2026, 3, 18)) == "Mar 2026"
    assert wording.month("no date") == "no date"
    assert wording.day(None) == ""


def test_running_text():
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed([]) == ""
    assert wording.count(0, "draw") == "no draws"
    assert wording.count(1, "draw") == "1 draw"


def test_terms_are_linked_once_and_names_left_alone():
    made = with_terms("A staller and a <b>staller</b> like \u201csoft guarantee\u201d.")
    assert made.count("<a ") == 1
    assert "&lt;b&gt;" in made
    assert "\u201csoft guarantee\u201d" in made
