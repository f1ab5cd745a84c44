from __future__ import annotations

import importlib
from typing import get_args

import pytest

from outlast.scenario import ScenarioError, read
from outlast.scenario.claim import ClaimId
from outlast.scenario.keys import sections
from outlast.scenario.mechanisms import Mechanism, Mechanisms
from outlast.scenario.tree import numbers_below

from .samples import put, starter

IDS = tuple(Mechanisms.model_fields)


def test_there_are_twelve():
    assert len(IDS) == 12


@pytest.mark.parametrize("mechanism_id", IDS)
def test_module_says_which_claims_it_carries(mechanism_id: str):
    module = importlib.import_module(f"outlast.scenario.mechanisms.{mechanism_id}")
    section = sections()[f"mechanisms.{mechanism_id}"]
    assert issubclass(section, Mechanism)
    assert section.CLAIMS
    for claim in section.CLAIMS:
        assert f"`{claim}`" in (module.__doc__ or "")
    assert "switched off" in " ".join((module.__doc__ or "").lower().split())


def test_every_claim_but_the_forecast_has_a_mechanism():
    carried = {claim for mechanism in starter().mechanisms.all().values() for claim in mechanism.CLAIMS}
    assert carried == set(get_args(ClaimId)) - {"next_round"}


@pytest.mark.parametrize("mechanism_id", IDS)
def test_neutral_form_owns_its_numbers_and_is_stable(mechanism_id: str):
    mechanism = starter().mechanisms.all()[mechanism_id]
    own = numbers_below(mechanism)
    rules = mechanism.neutral_rules()
    assert rules
    assert rules.keys() <= own.keys()
    assert {becomes for becomes in rules.values() if isinstance(becomes, str)} <= own.keys() - rules.keys()
    neutral = mechanism.neutral()
    assert neutral.neutral() == neutral
    assert neutral != mechanism
    kept = own.keys() - rules.keys()
    assert {path: numbers_below(neutral)[path] for path in kept} == {path: own[path] for path in kept}


@pytest.mark.parametrize("mechanism_id", IDS)
def test_every_neutral_pattern_fits_a_number(mechanism_id: str):
    """The starter leaves out what is optional, so it is stated here."""
    stated = read(put("mechanisms.guarantees.automatic", {"none": 0.0, "soft": 0.1, "enforceable": 0.5}))
    mechanism = stated.mechanisms.all()[mechanism_id]
    from outlast.scenario.mechanisms.mechanism import matches

    for pattern in mechanism.NEUTRAL:
        assert any(matches(pattern, path) for path in numbers_below(mechanism)), pattern


@pytest.mark.parametrize("mechanism_id", IDS)
def test_switching_off_in_the_file_and_by_the_method_agree(mechanism_id: str):
    written = read(put(f"mechanisms.{mechanism_id}.enabled", False))
    switched = starter().neutralised(mechanism_id)
    assert written == switched
    assert written.hash == switched.hash != starter().hash
    values = switched.effective_numbers()
    neutral = numbers_below(switched.mechanisms.all()[mechanism_id].neutral())
    for path, number in neutral.items():
        assert values[f"mechanisms.{mechanism_id}.{path}"] == number.value
    elsewhere = {path for path in values if not path.startswith(f"mechanisms.{mechanism_id}.")}
    changed = {path for path in elsewhere if values[path] != starter().numbers()[path].value}
    shocks = {f"events.{e.name}.shock.chance" for e in starter().events if e.shock and e.shock.stock == mechanism_id}
    assert all(f".set.mechanisms.{mechanism_id}." in path for path in changed - shocks)


def test_numbers_are_in_effect_while_switched_on():
    assert starter().effective_numbers() == {path: number.value for path, number in starter().numbers().items()}


@pytest.mark.parametrize(
    ("mechanism_id", "path", "value"),
    [
        ("patience", "mechanisms.patience.drift", 0.0),
        ("patience", "events.aid law lapses.set.mechanisms.patience.drift", 0.0),
        ("styles", "mechanisms.styles.challenger_discount.staller", 0.98),
        ("styles", "mechanisms.styles.patron_discount", 0.98),
        ("styles", "mechanisms.styles.patron_credit", 0.0),
        ("talks_shield", "mechanisms.talks_shield.punish", 0.0),
        ("alignment", "mechanisms.alignment.no_guarantor.settler", 0.0),
        ("front", "mechanisms.front.pace", 0.0),
        ("front", "mechanisms.front.supply_surge", 0.8),
        ("endurance", "mechanisms.endurance.war_cost", 0.2),
        ("endurance", "mechanisms.endurance.war_cost_slope", 0.0),
        ("manpower", "mechanisms.manpower.pools.levy.rate", 0.0),
        ("manpower", "mechanisms.manpower.pools.levy.size", 0.5),
        ("home_front", "mechanisms.home_front.exposure", 1.0),
        ("home_front", "mechanisms.home_front.casualty_weight.settler", 0.3),
        ("aspiration", "mechanisms.aspiration.audience_cost.staller", 0.0),
        ("packages", "mechanisms.packages.arms", 0.0),
        ("packages", "mechanisms.packages.phased_share", 0.5),
        ("resumption", "mechanisms.resumption.attack_cost", 10.0),
        ("guarantees", "mechanisms.guarantees.penalty.enforceable", 0.02),
        ("guarantees", "mechanisms.guarantees.honour_cost", 0.05),
    ],
)
def test_neutral_values(mechanism_id: str, path: str, value: float):
    assert starter().neutralised(mechanism_id).effective_numbers()[path] == value


def test_unknown_mechanism_is_explained():
    with pytest.raises(ScenarioError) as caught:
        starter().neutralised("patiense")
    assert caught.value.faults[0].suggestion == "patience"
    with pytest.raises(ScenarioError):
        starter().neutral_rules("nothing")
