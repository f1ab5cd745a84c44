"""Published models: every printed figure of the gallery within its tolerance."""

from __future__ import annotations

import pytest

from outlast.gallery import MODELS, rows_of

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", MODELS)
def test_every_printed_figure_is_reproduced(name: str) -> None:
    rows = rows_of(name)
    assert rows
    missed = [(row.quantity, row.published, row.ours, row.tolerance) for row in rows if not row.holds]
    assert not missed
