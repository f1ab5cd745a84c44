"""The twelve mechanisms, one module each; ``Mechanisms`` is the table ``[mechanisms]`` of a scenario."""

from __future__ import annotations

from outlast.scenario.mechanisms.alignment import Alignment
from outlast.scenario.mechanisms.aspiration import Aspiration
from outlast.scenario.mechanisms.endurance import Endurance
from outlast.scenario.mechanisms.front import Front
from outlast.scenario.mechanisms.guarantees import Guarantees
from outlast.scenario.mechanisms.home_front import HomeFront
from outlast.scenario.mechanisms.manpower import Manpower, Pool
from outlast.scenario.mechanisms.mechanism import Mechanism
from outlast.scenario.mechanisms.packages import Packages
from outlast.scenario.mechanisms.patience import Patience
from outlast.scenario.mechanisms.resumption import Resumption
from outlast.scenario.mechanisms.styles import Styles
from outlast.scenario.mechanisms.talks_shield import TalksShield
from outlast.scenario.section import Section

__all__ = [
    "Alignment",
    "Aspiration",
    "Endurance",
    "Front",
    "Guarantees",
    "HomeFront",
    "Manpower",
    "Mechanism",
    "Mechanisms",
    "Packages",
    "Patience",
    "Pool",
    "Resumption",
    "Styles",
    "TalksShield",
]


class Mechanisms(Section):
    """The twelve parts of the argument, each with its switch."""

    patience: Patience
    styles: Styles
    talks_shield: TalksShield
    alignment: Alignment
    front: Front
    endurance: Endurance
    manpower: Manpower
    home_front: HomeFront
    aspiration: Aspiration
    packages: Packages
    resumption: Resumption
    guarantees: Guarantees

    def all(self) -> dict[str, Mechanism]:
        """Return the mechanisms by id, in file order."""
        return {name: getattr(self, name) for name in type(self).model_fields}
