"""Traps that the numbers of the Geneva war could fall into unseen: promises, menus, mere indifference."""

from __future__ import annotations

import copy
import tomllib
from typing import Any

import numpy as np
import pytest

import outlast
from outlast.answers.deals import Deals
from outlast.answers.standpoint import Standpoint
from outlast.answers.tabulate import short_tables
from outlast.scenario import read
from outlast.scenario.shipped import shipped_path
from variants import MONTHS, Wars

pytestmark = pytest.mark.slow

MENU = 0.005
"""What a hopeless package, listed again, may move at most."""
CHANCES = ("attend_next", "signed_next", "signed_year", "best_product", "peace_end", "imposed_end")
NOBODY = 1e-6
"""A chance below which nobody expects a yes."""


@pytest.fixture(scope="module")
def shipped(geneva_wars: Wars) -> Standpoint:
    """The war as shipped, solved."""
    return geneva_wars.view({})


def honouring(view: Standpoint, guarantee: str, patience: float) -> np.ndarray:
    """Chance that the patron honours at one level of patience: at the starting belief and line, for any strength."""
    shape, levels = view.game.shape, view.game.inputs.grid.levels[3]
    (place,) = np.flatnonzero(np.isclose(np.asarray(levels), patience))
    honour = view.choices["attacked"].settler[0][0]
    honour = honour.reshape(*honour.shape[:2], *shape.sizes)
    (line,) = np.flatnonzero(
        np.isclose(np.asarray(view.game.inputs.grid.levels[0]), view.number("stocks.territory.start"))
    )
    kinds = np.asarray(view.game.inputs.deals.phase_guarantee)
    here = np.tensordot(view.beliefs, honour[:, :, line, :, 1:, place], axes=(0, 1))
    return here[kinds == ("none", "soft", "enforceable").index(guarantee)]


def test_soft_guarantee_is_honoured_while_attention_is_high(shipped: Standpoint):
    assert honouring(shipped, "soft", 1.0).min() > 0.9


def test_soft_guarantee_is_broken_when_attention_is_low(shipped: Standpoint):
    assert honouring(shipped, "soft", 0.25).min() < 0.2
    assert honouring(shipped, "soft", 0.25).mean() < 0.5 < honouring(shipped, "soft", 0.75).min()
    assert honouring(shipped, "enforceable", 0.25).min() > 0.99


def test_soft_is_neither_none_nor_enforceable(shipped: Standpoint):
    none, soft, teeth = (honouring(shipped, guarantee, 0.5).mean() for guarantee in ("none", "soft", "enforceable"))
    assert none < 0.05
    assert none + 0.1 < soft < teeth - 0.1
    holds = dict(zip(shipped.game.labels.packages, Deals(shipped).holds(60)[1], strict=True))
    assert holds["ceasefire_relief"] < holds["freeze_neutral_soft"] < holds["freeze_neutral_article5"] - 0.1


def test_posture_is_a_choice(shipped: Standpoint):
    """With a noise as wide as that of its answers, the patron's monthly posture would be a coin with three sides."""
    chance = shipped.at_start(shipped.choices["posture"].settler[0])
    assert chance.sum(axis=0) == pytest.approx(np.ones(2))
    assert np.abs(chance - 1 / 3).max(axis=0).min() > 0.15
    assert chance[0].max() < 0.05, "it does not withhold while it has patience"
    by_patience = (
        shipped.choices["posture"].settler[0].reshape(3, 2, shipped.game.shape.beliefs, *shipped.game.shape.sizes)
    )
    withholds = by_patience[0][:, :, 1:-1, :, 1:]
    assert withholds[..., 0].min() == pytest.approx(1.0), "a patron that has left can do nothing else"


def test_acceptance_is_that_of_a_party_whose_answer_decides(shipped: Standpoint):
    """Asked about a package that somebody else refuses, a party is indifferent, and its half says nothing."""
    deals, asked = Deals(shipped), shipped.choices["heard.patron"].settler[0][0]
    says = dict(zip(shipped.game.labels.packages, shipped.at_start(asked), strict=True))
    decides = dict(zip(shipped.game.labels.packages, deals.defender, strict=True))
    challenger = dict(zip(shipped.game.labels.packages, deals.challenger.max(axis=0), strict=True))
    assert challenger["freeze_soft"] < NOBODY
    assert says["freeze_soft"] == pytest.approx(0.5, abs=0.01), "the challenger will refuse whatever it says"
    assert decides["freeze_soft"] > 0.99
    must = np.asarray(shipped.game.inputs.deals.backing) > 0
    assert deals.patron[~must] == pytest.approx(np.ones((~must).sum()))
    assert np.abs(np.concatenate([deals.defender, deals.patron[must]]) - 0.5).min() > 0.05


def listed_twice(name: str, **change: Any) -> dict[str, float]:
    """Headline answers with one package listed again, some of its terms changed."""
    path = shipped_path("geneva")
    assert path is not None
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    again = copy.deepcopy(next(package for package in tables["packages"] if package["name"] == name))
    tables["packages"].append(again | {"name": "again", "title": "The same again"} | change)
    solution = outlast.solve(outlast.compile(read(tables), resolution="coarse", months=MONTHS))
    return dict(short_tables(solution)["headlines"].select("key", "value").iter_rows())


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("capitulation", {}),
        ("capitulation", {"line_share": 0.234}),
        ("rollback_force", {"line_share": 0.0734}),
    ],
    ids=["the same", "nearly the same, refused by the defender", "nearly the same, refused by the challenger"],
)
def test_hopeless_package_listed_twice_moves_nothing(name: str, change: dict[str, Any], geneva_wars: Wars):
    deal = geneva_wars.tables()["deal_map"].filter(package=name).row(0, named=True)
    assert min(deal["defender"], max(deal["settler"], deal["staller"])) < NOBODY, "it is not hopeless"
    usual, found = geneva_wars.headlines(), listed_twice(name, **change)
    moved = {key: abs(found[key] - usual[key]) for key in CHANCES}
    assert max(moved.values()) < (MENU if change else 5e-4), moved
