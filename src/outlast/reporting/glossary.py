"""Explain the words of the trade, and link their first mention in a text to the explanation."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

TERMS: dict[str, str] = {
    "settler": "A challenger who would sign a deal that leaves the defender sovereign.",
    "staller": "A challenger who would sign only what it can show as a win; until then it talks to gain time.",
    "patron": "The outside power that backs the defender and whose patience can run out.",
    "durable zone": "The packages that all who must sign would accept and under which peace then holds five years; "
    "unless the scenario says otherwise, with chances of at least 50% and 80%.",
    "delay dividend": "What a party gains when months pass in talks without a deal: its expected value after those "
    "months less its value now. 100% is the whole prize held for ever. It has two parts: passage "
    "of time and selection.",
    "passage of time": "The part of the delay dividend that the same months would bring in a war in which nobody may "
    "table a package.",
    "selection": "The part of the delay dividend that comes from which months end without a deal: a deal is likeliest "
    "where the war goes badly for somebody, so months without one are no average months, and a refusal tells.",
    "logit noise": "How far choices stray from the best one: an option's odds rise with its value, and the noise says "
    "how steeply. More noise, more mistakes.",
    "bit": "A unit of information: one bit would settle a question whose two answers are equally likely.",
    "hazard": "The chance that war returns in a month, given that peace has held until then.",
    "guarantee": "A promise by the patron to act if the challenger attacks again: soft if breaking it costs the patron "
    "little, enforceable if breaking it costs much.",
    "stall threshold": "The value of the best offer below which talking is free for the challenger, so that even a "
    "settler has no reason to concede.",
    "belief": "The public's chance that the challenger is a staller, revised after every move.",
    "draw": "One set of numbers taken from the ranges of the assumptions; the game is solved anew for each.",
    "package": "A deal that can be put on the table, with all its terms.",
    "imposed end": "The challenger has taken the whole prize or the defender's endurance is gone: the challenger "
    "dictates.",
}
_QUOTED = re.compile("(\u201c[^\u201d]*\u201d)")
_PATTERN = re.compile(r"\b(" + "|".join(sorted(map(re.escape, TERMS), key=len, reverse=True)) + r")(s?)\b", re.I)


def anchor(term: str) -> str:
    """Return the identifier of a term's entry on the page."""
    return f"term-{term.replace(' ', '-')}"


def with_terms(text: str) -> Markup:
    """Escape a text and link the first mention of each term to its entry, with the explanation as a tooltip.

    What stands in quotation marks is a name and stays as it is.
    """
    seen: set[str] = set()

    def link(found: re.Match[str]) -> str:
        term = found.group(1).lower()
        if term in seen:
            return found.group()
        seen.add(term)
        return f'<a class="term" href="#{anchor(term)}" title="{escape(TERMS[term])}">{found.group()}</a>'

    parts = _QUOTED.split(str(escape(text)))
    return Markup("".join(part if part.startswith("\u201c") else _PATTERN.sub(link, part) for part in parts))
