"""The scenarios that come with the program: list them, locate them, and start a new file from the starter."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "shipped"
STARTER = "starter"


def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped scenarios, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def shipped_path(name: str) -> Path | None:
    """Return the file of a shipped scenario, or None if there is none of that name."""
    return FOLDER / f"{name}.toml" if name in shipped_names() else None


def new(name: str) -> str:
    """Return the text of the starter scenario under another name, for a new file.

    Raises ``ScenarioError`` if ``name`` cannot be the name of a scenario, or is that of a shipped one.
    """
    import re

    from outlast.scenario.fault import Fault, Place, ScenarioError, shown

    if name in shipped_names():
        fault = Fault(
            place=Place(path="scenario.name"),
            found=shown(name),
            rule="a new scenario has a name of its own",
            reason=f"`outlast run {name}` would go on meaning the shipped scenario of that name",
            remedy="choose another name",
            suggestion=f"my_{name}",
        )
        raise ScenarioError([fault])
    if not re.fullmatch(r"[a-z][a-z0-9_-]{0,59}", name):
        slug = re.sub(r"[^a-z0-9_-]+", "_", name.lower()).strip("_-")[:60].lstrip("0123456789_-")
        fault = Fault(
            place=Place(path="scenario.name"),
            found=shown(name),
            rule="a name starts with a small letter and has small letters, digits, `_` and `-` only, at most 60",
            reason="it becomes part of paths and of file names on every system",
            remedy="choose another name",
            suggestion=slug or "my_war",
        )
        raise ScenarioError([fault])
    text = (FOLDER / f"{STARTER}.toml").read_text(encoding="utf-8")
    return text.replace(f'name = "{STARTER}"', f'name = "{name}"', 1)
