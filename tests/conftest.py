"""A small war that several rooms test on, solved once."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from small_war import SMALL

if TYPE_CHECKING:
    from outlast.answers import Answers
    from outlast.answers.standpoint import Standpoint
    from outlast.solving import Solution
    from variants import Wars


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    """The scenario file of the small war, alone in a folder of its own."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def tiny_file(tmp_path: Path) -> Path:
    """A scenario file with two levels per stock over the starter."""
    from tiny import tiny_words

    stocks = tiny_words()["stocks"]
    lines = ['[scenario]\nbase = "starter"\nresolution = "standard"\n']
    for name, stock in stocks.items():
        lines.append(f"[stocks.{name}]\nstart = {stock['start'] if name != 'territory' else 0.4}")
        lines.append(f"[stocks.{name}.levels]")
        lines += [f'"{level}" = {value}' for level, value in stock["levels"].items()]
    path = tmp_path / "tiny.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Solution:
    """The small war solved."""
    import outlast

    path = tmp_path_factory.mktemp("small") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return outlast.solve(outlast.compile(outlast.read(path)))


@pytest.fixture(scope="session")
def small_view(small: Solution) -> Standpoint:
    """The small war read at its start."""
    from outlast.answers.standpoint import Standpoint

    return Standpoint(small)


@pytest.fixture(scope="session")
def small_answers(small: Solution) -> Answers:
    """What the program answers about the small war, without draws."""
    import outlast

    return outlast.answer(small, draws=0)


@pytest.fixture(scope="session")
def geneva_wars() -> Wars:
    """The Geneva war and its variants on the coarse grid."""
    from variants import Wars

    return Wars("geneva")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with publishers' files: what ``OUTLAST_SHARED_DATA`` names, else beside the repository."""
    folder = Path(os.environ.get("OUTLAST_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"the publishers' files are not in {folder}")
    return folder
