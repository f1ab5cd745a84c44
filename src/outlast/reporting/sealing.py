"""Make the templates of the pages, and close each page against anything but itself.

A page carries a Content-Security-Policy: nothing may be loaded, sent or framed, and only the style sheet and the script
that the program wrote itself may act, each named by its hash. The policy is made from those two texts and never read
off the finished page: whatever got past the escaping would otherwise be allowed with the rest. It allows no ``style``
attribute either, so the parts of a page say by a class what they look like.

Source: W3C, Content Security Policy Level 3.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from outlast.reporting.glossary import anchor, with_terms

STEPS = 100
"""Shades and lengths that a share can have on a page."""
STYLE, SCRIPT = "style.css", "page.js"


def sealed_page(template: str, **content: Any) -> str:
    """Fill a template: one HTML page that needs nothing but itself, and lets nothing else in."""
    environment, (style, script) = _environment(), _own()
    return environment.get_template(template).render(
        content, policy=policy(style, script), style=Markup(style), script=Markup(script)
    )


def policy(style: str, script: str) -> str:
    """Return the policy of a page with one style sheet and one script, both as they stand between their tags."""
    rules: Mapping[str, str] = {
        "default-src": "'none'",
        "style-src": hashed(style),
        "script-src": hashed(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def hashed(text: str) -> str:
    """Return the source expression that allows an inline text and no other."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def share_class(value: float) -> str:
    """Return the class that shades a cell, or fills a bar, by a share held within [0, 1]."""
    return f"share-{round(STEPS * max(0.0, min(1.0, value)))}"


@cache
def _own() -> tuple[str, str]:
    """Return the style sheet with its classes for shares, and the script."""
    environment = _environment()
    style, script = (environment.loader.get_source(environment, name)[0] for name in (STYLE, SCRIPT))  # pyright: ignore
    shares = "\n".join(f".share-{step} {{ --share: {step / STEPS:g}; }}" for step in range(STEPS + 1))
    return f"\n{style}\n{shares}\n", f"\n{script}\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("outlast.reporting", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"terms": with_terms, "anchor": anchor, "share": share_class}
    return environment
