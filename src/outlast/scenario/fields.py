"""The keys of a section: what each number and each word is, by its path pattern, read off the types of the fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from outlast.scenario.mechanisms.mechanism import matches
from outlast.scenario.number import ByGuarantee, ByType, Number
from outlast.scenario.scale import Scale


@dataclass(frozen=True, slots=True)
class Key:
    """One key of the file. ``pattern`` is its dotted path with ``*`` for names that the file chooses.

    A key of numbers has a ``scale``; a table of numbers has ``columns``. ``mechanism`` is the id of the mechanism that
    owns the key ("" for none). ``kind`` is what the file must hold there.
    """

    pattern: str
    description: str
    kind: Any
    required: bool
    default: Any
    scale: Scale | None = None
    columns: tuple[str, ...] = ()
    mechanism: str = ""

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns of the single numbers below this key."""
        return tuple(f"{self.pattern}.{column}" for column in self.columns) or (self.pattern,)


@cache
def keys_of(model: type[BaseModel]) -> tuple[Key, ...]:
    """Return every key below ``model`` that holds a number or a word, in file order."""
    return tuple(_keys_of(model, "", ""))


def sections_of(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield every table below ``model`` with its path pattern, in file order."""
    for name, field in model.model_fields.items():
        kind = bare(field.annotation)
        section = section_in(kind)
        if section is not None and section not in (Number, ByType, ByGuarantee):
            path = f"{prefix}.{name}" if prefix else name
            yield path, section
            yield from sections_of(section, f"{path}.*" if get_origin(kind) is tuple else path)


def key_below(model: type[BaseModel], path: str) -> Key | None:
    """Return the key of a path below ``model``, or None; a number that an event sets leads to the key that it sets."""
    parts = path.split(".")
    if len(parts) > 3 and parts[0] == "events" and parts[2] == "set":
        return key_below(model, ".".join(parts[3:]))
    for key in keys_of(model):
        if matches(key.pattern, path) or any(matches(pattern, path) for pattern in key.patterns):
            return key
    return None


def _keys_of(model: type[BaseModel], prefix: str, mechanism: str) -> list[Key]:
    keys: list[Key] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}.{name}" if prefix else name
        owner = name if prefix == "mechanisms" else mechanism
        kind = bare(field.annotation)
        section = section_in(kind)
        if section is None or kind in (Number, ByType, ByGuarantee):
            keys.append(_key(path, field, kind, owner))
        elif get_origin(kind) is tuple:
            keys += _keys_of(section, f"{path}.*", owner)
        elif get_origin(kind) is None:
            keys += _keys_of(section, path, owner)
    return keys


def _key(path: str, field: FieldInfo, kind: Any, mechanism: str) -> Key:
    scale = next((mark for mark in field.metadata if isinstance(mark, Scale)), None)
    return Key(
        pattern=path,
        description=scale.meaning if scale else field.description or "",
        kind=kind,
        required=field.is_required(),
        default=None if field.is_required() else field.get_default(),
        scale=scale,
        columns=tuple(kind.model_fields) if kind in (ByType, ByGuarantee) else (),
        mechanism=mechanism,
    )


def bare(annotation: Any) -> Any:
    """Strip ``| None`` and ``Annotated`` from an annotation."""
    if hasattr(annotation, "__metadata__"):
        return bare(annotation.__origin__)
    members = [member for member in get_args(annotation) if member is not NoneType]
    is_optional = NoneType in get_args(annotation) and len(members) == 1
    return bare(members[0]) if is_optional else annotation


def section_in(kind: Any) -> type[BaseModel] | None:
    """Return the section that a kind is, or is a list of; None for words, and for tables of numbers by free names."""
    origin = get_origin(kind)
    inner = bare(get_args(kind)[0]) if origin is tuple else kind
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return None
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
