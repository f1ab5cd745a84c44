"""The documents keep their word: snippets are Python, those marked ``python run`` run, and links lead somewhere.

The README also has a line for every command of the program, and for none that it does not have.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(python[^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


class Snippet(NamedTuple):
    """One fenced block: where it stands, the words after the fence, and the code."""

    place: str
    mark: str
    code: str


def snippets() -> list[Snippet]:
    """Collect the fenced Python blocks of the pages at the root and anywhere in docs/."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Snippet(f"{page.relative_to(ROOT)}:{line}", match[1].strip(), match[2]))
    return found


def place(snippet: Snippet) -> str:
    """Name a snippet in the output of the tests."""
    return snippet.place


RUN = [snippet for snippet in snippets() if snippet.mark == "python run"]


@pytest.mark.parametrize("snippet", snippets(), ids=place)
def test_snippet_is_python(snippet: Snippet):
    assert snippet.mark in {"python", "python run"}, f"{snippet.place}: unknown mark {snippet.mark!r}"
    ast.parse(snippet.code, filename=snippet.place)


@pytest.mark.slow
@pytest.mark.parametrize("snippet", RUN, ids=place)
def test_marked_snippet_runs(snippet: Snippet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(snippet.code, snippet.place, "exec"), {"__name__": "snippet"})


def test_the_readme_has_an_example_that_runs_in_under_ten_lines():
    example = next(snippet for snippet in RUN if snippet.place.startswith("README.md"))
    assert len(example.code.strip().splitlines()) < 10


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_within_the_repository_lead_somewhere(page: Path):
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_lists_the_commands_of_the_program():
    from outlast.cli.app import COMMANDS

    listed = re.findall(r"^\| `outlast (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(listed) == set(COMMANDS)
