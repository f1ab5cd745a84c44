"""Render the synthetic answers once for all tests that look at the page."""

from __future__ import annotations

import pytest

from outlast.reporting.page import Report, report

from . import synthetic

HOSTILE = "<script>alert('x')</script>"


@pytest.fixture(scope="session")
def full() -> Report:
    """Fourteen packages, ranges everywhere, one package in the durable zone."""
    return report(synthetic.answers())


@pytest.fixture(scope="session")
def bare() -> Report:
    """Eight packages, no ranges, nobody asks the patron, an empty durable zone, and a hostile name."""
    return report(synthetic.answers(packages=8, draws=0, zone=False, patron=False, name=HOSTILE))
