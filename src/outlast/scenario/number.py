"""A number of a scenario with its range and its evidence, and the tables of numbers by type and by guarantee."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from outlast.scenario.fault import Breach, shown

Basis = Literal["data", "claim", "judgement"]
Finite = Annotated[float, Field(strict=True, allow_inf_nan=False)]

HOW_TO_WRITE = 'write a plain number such as 0.2, or {value = 0.2, low = 0.1, high = 0.4, source = "..."}'


class Number(BaseModel):
    """A value with, where known, the range that the prior covers and the evidence behind it.

    ``low`` and ``high`` are the ends of the range and come together. ``basis`` says what the value rests on: ``data``
    (a measurement), ``claim`` (somebody says so) or ``judgement`` (nobody but the author of the file). A plain number
    in a file is a judgement without a range. Unit and bounds belong to the key, not to the number: see ``Scale``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: Annotated[Finite, Field(description="The central value.")]
    low: Annotated[Finite | None, Field(description="Lower end of the range that the prior covers.")] = None
    high: Annotated[Finite | None, Field(description="Upper end of the range that the prior covers.")] = None
    source: Annotated[StrictStr | None, Field(description="Where the value comes from, in words or as an address.")] = (
        None
    )
    basis: Annotated[Basis, Field(description="What the value rests on.")] = "judgement"

    @model_validator(mode="before")
    @classmethod
    def _accept_plain(cls, data: Any) -> Any:
        if isinstance(data, (int, float)) and not isinstance(data, bool):
            return {"value": data}
        if isinstance(data, dict) and not (data.keys() & cls.model_fields.keys()) and data:
            raise _breach(shown(data), "one number, not a table of numbers", HOW_TO_WRITE)
        if isinstance(data, (dict, cls)):
            return data
        raise _breach(f"{shown(data)} ({_kind(data)})", "a number, plain or as a record", HOW_TO_WRITE)

    @model_validator(mode="after")
    def _order(self) -> Self:
        breaches: list[Breach] = []
        if (self.low is None) != (self.high is None):
            only = "low" if self.high is None else "high"
            breaches.append(
                Breach(
                    found=f"only `{only}`",
                    rule="`low` and `high` come together",
                    reason="the prior is drawn between the two; one end alone gives no range",
                    remedy=f"add `{'high' if only == 'low' else 'low'}`, or leave both out",
                )
            )
        elif self.low is not None and self.high is not None:
            if self.low > self.high:
                breaches.append(
                    Breach(
                        found=f"low = {self.low}, high = {self.high}",
                        rule="`low` is not above `high`",
                        reason="the two are the ends of a range",
                        remedy="exchange the two",
                        suggestion=f"low = {self.high}, high = {self.low}",
                    )
                )
            elif not self.low <= self.value <= self.high:
                breaches.append(
                    Breach(
                        found=f"value = {self.value} outside {self.low} to {self.high}",
                        rule="the value lies inside its own range",
                        reason="the range says where the number may be, and the value is the best guess within it",
                        remedy="move the value into the range or widen the range",
                    )
                )
        if self.basis != "judgement" and not (self.source or "").strip():
            breaches.append(
                Breach(
                    found=f"basis = {self.basis!r} without `source`",
                    rule="a number that rests on data or on a claim names its source",
                    reason="a reader must be able to check it; without a source it is the author's judgement",
                    remedy='add `source`, or write basis = "judgement"',
                )
            )
        if breaches:
            raise PydanticCustomError("breach", "the parts of a number disagree", {"breaches": breaches})
        return self


class _Columns(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _need_columns(cls, data: Any) -> Any:
        columns = cls.model_fields.keys()
        if isinstance(data, cls) or (isinstance(data, dict) and data.keys() & columns):
            return data
        example = ", ".join(f"{column} = 0.1" for column in columns)
        raise _breach(shown(data), f"a table with one number for each of {', '.join(columns)}", f"write {{{example}}}")


class ByType(_Columns):
    """One number for each type of the challenger; the types may be given the same number."""

    settler: Annotated[Number, Field(description="If the challenger would sign a deal that leaves a sovereign rival.")]
    staller: Annotated[Number, Field(description="If the challenger would sign only a win.")]


class ByGuarantee(_Columns):
    """One number for each kind of guarantee that a package can carry."""

    none: Annotated[Number, Field(description="Under packages without a guarantee.")]
    soft: Annotated[Number, Field(description="Under packages with a soft guarantee: words, no machinery.")]
    enforceable: Annotated[Number, Field(description="Under packages with a guarantee that has teeth.")]


def _breach(found: str, rule: str, remedy: str) -> PydanticCustomError:
    reason = "the engine computes with this key and needs a number of exactly this shape"
    return PydanticCustomError("breach", "not a number", {"breaches": [Breach(found, rule, reason, remedy)]})


def _kind(data: object) -> str:
    names = {bool: "true or false", str: "text", list: "a list", dict: "a table"}
    return names.get(type(data), type(data).__name__)
