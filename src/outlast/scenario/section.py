"""The base of every section of a scenario: frozen, and closed to keys it does not know."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Section(BaseModel):
    """A table of the file. Frozen; an unknown key is a fault, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


SLUG_PATTERN = r"^[a-z][a-z0-9_-]*$"
PATH_NAME_PATTERN = r"^[^.\x00-\x1f]+$"

Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=4000)]
"""Words for a reader."""

Label = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1, max_length=120)]
"""A short name shown in tables and charts."""

Slug = Annotated[str, StringConstraints(strict=True, max_length=60, pattern=SLUG_PATTERN)]
"""A name that can stand in a path: lower case, digits, ``_`` and ``-``."""

PathName = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, max_length=80, pattern=PATH_NAME_PATTERN)
]
"""A name that can stand in a dotted path: anything without a dot."""
