"""Which cells are solved: where the war is over nobody decides."""

from __future__ import annotations

import numpy as np

import outlast as ol
from outlast.game.layers import Absorb
from outlast.solving.backward import Months
from outlast.solving.played import Played


def test_blocks_cover_what_is_played_and_little_else() -> None:
    cells = np.tile([False] * 5 + [True] * 20, 3)
    played = Played.of(cells)
    covered = np.zeros(len(cells), dtype=bool)
    for begin in played.begins:
        covered[begin : begin + 8] = True
    assert covered[cells].all()
    assert (np.flatnonzero(~covered) == played.idle).all()
    assert len(played.begins) == 9


def test_a_last_block_stays_on_the_grid() -> None:
    played = Played.of(np.arange(11) > 8)
    assert played.begins.tolist() == [3]


def test_nobody_decides_where_the_war_is_over() -> None:
    game = ol.compile(ol.read("starter").with_resolution("coarse"))
    months = Months(game.rules, game.inputs)
    layers = months[0]
    played = months.played(layers)
    over = next(ready.ended() for ready in layers if isinstance(ready.layer, Absorb))
    assert set(played) >= {"war.attend", "answer", "posture"}
    assert not {"decide", "attacked"} & set(played)
    for each in played.values():
        assert over[each.idle].all()
        assert len(each.idle) > len(over) / 10


def test_a_shock_that_ends_the_war_within_the_month_is_still_played_out() -> None:
    game = ol.compile(ol.read("geneva").with_resolution("coarse"))
    months = Months(game.rules, game.inputs)
    shocked = sorted({int(month) for month in game.inputs.calendar.shock_month})
    quiet = next(month for month in range(120) if month not in shocked)
    fewest = min(len(months.played(months[month])["war.attend"].idle) for month in shocked)
    assert fewest <= len(months.played(months[quiet])["war.attend"].idle)
