"""The canonical form of a scenario: the same content gives the same bytes, however it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

if TYPE_CHECKING:
    from outlast.scenario.scenario import Scenario

UNSAID = (("correlations", ()),)
"""What a scenario may leave out and is then the scenario that it was before the key existed."""


def content_hash(scenario: Scenario) -> str:
    """Return the SHA-256 of the canonical form in hexadecimal."""
    return hashlib.sha256(canonical_text(scenario).encode()).hexdigest()


def canonical_text(scenario: Scenario) -> str:
    """Return the content as JSON with sorted keys, lists of named things by name, and nothing that is unset."""
    return json.dumps(_plain(scenario), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _plain(item: Any) -> Any:
    if isinstance(item, BaseModel):
        pairs = ((key, getattr(item, key)) for key in type(item).model_fields)
        return {key: _plain(value) for key, value in pairs if value is not None and (key, value) not in UNSAID}
    if isinstance(item, Mapping):
        return {str(key): _plain(value) for key, value in item.items()}
    if isinstance(item, tuple):
        members = [_plain(member) for member in item]
        named = all(isinstance(member, dict) for member in members)
        return sorted(members, key=lambda member: member.get("name") or member.get("id") or "") if named else members
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, float):
        return item + 0.0
    return item
