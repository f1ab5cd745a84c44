"""What terms, alignment and peace itself are worth and do."""

from __future__ import annotations

import numpy as np
import pytest

from .small import drift, grid, inside, law, only


def test_alignment_pays_by_type_for_denied_alliances_and_for_an_absent_guarantor():
    flows = law("alignment").in_peace(denied=np.asarray([0.0, 1.0, 0.0, 1.0]), alone=np.asarray([0.0, 0.0, 1.0, 1.0]))
    np.testing.assert_allclose(flows, [[0.0, 0.03, 0.01, 0.04], [0.0, 0.07, 0.04, 0.11]])


def test_a_dictated_end_brings_both():
    np.testing.assert_allclose(law("alignment").imposed, [0.04, 0.11])


def test_relief_is_nothing_a_share_or_all():
    np.testing.assert_allclose(law("packages", phased_share=0.3).relief(np.asarray([0, 1, 2])), [0.0, 0.3, 1.0])


def test_forces_regain_strength_in_peace_and_more_with_relief():
    on = grid()
    step = only(law("resumption").in_peace(on, np.asarray([0.0, 0.5, 1.0])))
    moved = drift(on, "forces", step)[:, 0][:, inside(on, "forces")]
    np.testing.assert_allclose(moved, np.broadcast_to(np.asarray([[0.010], [0.012], [0.014]]), moved.shape))
    assert not np.asarray(step.down).any()


@pytest.mark.parametrize("number", ["rearm", "relief_rearm"])
def test_faster_rearming_raises_the_forces(number: str):
    on = grid()
    slow, fast = (
        drift(on, "forces", only(law("resumption", **{number: rate}).in_peace(on, np.asarray([1.0]))))[0, 0]
        for rate in (0.001, 0.02)
    )
    here = np.asarray(on.highest("forces")) == 0
    assert (fast[here] > slow[here]).all()


def test_only_a_disarmed_defender_is_capped():
    np.testing.assert_allclose(law("resumption").cap(np.asarray([0.0, 1.0])), [1.0, 0.45])
