"""Put the findings of the type checker into the words of a fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from outlast.scenario.fault import Breach, Fault, Place, nearest, shown
from outlast.scenario.fields import bare, section_in
from outlast.scenario.locate import Location
from outlast.scenario.number import ByGuarantee, ByType, Number
from outlast.scenario.scale import Scale
from outlast.scenario.section import PATH_NAME_PATTERN, SLUG_PATTERN

PlaceOf = Callable[[Location], Place]

PLAIN_RULES = {
    "string_type": ("text", 'put it in "quotation marks"'),
    "string_too_short": ("text that is not empty", "write a word or a sentence"),
    "string_too_long": ("text of at most {max_length} characters", "shorten it"),
    "string_unicode": ("text of valid characters", "retype it"),
    "bool_type": ("true or false", "write true or false, in small letters and without quotation marks"),
    "int_type": ("a whole number", "write it without a decimal point and without quotation marks"),
    "int_parsing_size": ("a whole number of ordinary size", "write a smaller number"),
    "float_type": ("a number", "write it without quotation marks"),
    "finite_number": ("a finite number", "write a number; nan and inf are none"),
    "greater_than_equal": ("at least {ge}", "raise it to {ge} or more"),
    "less_than_equal": ("at most {le}", "lower it to {le} or less"),
    "literal_error": ("one of {expected}", "use one of these"),
    "date_type": ("a date", "write it as 2026-02-18, without quotation marks"),
    "date_from_datetime_inexact": ("a date without a time", "write it as 2026-02-18"),
    "too_short": ("at least {min_length} entries", "add entries"),
    "too_long": ("at most {max_length} entries", "leave some out"),
    "tuple_type": ("a list", "write it in [square brackets], or head each entry [[{key}]]"),
    "mapping_type": ("a table", "write it as a table: [{path}]"),
    "dict_type": ("a table", "write it as a table: [{path}]"),
    "model_type": ("a table", "write it as a table: [{path}]"),
    "model_attributes_type": ("a table", "write it as a table: [{path}]"),
}
SHAPE_REASON = "the program reads this key in exactly one form, so that nothing is guessed"
REASONS = {
    "too_short": "with fewer, the choice would be no choice",
    "too_long": "time and memory grow with every entry",
    "greater_than_equal": "smaller values have no meaning here",
    "less_than_equal": "larger values cannot be solved in reasonable time",
    "finite_number": "the engine computes with it, and nan or inf would spread through every answer",
}
PATTERNS = {
    SLUG_PATTERN: (
        "a small letter, then small letters, digits, `_` and `-`",
        "it becomes part of paths and of file names on every system",
    ),
    PATH_NAME_PATTERN: ("text without a dot", "it becomes part of dotted paths, which are split at dots"),
}


def faults_of(error: ValidationError, model: type[BaseModel], place_of: PlaceOf) -> list[Fault]:
    """Return the faults that a validation found.

    ``model`` is the type that was validated; ``place_of`` gives the place of a location below it.
    """
    faults: list[Fault] = []
    details = [dict(detail) for detail in error.errors(include_url=False)]
    misspelt = {
        (*_location(detail)[:-1], _unknown(_location(detail), model).suggestion)
        for detail in details
        if detail["type"] == "extra_forbidden"
    }
    for detail in details:
        if detail["type"] == "default_factory_not_called":  # it follows from another fault of the same table
            continue
        location = _location(detail)
        if detail["type"] == "missing" and location in misspelt:
            continue
        for breach in _breaches(detail, location, model):
            place = place_of((*location, *(breach.at.split(".") if breach.at else ())))
            faults.append(Fault(place, breach.found, breach.rule, breach.reason, breach.remedy, breach.suggestion))
    return faults


def _location(detail: dict[str, Any]) -> Location:
    return tuple(part for part in detail["loc"] if part != "[key]")


def _breaches(detail: dict[str, Any], location: Location, model: type[BaseModel]) -> list[Breach]:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "breach":
        return context["breaches"]
    if kind == "missing":
        return [_missing(location, model)]
    if kind == "extra_forbidden":
        return [_unknown(location, model)]
    if kind == "string_pattern_mismatch" and context.get("pattern") in PATTERNS:
        rule, reason = PATTERNS[context["pattern"]]
        near = _renamed(detail["input"], context["pattern"])
        return [Breach(shown(detail["input"]), rule, reason, "choose another name", near)]
    if kind == "too_short" and len(detail["input"]) >= context["min_length"]:
        return []  # enough were written; the type checker counts only those without a fault of their own
    rule, remedy = PLAIN_RULES.get(kind, (detail["msg"], "write it in that form"))
    words = {"key": str(location[-1]) if location else "", "path": _dotted(location), **context}
    suggestion = None
    if kind == "literal_error" and isinstance(detail["input"], str):
        suggestion = nearest(detail["input"], context["expected"].replace(" or ", ", ").replace("'", "").split(", "))
    return [
        Breach(
            found=_found(kind, detail["input"], context),
            rule=_filled(rule, words) + _described(location, model),
            reason=REASONS.get(kind, SHAPE_REASON),
            remedy=_filled(remedy, words),
            suggestion=suggestion,
        )
    ]


def _found(kind: str, value: Any, context: dict[str, Any]) -> str:
    if kind in ("too_short", "too_long") and "actual_length" in context:
        actual = context["actual_length"]
        return f"{len(value) if actual is None else actual} entries"
    return shown(value)


def _missing(location: Location, model: type[BaseModel]) -> Breach:
    kind, scale, description = _field(location, model)
    key = str(location[-1])
    if scale is not None:
        value, meaning = scale.middle
        plain = f"{value:g}"
        if kind in (ByType, ByGuarantee):
            plain = "{" + ", ".join(f"{column} = {plain}" for column in kind.model_fields) + "}"
        rule, remedy = f"{description}: {scale.rule}", f"add it; {value:g} = {meaning}"
        suggestion = f"{key} = {plain}"
    elif isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Number:
        rule, remedy = _first_line(kind), f"add the table [{_dotted(location)}]"
        suggestion = None
    else:
        rule, remedy, suggestion = description or f"a number needs its `{key}`", f"add `{key}`", None
    reason = "nothing is assumed in silence: what the answers lean on is written in the file"
    return Breach(f"no `{key}`", f"`{key}` is required: {rule[:1].lower() + rule[1:]}", reason, remedy, suggestion)


def _unknown(location: Location, model: type[BaseModel]) -> Breach:
    owner = model_at(location[:-1], model)
    known = tuple(owner.model_fields) if owner else ()
    key = str(location[-1])
    suggestion = nearest(key, known)
    return Breach(
        found=f"no such key `{key}`" + (f"; did you mean `{suggestion}`?" if suggestion else ""),
        rule=f"the keys of {_dotted(location[:-1]) or 'a scenario'} are {', '.join(known)}",
        reason="a key under a wrong name would be ignored without a word",
        remedy="correct the spelling" if suggestion else "leave it out, or use one of these keys",
        suggestion=suggestion,
    )


def model_at(location: Location, model: type[BaseModel]) -> type[BaseModel] | None:
    """Return the section that stands at a location below ``model``, or None."""
    kind: Any = model
    for part in location:
        if isinstance(part, int):
            kind = bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and part in kind.model_fields:
            kind = bare(kind.model_fields[part].annotation)
        elif get_origin(kind) is not None and len(get_args(kind)) == 2:
            kind = bare(get_args(kind)[1])
        else:
            return None
    return section_in(kind)


def _field(location: Location, model: type[BaseModel]) -> tuple[Any, Scale | None, str]:
    owner = model_at(location[:-1], model)
    key = location[-1]
    if owner in (Number, ByType, ByGuarantee) and len(location) > 1:
        _, scale, description = _field(location[:-1], model)
        return Number, scale, description
    if owner is None or key not in owner.model_fields:
        return None, None, ""
    field = owner.model_fields[str(key)]
    scale = next((mark for mark in field.metadata if isinstance(mark, Scale)), None)
    return bare(field.annotation), scale, scale.meaning if scale else field.description or ""


def _described(location: Location, model: type[BaseModel]) -> str:
    description = _field(location, model)[2] if location else ""
    return f" ({description.rstrip('.')})" if description else ""


def _first_line(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").strip().split("\n", 1)[0].rstrip(".")


def _dotted(location: Location) -> str:
    return ".".join(f"{part + 1}" if isinstance(part, int) else part for part in location)


def _filled(text: str, words: dict[str, Any]) -> str:
    for name, word in words.items():
        text = text.replace("{" + name + "}", str(word))
    return text


def _renamed(name: str, pattern: str) -> str | None:
    import re

    if pattern == PATH_NAME_PATTERN:
        return re.sub(r"[.\x00-\x1f]+", " ", name).strip() or None
    return re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_-").lstrip("0123456789_-") or None
