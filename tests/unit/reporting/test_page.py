from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import polars as pl
import pytest

from outlast.reporting.charts import deal_map, themed
from outlast.reporting.page import Report, report

from . import synthetic
from .conftest import HOSTILE

SECTIONS = [
    "headlines", "rounds", "delay", "deals", "durability", "futures", "types", "claims", "mistakes",
    "sensitivity", "assumptions", "certificate", "glossary", "limits",
]  # fmt: skip
VOID = {"meta", "br", "img", "input", "link", "hr"}


class Page(HTMLParser):
    """What a page holds: its tags with their attributes, and whether they nest."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module", params=["full", "bare"])
def page(request) -> Page:
    return Page(request.getfixturevalue(request.param).html)


def test_tags_nest(page):
    assert page.open == []


def test_sections_stand_in_reading_order(page):
    found = [attributes["id"] for attributes in page.named("section") if attributes.get("id")]
    assert [key for key in found if key in SECTIONS] == SECTIONS


def test_every_section_opens_with_a_sentence(full):
    for key in SECTIONS[:-2]:
        part = full.html.split(f'<section id="{key}"')[1].split("</section>")[0]
        reading = re.search(r'<p class="reading">(.+?)</p>', part, re.S)
        assert reading, key
        assert reading[1].strip().endswith("."), key


def test_nothing_is_fetched(page):
    for tag, attributes in page.tags:
        for name in ("src", "srcset", "data", "poster", "action", "xlink:href"):
            assert name not in attributes, (tag, attributes)
        if "href" in attributes and tag != "a":
            assert str(attributes["href"]).startswith("#")
    assert not page.named("link")


def test_the_page_names_no_address_but_namespaces_and_sources(full):
    rest = full.html.replace('xmlns="http://www.w3.org/2000/svg"', "")
    rest = rest.replace("https://example.org/tracker", "")
    assert "http://" not in rest
    assert "https://" not in rest
    assert "@import" not in rest
    assert not re.search(r"url\((?!#)", rest)


def test_every_drawing_says_what_it_shows(page):
    drawings = page.named("svg")
    assert len(drawings) == 18
    for attributes in drawings:
        assert attributes["role"] == "img"
        assert len(str(attributes["aria-label"])) > 40


def test_identifiers_are_unique_and_links_lead_somewhere(page):
    names = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
    assert len(names) == len(set(names))
    targets = {str(a["href"])[1:] for a in page.named("a") if str(a.get("href", "")).startswith("#")}
    assert targets <= set(names)


def test_clip_paths_of_a_drawing_are_its_own(full):
    for one in re.findall(r"<svg .*?</svg>", full.html, re.S):
        assert set(re.findall(r"url\(#([^)]+)\)", one)) <= set(re.findall(r'id="([^"]+)"', one))


def test_tables_have_captions_and_headed_columns(page):
    assert len(page.named("caption")) == len(page.named("table")) > 10
    assert all(attributes.get("scope") in ("col", "row") for attributes in page.named("th"))


def test_page_is_light(page, full):
    assert len(full.html.encode()) < 3_000_000


def test_hostile_names_stay_words(bare):
    assert HOSTILE not in bare.html
    assert "<script>alert" not in bare.html
    assert "&lt;script&gt;alert" in bare.html
    assert len(Page(bare.html).named("script")) == 1


def test_hostile_addresses_are_no_links():
    made = synthetic.answers(packages=8)
    table = made.tables["assumptions"].with_columns(source=pl.lit("javascript:alert(1) // see https://example.org/a"))
    made.tables.clear()
    made.tables["assumptions"] = table
    links = {str(attributes["href"]) for attributes in Page(report(made).html).named("a")}
    assert "https://example.org/a" in links
    assert not any(link.startswith("javascript") for link in links)


def test_empty_zone_is_said(bare, full):
    assert "Durable zone: empty" in bare.html
    assert "is empty: no" in bare.html
    assert "Durable zone: empty" not in full.html


def test_no_range_is_claimed_without_draws(bare, full):
    for words in ("8 draws in 10", "8 in 10"):
        assert words not in bare.html
        assert words in full.html
    assert "so there are no ranges" in bare.html


def test_failed_checks_stand_at_the_top(full):
    assert full.html.index("Read with care") < full.html.index('class="verdict"')
    assert "1 of 6 lines failed" in full.html
    made = "250,000 of 1,000,000 checks (every cell in 30 of 120 months, drawn with seed 1)"
    assert f"A computation that shares no code with the solver made {made}." in full.html


def test_claims_are_judged_in_words(full):
    part = full.html.split('<section id="claims"')[1].split("</section>")[0]
    assert "\u2713\u00a0holds" in part
    assert "\u2717\u00a0fails" in part
    assert "fails: rests on it" in part


def test_answers_without_tables_say_so():
    made = synthetic.answers()
    html = report(synthetic.Synthetic({}, made.verdict, {}, made.parties)).html
    assert html.count("Not computed in this run.") == 12
    assert "<svg" not in html


def test_notebook_gets_a_frame_of_its_own(full):
    shown = full._repr_html_()
    assert shown.startswith("<iframe srcdoc=")
    assert "<!DOCTYPE" not in shown


def test_report_is_frozen(full):
    with pytest.raises(AttributeError):
        full.html = ""
    assert isinstance(full, Report)
    assert len(repr(full)) < 100


def test_same_answers_make_the_same_page(full):
    again = report(synthetic.answers())
    assert again.html == full.html


@pytest.mark.parametrize("packages", [8, 24])
def test_deal_map_names_every_package(packages):
    made = synthetic.answers(packages=packages)
    spec = themed(deal_map, made).to_dict()
    texts = {row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row}
    assert {int(text.split()[0]) for text in texts if text[0].isdigit()} == set(range(1, packages + 1))


def test_a_range_around_another_answer_says_so(full):
    heads = full.answers.tables["headlines"].with_columns(
        coarse=pl.col("value") - 0.1,
        value=pl.col("value") + pl.when(pl.col("key") == "best_deal").then(0.3).otherwise(0),
    )
    html = report(replace(full.answers, tables=full.answers.tables | {"headlines": heads})).html
    assert html.count("on a coarser grid") == 1
    assert "on a coarser grid" not in full.html


@pytest.mark.parametrize("name", ["full", "bare"])
def test_tables_too_wide_for_a_phone_become_cards_there(name: str, request: pytest.FixtureRequest):
    """Four columns side by side would be cut off at the right; with three the words wrap."""
    found = re.findall(r"<table([^>]*)>(.*?)</table>", request.getfixturevalue(name).html, flags=re.DOTALL)
    assert found
    for attributes, inside in found:
        head = re.search(r"<thead.*?</thead>", inside, flags=re.DOTALL)
        if head and head.group().count("<th") - 1 > 3:
            assert "stack" in attributes, head.group()
