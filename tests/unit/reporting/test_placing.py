from __future__ import annotations

import random
from itertools import pairwise

import pytest

from outlast.reporting.placing import Spot, place_labels, shortened, spread, text_width, wrapped


def boxes(spots, placed):
    return [(p.x, p.y - s.height / 2, p.x + s.width, p.y + s.height / 2) for s, p in zip(spots, placed, strict=True)]


@pytest.mark.parametrize("count", [1, 8, 14, 24])
@pytest.mark.parametrize("scatter", ["even", "one corner", "one point"])
def test_labels_do_not_overlap_and_stay_inside(count, scatter):
    source = random.Random(count)
    reach = {"even": 1.0, "one corner": 0.06, "one point": 0.0}[scatter]
    spots = [
        Spot(20 + reach * source.uniform(0, 700), 20 + reach * source.uniform(0, 440), source.uniform(90, 260), 16)
        for _ in range(count)
    ]
    drawn = boxes(spots, place_labels(spots, width=770, height=500))
    for place, one in enumerate(drawn):
        assert one[0] >= 0
        assert one[1] >= 0
        assert one[2] <= 770
        assert one[3] <= 500
        for two in drawn[place + 1 :]:
            assert one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] + 1e-6 or two[3] <= one[1] + 1e-6


def test_no_points_no_labels():
    assert place_labels([], width=10, height=10) == []


def test_spread_keeps_gaps_and_order():
    wanted = [5.0, 5.0, 6.0, 50.0, 98.0]
    placed = spread(wanted, gaps=[10.0] * 5, low=0, high=100)
    ordered = sorted(placed)
    assert all(b - a >= 10 - 1e-9 for a, b in pairwise(ordered))
    assert ordered[0] >= 5 - 1e-9
    assert ordered[-1] <= 95 + 1e-9
    assert placed[3] == 50.0


def test_spread_leaves_what_is_far_apart():
    assert spread([10.0, 40.0, 80.0], gaps=[10.0] * 3, low=0, high=100) == [10.0, 40.0, 80.0]


def test_words_are_cut_and_broken():
    assert shortened("a long title, indeed", letters=13) == "a long title\u2026"
    assert shortened("short", letters=13) == "short"
    assert shortened("ceded for assurances", letters=16) == "ceded for\u2026", "no word is cut"
    assert shortened("unbelievably", letters=5) == "unbe\u2026", "but one that is too long alone"
    assert wrapped("one two three", letters=7) == ["one two", "three"]
    assert wrapped("", letters=7) == [""]
    assert text_width("WWW", size=10) > text_width("iii", size=10)
