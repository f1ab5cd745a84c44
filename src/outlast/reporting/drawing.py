"""Turn a chart into an SVG that can stand inside a page: small, scalable, and free of clashes with its neighbours."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from outlast.reporting.theme import FONT

_TAG = re.compile(r"<[^>]+>")
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_IDLE = re.compile(
    r' (?:role|aria-roledescription|aria-hidden|pointer-events|class)="[^"]*"| opacity="1"| fill-opacity="1"'
)
_UNSEEN = re.compile(r'<path[^>]* display="none"/>')
_HEAD = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')


def draw(chart: Any, *, name: str, alternative: str) -> str:
    """Render an Altair chart as an SVG element that reads as `alternative` to those who do not see it.

    `name` keeps its inner identifiers apart from other charts'.

    The network is closed to the renderer, so a chart can only draw the data it holds.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(chart.to_dict(validate=False), allowed_base_urls=[])
    return tidy(drawn, name=name, alternative=alternative)


def tidy(svg: str, *, name: str, alternative: str) -> str:
    """Shrink an SVG, scale it to its container, and prefix its identifiers with `name`.

    Identifiers must differ between the charts of one page: a clip path that is found first in a hidden chart hides
    what it clips everywhere.
    """
    svg = _UNSEEN.sub("", svg)
    svg = _TAG.sub(lambda tag: _lean(tag.group()), svg)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    for _ in range(4):
        svg = re.sub(r"<g[^>]*></g>", "", svg)
    return _HEAD.sub(lambda head: _opening(head, alternative), svg, count=1)


def _opening(found: re.Match[str], alternative: str) -> str:
    width, height = found.groups()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'font-family="{FONT}" role="img" aria-label="{escape(alternative)}">'
    )


def _lean(tag: str) -> str:
    tag = _IDLE.sub("", tag)
    tag = re.sub(r' font-family="[^"]*"', "", tag)
    tag = re.sub(r' font-weight="normal"', "", tag)
    return _LONG.sub(_short, tag)


def _short(found: re.Match[str]) -> str:
    value = f"{float(found.group()):.2f}".rstrip("0").rstrip(".")
    return "0" if value in ("-0", "") else value
