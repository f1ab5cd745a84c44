from __future__ import annotations

import pytest

from outlast.reporting import charts
from outlast.reporting.drawing import draw, tidy
from outlast.reporting.theme import ACCOUNTS, GUARANTEES, STOCKS, TYPES

from . import synthetic

CHARTS = ["deal_map", "delay", "hazard", "offers", "paths", "phases", "rounds", "sensitivity", "type_test"]
CASES = {
    "full": {},
    "no draws": {"draws": 0, "patron": False, "zone": False, "packages": 8},
    "many": {"packages": 24},
}


def contrast(colour: str) -> float:
    """Contrast of a colour with white, after WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", CHARTS)
def test_chart_is_a_valid_specification(name, case):
    made = synthetic.answers(**CASES[case])
    for canvas in (charts.WIDE, charts.NARROW):
        assert charts.themed(getattr(charts, name), made, canvas=canvas).to_dict()


@pytest.mark.parametrize("name", CHARTS)
def test_narrow_drawing_fits_a_phone(name):
    drawn = draw(
        charts.themed(getattr(charts, name), synthetic.answers(), canvas=charts.NARROW), name="x", alternative="y"
    )
    width = float(drawn.split('viewBox="0 0 ')[1].split()[0])
    assert width <= 380


def test_drawing_escapes_names():
    made = synthetic.answers(name="<b>&\"'")
    drawn = draw(charts.themed(charts.delay, made), name="x", alternative='<i>"')
    assert "<b>" not in drawn
    assert "<i>" not in drawn


def test_tidy_keeps_what_texts_say():
    svg = (
        '<svg class="marks" width="10" height="20" viewBox="0 0 10 20"><text x="1.23456" role="a">1.23456</text></svg>'
    )
    made = tidy(svg, name="n", alternative="a")
    assert '<text x="1.23">1.23456</text>' in made


def test_colours_of_words_can_be_read():
    for looks in (ACCOUNTS, GUARANTEES, STOCKS, TYPES):
        for look in looks.values():
            assert contrast(look.text) >= 4.5


def test_lines_differ_without_colour():
    for looks in (ACCOUNTS, GUARANTEES):
        assert len({look.dash for look in looks.values()}) == len(looks)
    assert len({look.shape for look in GUARANTEES.values()}) == len(GUARANTEES)
    assert len({look.shape for look in TYPES.values()}) == len(TYPES)
