"""The anchored scale of a number: meaning, unit, bounds, and what low, middle and high look like in the world."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError, core_schema

from outlast.scenario.fault import Breach
from outlast.scenario.number import ByGuarantee, ByType, Number
from outlast.scenario.unit import Unit

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler

Anchor = tuple[float, str]
"""A value and what the world looks like when it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What one number of a scenario means and may be.

    Put it in the annotation of a field, ``drift: Annotated[Number, Scale(...)]``: pydantic then enforces the bounds on
    the value and on its range. ``bounds`` are inclusive unless ``open_low`` or ``open_high`` is set. The three anchors
    exist so that two analysts who code one case come close.
    """

    meaning: str
    unit: Unit
    bounds: tuple[float, float]
    low: Anchor
    middle: Anchor
    high: Anchor
    open_low: bool = False
    open_high: bool = False

    @property
    def anchors(self) -> tuple[Anchor, Anchor, Anchor]:
        """The three anchors, ascending."""
        return (self.low, self.middle, self.high)

    def admits(self, value: float) -> bool:
        """Say whether ``value`` keeps the bounds."""
        lowest, highest = self.bounds
        above = value > lowest if self.open_low else value >= lowest
        below = value < highest if self.open_high else value <= highest
        return math.isfinite(value) and above and below

    @property
    def rule(self) -> str:
        """The bounds in words."""
        lowest, highest = self.bounds
        return (
            f"a number {'above' if self.open_low else 'from'} {lowest:g} "
            f"{'to below' if self.open_high else 'to'} {highest:g} ({self.unit.name})"
        )

    def breaches(self, number: Number, at: str = "") -> list[Breach]:
        """Return a breach for the value and for each end of the range that is out of bounds."""
        parts = (("value", number.value), ("low", number.low), ("high", number.high))
        plain = number.low is None and number.high is None
        return [
            Breach(
                found=f"{part}" if plain else f"{key} = {part}",
                rule=self.rule,
                reason=self.unit.reason,
                remedy=f"keep to the bounds; {self.middle[0]:g} = {self.middle[1]}",
                at=at,
            )
            for key, part in parts
            if part is not None and not self.admits(part)
        ]

    def _enforce(self, value: Any) -> Any:
        found: list[Breach] = []
        for at, number in leaves(value):
            found += self.breaches(number, at)
        if found:
            raise PydanticCustomError("breach", "out of bounds", {"breaches": found})
        return value

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self._enforce, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return _scale_schema(self, handler(schema), handler)


def leaves(value: Number | ByType | ByGuarantee | None) -> list[tuple[str, Number]]:
    """Return the numbers of a field with the column each stands in ("" for a single number)."""
    if value is None:
        return []
    if isinstance(value, Number):
        return [("", value)]
    return [(column, getattr(value, column)) for column in type(value).model_fields]


def _scale_schema(scale: Scale, schema: dict[str, Any], handler: GetJsonSchemaHandler) -> dict[str, Any]:
    """Return the JSON schema of a field with a scale; ``schema`` is that of its type without the scale."""
    reference = next((option for option in schema.get("anyOf", ()) if "$ref" in option), schema)
    target = handler.resolve_ref_schema(dict(reference))
    text = _description(scale)
    if "value" in target["properties"]:
        return {"description": text, **_bounded(scale, reference)}
    columns = {
        name: {"description": f"{column['description']} {text}", **_bounded(scale, {"$ref": column["$ref"]})}
        for name, column in target["properties"].items()
    }
    return {
        "description": text,
        "type": "object",
        "properties": columns,
        "required": list(columns),
        "additionalProperties": False,
    }


def _description(scale: Scale) -> str:
    """Return meaning, unit, bounds and anchors of a scale in one paragraph."""
    anchors = "; ".join(f"{value:g} = {meaning}" for value, meaning in scale.anchors)
    return f"{scale.meaning[:1].upper()}{scale.meaning[1:]}: {scale.rule}. {anchors}."


def _bounded(scale: Scale, reference: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a number, plain or a record, whose value and range keep the bounds."""
    lowest, highest = scale.bounds
    bounds = {
        "exclusiveMinimum" if scale.open_low else "minimum": lowest,
        "exclusiveMaximum" if scale.open_high else "maximum": highest,
    }
    return {"allOf": [reference], **bounds, "properties": dict.fromkeys(("value", "low", "high"), bounds)}
