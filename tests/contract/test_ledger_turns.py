"""The ledger turns: in wars where a claim should fail it fails, and no claim is a constant."""

from __future__ import annotations

import pytest

from outlast.answers.claims import CLAIMS
from outlast.game.mechanisms import MECHANISMS
from variants import Over, Wars, calm_calendar

pytestmark = pytest.mark.slow

MOVES = 0.01
"""What a mechanism must move: a share of certainty in some headline chance, or of the prize in some dividend."""

FELT = {"exposure": 1.0, "casualty_weight": {"settler": 0.15, "staller": 0.15}}
"""The war as a democracy would feel it: the neutral form of the home front."""
NO_BAR = {"audience_cost": {"settler": 0.0, "staller": 0.0}}
SETTLER = {"staller": 0.001}

VARIANTS: dict[str, Over] = {
    "a settler for certain": {"belief": SETTLER},
    "a patron without limit of patience": {
        "stocks": {"patience": {"start": 1.0}},
        "events": calm_calendar(),
        "mechanisms": {
            "patience": {"drift": 0.0, "attention_drift": 0.0, "fruitless": 0.0},
            "guarantees": {"renege_patience": {"soft": 0.0, "enforceable": 0.0}},
        },
    },
    "cities that feel the war": {"mechanisms": {"home_front": FELT}},
    "a settler for certain, whose cities feel the war": {"belief": SETTLER, "mechanisms": {"home_front": FELT}},
    "no aspiration": {"mechanisms": {"aspiration": NO_BAR}},
    "a settler in a ruinous war": {
        "belief": SETTLER,
        "mechanisms": {"home_front": {**FELT, "war_cost": 0.5}, "aspiration": NO_BAR},
    },
    "peace is final": {"mechanisms": {"resumption": {"attack_cost": 1.0}}},
    "a defender that outguns the challenger": {"mechanisms": {"front": {"supply_sustain": 1.5, "supply_surge": 2.0}}},
    "a defender that never tires": {
        "mechanisms": {
            "endurance": {
                **dict.fromkeys(("fatigue", "losses", "recovery_sustain", "recovery_surge", "recovery_peace"), 0.0),
                "war_cost_slope": 0.0,
            }
        }
    },
    "pools that run dry": {
        "mechanisms": {
            "manpower": {
                "losses": 0.3,
                "pools": [
                    {"name": name, "size": size}
                    for name, size in (("contract", 0.1), ("levies", 0.05), ("prisoners", 0.02))
                ],
            }
        }
    },
    "talks that give no reason to hold back": {"mechanisms": {"talks_shield": {"supply": 0.0, "punish": 0.0}}},
}
"""What is written over the Geneva war."""

FAILS: dict[str, tuple[str, ...]] = {
    "a settler for certain": ("win",),
    "a patron without limit of patience": ("patience", "attention", "buys_time", "styles"),
    "cities that feel the war": ("tolerance", "insulation"),
    "a settler for certain, whose cities feel the war": ("win", "enforceable"),
    "no aspiration": ("sunk_cost",),
    "a settler in a ruinous war": ("abandonment", "soft"),
    "peace is final": ("terms", "win", "soft"),
    "a defender that outguns the challenger": ("front", "thinning"),
    "a defender that never tires": ("thinning", "fatigue"),
    "pools that run dry": ("manpower", "tolerance"),
    "talks that give no reason to hold back": ("shield",),
}
"""The claims that fail in each variant, and that hold in the war as shipped or where ``STANDS`` says."""
STANDS: dict[str, tuple[str, ...]] = {
    "a settler for certain": ("thinning", "enforceable"),
    "a patron without limit of patience": ("front", "shield", "enforceable", "next_round"),
    "cities that feel the war": ("front", "attention", "terms", "sunk_cost"),
    "no aspiration": ("terms", "tolerance", "insulation"),
    "peace is final": ("front", "attention", "enforceable", "next_round"),
}
"""Claims that the variant has no business with, and claims that fail as shipped: the ledger does not turn as one."""
FAILS_AS_SHIPPED = ("next_round", "sunk_cost", "pause")


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim not in FAILS_AS_SHIPPED])
def test_claim_holds_as_shipped(claim: str, geneva_wars: Wars):
    assert geneva_wars.margin(claim) > 0


@pytest.mark.parametrize(("variant", "claim"), [(name, claim) for name, claims in FAILS.items() for claim in claims])
def test_claim_fails_where_it_should(variant: str, claim: str, geneva_wars: Wars):
    assert not geneva_wars.margin(claim, VARIANTS[variant]) > 0


@pytest.mark.parametrize(("variant", "claim"), [(name, claim) for name, claims in STANDS.items() for claim in claims])
def test_other_claims_stand(variant: str, claim: str, geneva_wars: Wars):
    assert geneva_wars.margin(claim, VARIANTS[variant]) > 0


def test_pause_holds_where_an_attack_costs_nothing(geneva_wars: Wars):
    """As shipped the deal that a settler would sign is mostly kept; it is not where breaking it is free."""
    free: Over = {
        "mechanisms": {
            "resumption": {"attack_cost": 0.0},
            "guarantees": {
                "penalty": {"none": 0.0, "soft": 0.0, "enforceable": 0.0},
                "renege_cost": {"soft": 0.0, "enforceable": 0.0},
            },
        }
    }
    assert not geneva_wars.margin("pause") > 0
    assert geneva_wars.margin("pause", free) > 0


def test_every_claim_is_seen_to_fail_and_to_hold():
    failing = {claim for claims in FAILS.values() for claim in claims} | set(FAILS_AS_SHIPPED)
    assert failing == set(CLAIMS)
    assert set(FAILS) == set(VARIANTS)


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_no_mechanism_is_idle(mechanism: str, geneva_wars: Wars):
    usual, without = geneva_wars.headlines(), geneva_wars.headlines(off=mechanism)
    moved = {key: abs(without[key] - value) for key, value in usual.items() if key != "zone"}
    assert max(moved.values()) > MOVES, f"{mechanism} moves nothing: {moved}"


def test_guarantees_decide_which_peace_lasts(geneva_wars: Wars):
    usual, without = (
        dict(geneva_wars.tables(off=off)["deal_map"].select("package", "holds_60_staller").iter_rows())
        for off in (None, "guarantees")
    )
    assert usual["freeze_force"] - without["freeze_force"] > 0.3
    assert usual["freeze_neutral_article5"] - without["freeze_neutral_article5"] > 0.3
