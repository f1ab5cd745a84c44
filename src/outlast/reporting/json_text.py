"""Write anything that the program says as JSON: the one place that does, so that all of it can be read again.

JSON has no word for a number that is not finite. It becomes null, and the document says in ``undefined`` where that was
and what stood there, so that a null is never taken for something that was not asked.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

UNDEFINED = "undefined"
"""The key under which a document lists where numbers were not finite."""


def json_text(content: Mapping[str, Any]) -> str:
    """Write any content as JSON: tables as lists of records, dates as ISO, numbers that are not finite as null.

    Where there are such numbers, ``undefined`` maps their places to what stood there. A place is a path of keys, with
    ``[]`` for every member of a list: ``coefficients[].z`` stands for one or more rows.
    """
    found: dict[str, str] = {}
    plain = _plain(content, "", found)
    if found:
        plain[UNDEFINED] = {**plain.get(UNDEFINED, {}), **found}
    return json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)


def cell_text(value: Any) -> str:
    """Write one list or record as JSON on one line, for the cell of a table; numbers that are not finite as null."""
    return json.dumps(_plain(value, "", {}), allow_nan=False)


def _plain(value: Any, place: str, found: dict[str, str]) -> Any:
    """Turn a value into what JSON can hold, and note where numbers are not finite."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
        found.setdefault(place, "not a number" if math.isnan(value) else "infinite")
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, f"{place}.{key}" if place else str(key), found) for key, inner in value.items()}
    if hasattr(value, "to_dicts"):  # a table
        return _plain(value.to_dicts(), place, found)
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 and not hasattr(value, "to_list"):  # a lone number
        return _plain(value.item(), place, found)
    if hasattr(value, "tolist"):  # an array
        value = value.tolist()
    elif hasattr(value, "to_list"):  # a column
        value = value.to_list()
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner, f"{place}[]", found) for inner in value]
    return str(value)
