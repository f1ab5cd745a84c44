"""The architecture page matches the tree: every folder of the package is described, every path it names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PACKAGE = ROOT / "src" / "outlast"

QUOTED = re.compile(r"`([^`\s]+)`")
FILE_SUFFIXES = (".cff", ".css", ".html", ".j2", ".js", ".json", ".md", ".py", ".toml", ".txt")


def named_paths() -> list[str]:
    """List what the page quotes and means as a path: with a slash in it, or with the suffix of a file."""
    quoted = QUOTED.findall(PAGE)
    return sorted({text for text in quoted if "/" in text or text.endswith(FILE_SUFFIXES)})


def package_folders() -> list[str]:
    """List the folders under the package that hold files of their own, as paths from the root of the repository."""
    folders = {file.parent for file in PACKAGE.rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    return sorted(folder.relative_to(ROOT).as_posix() + "/" for folder in folders - {PACKAGE})


@pytest.mark.parametrize("folder", package_folders())
def test_every_folder_of_the_package_is_described(folder: str):
    assert f"`{folder}`" in PAGE, f"ARCHITECTURE.md says nothing about {folder}: add a sentence on what belongs there"


@pytest.mark.parametrize("path", named_paths())
def test_every_path_that_the_page_names_exists(path: str):
    assert (ROOT / path).exists(), f"ARCHITECTURE.md names {path}, which does not exist"


def test_the_page_names_paths_and_the_package_has_folders():
    assert len(named_paths()) > 10
    assert len(package_folders()) > 5
