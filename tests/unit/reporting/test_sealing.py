from __future__ import annotations

from base64 import b64encode
from datetime import date
from hashlib import sha256
from html.parser import HTMLParser

import polars as pl
import pytest

from outlast.reporting.sealing import share_class
from outlast.reporting.timeline import timeline

HOSTILE = "</style><script>alert(1)</script><p onclick=alert(1) style=color:red>"


class Blocks(HTMLParser):
    """The policy of a page, its inline blocks as a browser sees them, and its attributes."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.policies: list[str] = []
        self.blocks: dict[str, list[str]] = {"style": [], "script": []}
        self.attributes: set[str] = set()
        self.order: list[str] = []
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.order.append(tag)
        self.attributes |= set(found)
        self.inside = tag if tag in self.blocks else ""
        if self.inside:
            assert not found, "an inline block has no source and no other kind"
            self.blocks[tag].append("")
        if found.get("http-equiv") == "Content-Security-Policy":
            assert not {"style", "script"} & set(self.order), "a policy holds for what comes after it"
            self.policies.append(found["content"] or "")

    def handle_data(self, data):
        if self.inside:
            self.blocks[self.inside][-1] += data

    def handle_endtag(self, tag):
        self.inside = ""

    def rules(self) -> dict[str, list[str]]:
        [policy] = self.policies
        return {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}


def record() -> pl.DataFrame:
    """Two rows of a record, with words that would be tags."""
    row = {
        "date": date(2026, 2, 18), "actor": "challenger", "kind": "posture", "content": HOSTILE, "value": None,
        "low": None, "high": None, "confidence": 0.9, "source": HOSTILE, "note": HOSTILE,
    }  # fmt: skip
    reading = row | {
        "date": date(2026, 3, 18),
        "kind": "reading",
        "content": "territory",
        "value": 0.2,
        "low": 0.1,
        "high": 0.3,
    }
    return pl.DataFrame([row, reading], infer_schema_length=None)


def told() -> str:
    parties = {"challenger": HOSTILE, "defender": "D", "patron": "P"}
    return timeline(record(), parties=parties, title=HOSTILE)


@pytest.fixture(scope="module")
def pages(full, bare) -> dict[str, str]:
    return {"full": full.html, "bare": bare.html, "timeline": told()}


@pytest.mark.parametrize("name", ["full", "bare", "timeline"])
def test_policy_allows_the_page_its_own_blocks_and_nothing_else(pages: dict[str, str], name: str):
    page = Blocks(pages[name])
    rules = page.rules()
    assert rules.pop("default-src") == ["'none'"]
    assert rules.pop("base-uri") == rules.pop("form-action") == ["'none'"]
    for tag in ("style", "script"):
        [block] = page.blocks[tag]
        digest = b64encode(sha256(block.encode()).digest()).decode()
        assert rules.pop(f"{tag}-src") == [f"'sha256-{digest}'"], (
            "what a browser hashes is what stands between the tags"
        )
    assert not rules


@pytest.mark.parametrize("name", ["full", "bare", "timeline"])
def test_nothing_on_a_page_needs_what_the_policy_forbids(pages: dict[str, str], name: str):
    page = Blocks(pages[name])
    assert "style" not in page.attributes
    assert not any(attribute.startswith("on") or attribute in ("src", "srcset") for attribute in page.attributes)


def test_pages_share_one_policy_whatever_they_hold(pages: dict[str, str]):
    assert len({tuple(Blocks(page).policies) for page in pages.values()}) == 1


@pytest.mark.parametrize(
    ("share", "name"), [(0.0, "share-0"), (0.374, "share-37"), (1.0, "share-100"), (1.2, "share-100")]
)
def test_every_share_has_a_class(full, share: float, name: str):
    assert share_class(share) == name
    assert f".{name} {{" in full.html
