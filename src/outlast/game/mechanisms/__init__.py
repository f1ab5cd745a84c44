"""The article's mechanisms as laws on arrays, one file each.

Each is a frozen class whose fields are the numbers of the scenario section of the same name.
"""

from outlast.game.mechanisms.alignment import Alignment
from outlast.game.mechanisms.aspiration import Aspiration
from outlast.game.mechanisms.endurance import Endurance
from outlast.game.mechanisms.front import Front
from outlast.game.mechanisms.guarantees import Guarantees
from outlast.game.mechanisms.home_front import HomeFront
from outlast.game.mechanisms.manpower import Manpower
from outlast.game.mechanisms.packages import Packages
from outlast.game.mechanisms.patience import Patience
from outlast.game.mechanisms.resumption import Resumption
from outlast.game.mechanisms.styles import Styles
from outlast.game.mechanisms.talks_shield import TalksShield

MECHANISMS = {
    "patience": Patience,
    "styles": Styles,
    "talks_shield": TalksShield,
    "alignment": Alignment,
    "front": Front,
    "endurance": Endurance,
    "manpower": Manpower,
    "home_front": HomeFront,
    "aspiration": Aspiration,
    "packages": Packages,
    "resumption": Resumption,
    "guarantees": Guarantees,
}

__all__ = [
    "MECHANISMS",
    "Alignment",
    "Aspiration",
    "Endurance",
    "Front",
    "Guarantees",
    "HomeFront",
    "Manpower",
    "Packages",
    "Patience",
    "Resumption",
    "Styles",
    "TalksShield",
]
