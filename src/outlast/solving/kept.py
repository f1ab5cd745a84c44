"""Where compiled programs are kept between runs."""

from __future__ import annotations

import os
from pathlib import Path


def kept_folder() -> Path:
    """Return the folder of compiled programs: what ``OUTLAST_CACHE`` names, or one in the user's cache."""
    return Path(os.environ.get("OUTLAST_CACHE") or Path.home() / ".cache" / "outlast")
