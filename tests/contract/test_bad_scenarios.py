"""The mistakes that people make in a scenario file, one by one: each is found, placed, explained and refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from outlast.scenario.shipped import shipped_path
from refusing import refused

STARTER = shipped_path("starter")
assert STARTER is not None
TEXT = STARTER.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def changed(*changes: tuple[str, str]) -> str:
    """The starter with some of its text replaced, each exactly where it stands once."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the starter"
        text = text.replace(old, new)
    return text


def without_packages() -> str:
    """The starter with every package cut out."""
    return TEXT[: TEXT.index("[[packages]]")] + TEXT[TEXT.index("[[events]]") :]


STAFF = "staller = {value = 0.5, low = 0.25, high = 0.75}"
PENALTY = "surge_penalty = {value = 0.1, low = 0.05, high = 0.2}"
BAD: dict[str, tuple[str, str, str]] = {
    "missing key": (changed(("sovereignty = 1.0\n", "")), "payoffs", "sovereignty"),
    "unknown key": (
        changed(("cost_slope = {value = 2.0", "cost_slop = {value = 2.0")),
        "payoffs.cost_slop",
        "cost_slope",
    ),
    "unknown section": (TEXT + "\n[weather]\nrain = 1\n", "weather", "weather"),
    "text for a number": (
        changed(("sustain_penalty = 0.03", 'sustain_penalty = "low"')),
        "payoffs.sustain_penalty",
        "low",
    ),
    "number for text": (changed(('challenger = "Varn"', "challenger = 3")), "parties.challenger", "3"),
    "truth for a number": (changed(("sustain_cost = 0.03", "sustain_cost = true")), "payoffs.sustain_cost", "true"),
    "list for a table": (changed(("[payoffs]\n", "[[payoffs]]\n")), "payoffs", "payoffs"),
    "probability above 1": (
        changed(("[recognition]                 #", "[recognition]#"), ("challenger = 0.3\n", "challenger = 1.3\n")),
        "recognition.challenger",
        "1.3",
    ),
    "probability below 0": (changed((STAFF, "staller = -0.1")), "belief.staller", "-0.1"),
    "chance of an event above 1": (
        changed(("chance = {value = 0.5, low = 0.3, high = 0.7}", "chance = 1.5")),
        "chance",
        "1.5",
    ),
    "chances above 1 together": (changed(("challenger = 0.3\n", "challenger = 0.9\n")), "recognition", "0.9"),
    "low above high": (
        changed((PENALTY, "surge_penalty = {value = 0.1, low = 0.2, high = 0.05}")),
        "payoffs.surge_penalty",
        "low",
    ),
    "value outside its own range": (
        changed((PENALTY, "surge_penalty = {value = 0.3, low = 0.05, high = 0.2}")),
        "payoffs.surge_penalty",
        "0.3",
    ),
    "start off the grid": (changed(("start = 0.4", "start = 0.42")), "stocks.territory.start", "0.42"),
    "no packages": (without_packages(), "packages", "no `packages`"),
    "an empty list of packages": ("packages = []\n" + without_packages(), "packages", "0"),
    "two packages with one name": (
        changed(('name = "soft_ceasefire"', 'name = "bare_ceasefire"')),
        "packages",
        "bare_ceasefire",
    ),
    "event after the horizon": (changed(("month = 18\n", "month = 500\n")), "events", "500"),
    "dated event after the horizon": (changed(("date = 2030-11-05", "date = 2080-11-05")), "events", "2080"),
    "event before the start": (changed(("date = 2030-11-05", "date = 2020-11-05")), "events", "2020"),
    "not a number": (changed(("sustain_cost = 0.03", "sustain_cost = nan")), "payoffs.sustain_cost", "nan"),
    "infinity": (changed(("sustain_cost = 0.03", "sustain_cost = inf")), "payoffs.sustain_cost", "inf"),
    "minus infinity in a range": (
        changed((PENALTY, "surge_penalty = {value = 0.1, low = -inf, high = 0.2}")),
        "payoffs.surge_penalty",
        "inf",
    ),
    "infinite horizon": (changed(("months = 120 ", "months = inf ")), "scenario.months", "inf"),
}
"""The file, the place that the fault must name, and what it must quote."""


@pytest.mark.parametrize("command", ["check", "run"])
@pytest.mark.parametrize(("text", "place", "quoted"), BAD.values(), ids=BAD)
def test_mistake_is_found_and_explained(
    text: str, place: str, quoted: str, command: str, capsys: pytest.CaptureFixture[str]
):
    Path("bad.toml").write_text(text, encoding="utf-8")
    said = refused(capsys, command, "bad.toml")
    assert place in said
    assert quoted in said
    for word in ("found", "rule", "why", "remedy"):
        assert f" {word} " in said


def test_all_mistakes_are_told_at_once(capsys: pytest.CaptureFixture[str]):
    text = changed(
        ("sustain_cost = 0.03", "sustain_cost = nan"),
        ("start = 0.4", "start = 0.42"),
        ("month = 18\n", "month = 500\n"),
        ('name = "soft_ceasefire"', 'name = "bare_ceasefire"'),
    )
    Path("bad.toml").write_text(text, encoding="utf-8")
    said = refused(capsys, "check", "bad.toml")
    for place in ("payoffs.sustain_cost", "stocks.territory.start", "bare_ceasefire", "500"):
        assert place in said


def test_cycle_of_names_is_told_whole(capsys: pytest.CaptureFixture[str]):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        Path(f"{name}.toml").write_text(f'[scenario]\nname = "{name}"\nbase = "{base}.toml"\n', encoding="utf-8")
    said = refused(capsys, "check", "a.toml")
    assert all(f"{name}.toml" in said for name in "abc")


def test_file_of_ten_megabytes_is_refused_unread(capsys: pytest.CaptureFixture[str]):
    Path("big.toml").write_text(TEXT + "# " + "x" * 10_000_000 + "\n", encoding="utf-8")
    assert "bytes" in refused(capsys, "run", "big.toml")


@pytest.mark.parametrize(
    "content", [TEXT.encode("utf-16"), TEXT.replace("Varn", "V\xe4rn").encode("latin-1"), b"PK\3\4"]
)
def test_what_is_no_toml_in_utf_8_is_refused(content: bytes, capsys: pytest.CaptureFixture[str]):
    Path("bad.toml").write_bytes(content)
    for command in ("check", "run"):
        assert "bad.toml" in refused(capsys, command, "bad.toml")


def test_directory_is_refused(capsys: pytest.CaptureFixture[str]):
    Path("folder.toml").mkdir()
    for command in ("check", "run", "claims"):
        assert "a directory" in refused(capsys, command, "folder.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="no such folders")
@pytest.mark.parametrize("out", ["file/report", "/proc/report", "/dev/null"])
def test_output_that_cannot_be_written_is_refused_before_solving(out: str, capsys: pytest.CaptureFixture[str]):
    """Under a plain file and in a file system without files: places where even root may not write."""
    Path("file").write_text("mine", encoding="utf-8")
    assert "was not written" in refused(capsys, "run", "starter", "--out", out)
    assert Path("file").read_text(encoding="utf-8") == "mine"
