"""Files: found by name or path, refused with a reason, pointed at by line, and laid over their bases."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from outlast.scenario import ScenarioError, read
from outlast.scenario.locate import deepest_key, key_lines, line_of

from .samples import faults, only_fault, starter, starter_text, write

SYNTAX = {
    "name = \n": "Invalid value",
    "[scenario\n": "Expected",
    "a = 1\na = 2\n": "overwrite",
    "[scenario]\n[scenario]\n": "twice",
    'a = "never closed\n': "character",
    "d = 2026-02-30\n": "date",
    "a = " + "[" * 5000: "nested",
    "a = " + "9" * 5000: "integer string conversion",
    "x = True\n": "Invalid value",
}


def test_scenario_is_found_by_shipped_name_and_by_path(tmp_path: Path):
    path = write(tmp_path / "mine.toml", starter_text())
    assert read(path) == read(str(path)) == read("starter")


def test_file_beside_can_be_named_like_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write(tmp_path / "starter", starter_text().replace("Varn", "Warn"))
    monkeypatch.chdir(tmp_path)
    assert read("starter").parties.challenger == "Varn"
    assert read("./starter").parties.challenger == "Warn"


def test_byte_order_mark_and_windows_line_ends_are_read(tmp_path: Path):
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbf" + starter_text().replace("\n", "\r\n").encode())
    assert read(path) == starter()


def test_missing_file_is_explained_with_a_near_name(tmp_path: Path):
    assert only_fault("stater").suggestion == "starter"
    write(tmp_path / "korea.toml", "")
    assert only_fault(tmp_path / "kore.toml").suggestion == str(tmp_path / "korea.toml")
    assert only_fault(tmp_path / "korea.toml" / "x.toml").remedy


@pytest.mark.parametrize("source", ["", ".", "no\0name", "x" * 5000, "/dev/null"])
def test_what_is_no_file_is_explained(source: str):
    only_fault(source)


def test_directory_is_explained(tmp_path: Path):
    assert "directory" in only_fault(tmp_path).found


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="every file can be read")
def test_file_that_may_not_be_read_is_explained(tmp_path: Path):
    path = write(tmp_path / "locked.toml", starter_text())
    path.chmod(0)
    assert "cannot be read" in only_fault(path).found


def test_file_too_large_is_explained(tmp_path: Path):
    path = tmp_path / "large.toml"
    path.write_bytes(b"#" * 5_000_001)
    assert "5,000,001 bytes" in only_fault(path).found


def test_text_that_is_not_utf8_is_explained_with_its_line(tmp_path: Path):
    path = tmp_path / "latin.toml"
    path.write_bytes(b'[scenario]\nname = "x"\ntitle = "caf\xe9"\n')
    fault = only_fault(path)
    assert fault.place.line == 3
    assert "0xe9" in fault.found
    path.write_bytes(starter_text().encode("utf-16"))
    assert "UTF-8" in only_fault(path).remedy


@pytest.mark.parametrize(("text", "word"), SYNTAX.items(), ids=range(len(SYNTAX)))
def test_text_that_is_not_toml_is_explained(tmp_path: Path, text: str, word: str):
    fault = only_fault(write(tmp_path / "bad.toml", text))
    assert word in fault.found
    assert "TOML" in fault.rule


def test_fault_points_at_its_line(tmp_path: Path):
    text = starter_text().replace("pace = {value = 0.015", "pace = {value = 0.9").replace('"levy", rate', '"levy", rat')
    lines = text.splitlines()
    path = write(tmp_path / "bad.toml", text)
    for fault in faults(path):
        assert fault.place.file == str(path)
        assert fault.place.line is not None
        assert fault.place.path.rsplit(".", 1)[-1][:3] in lines[fault.place.line - 1]


def test_faults_are_in_file_order(tmp_path: Path):
    text = starter_text().replace("0.4\n", "0.41\n", 1).replace("challenger = 0.3", "challenger = 0.9")
    places = [fault.place.line for fault in faults(write(tmp_path / "bad.toml", text))]
    assert places == sorted(places, key=lambda line: line or 0)


def test_misspelt_key_is_one_fault(tmp_path: Path):
    path = write(tmp_path / "bad.toml", starter_text().replace("[mechanisms.patience]", "[mechanisms.patiense]"))
    fault = only_fault(path)
    assert fault.found == "no such key `patiense`; did you mean `patience`?"
    assert fault.suggestion == "patience"
    assert fault.place.line is not None


def test_tables_nested_too_deep_are_explained(tmp_path: Path):
    deep = ".".join("a" * 3000)
    faults(write(tmp_path / "deep.toml", f"{deep} = 1\n"))


class TestBase:
    HEAD = '[scenario]\nbase = "{base}"\nname = "mine"\n'

    def test_file_says_only_what_differs(self, tmp_path: Path):
        text = self.HEAD.format(base="starter") + (
            "[mechanisms.patience]\ndrift = 0.05\n"
            "[mechanisms.aspiration]\naudience_cost = {staller = 0.9}\n"
            "[mechanisms.front]\nenabled = false\npace = {low = 0.01, high = 0.02}\n"
            '[[packages]]\nname = "armed_peace"\nsanctions_relief = "none"\n'
            '[[packages]]\nname = "extra"\ntitle = "Extra"\nline = "current"\nguarantee = "soft"\n'
            'alliances = "open"\ndemilitarised = false\nsanctions_relief = "none"\n'
            '[[events]]\nname = "aid law lapses"\nmonth = 20\nshock = {stock = "forces", change = 0.1, chance = 1}\n'
        )
        scenario = read(write(tmp_path / "mine.toml", text))
        numbers = scenario.numbers()
        assert scenario.name == "mine"
        assert scenario.title == starter().title
        assert numbers["mechanisms.patience.drift"].low is None
        assert numbers["mechanisms.aspiration.audience_cost.settler"].value == 0.2
        assert numbers["mechanisms.aspiration.audience_cost.staller"].value == 0.9
        assert numbers["mechanisms.front.pace"].value == 0.015
        assert numbers["mechanisms.front.pace"].high == 0.02
        assert not scenario.mechanisms.front.enabled
        names = [package.name for package in scenario.packages]
        assert names == [*(package.name for package in starter().packages), "extra"]
        relief = {package.name: package.sanctions_relief for package in scenario.packages}
        assert relief["armed_peace"] == "none"
        assert scenario.events[1].set is None

    def test_levels_are_replaced(self, tmp_path: Path):
        text = self.HEAD.format(base="starter") + "[stocks.patience.levels]\ngone = 0.0\nhalf = 0.75\nfull = 1.0\n"
        assert list(read(write(tmp_path / "mine.toml", text)).stocks.patience.levels) == ["gone", "half", "full"]

    def test_plain_number_of_the_base_takes_a_range(self, tmp_path: Path):
        text = self.HEAD.format(base="starter") + "[mechanisms.patience]\nrally = {low = 0.1, high = 0.3}\n"
        rally = read(write(tmp_path / "mine.toml", text)).mechanisms.patience.rally
        assert (rally.low, rally.value, rally.high) == (0.1, 0.2, 0.3)

    def test_base_is_found_beside_the_file_and_may_have_a_base(self, tmp_path: Path):
        (tmp_path / "deep").mkdir()
        write(tmp_path / "first.toml", self.HEAD.format(base="starter") + "[belief]\nstaller = 0.3\n")
        write(tmp_path / "second.toml", self.HEAD.format(base="first.toml") + "[payoffs]\nsovereignty = 2.0\n")
        third = write(tmp_path / "deep" / "third.toml", self.HEAD.format(base="../second.toml"))
        scenario = read(third)
        assert scenario.belief.staller.value == 0.3
        assert scenario.payoffs.sovereignty.value == 2.0

    def test_fault_is_placed_in_the_file_that_says_it(self, tmp_path: Path):
        write(tmp_path / "first.toml", self.HEAD.format(base="starter") + "[belief]\nstaller = 3\n")
        second = write(tmp_path / "second.toml", self.HEAD.format(base="first.toml") + "[payoffs]\nsovereignty = -2\n")
        places = {fault.place.path: fault.place for fault in faults(second)}
        assert Path(places["belief.staller"].file).name == "first.toml"
        assert Path(places["payoffs.sovereignty"].file).name == "second.toml"
        assert places["belief.staller"].line == 5

    def test_circle_is_explained(self, tmp_path: Path):
        write(tmp_path / "a.toml", self.HEAD.format(base="b.toml"))
        write(tmp_path / "b.toml", self.HEAD.format(base="c.toml"))
        write(tmp_path / "c.toml", self.HEAD.format(base="./a.toml"))
        fault = only_fault(tmp_path / "a.toml")
        assert fault.found.count("->") == 3
        assert fault.place.path == "scenario.base"
        assert fault.place.line == 2
        own = write(tmp_path / "own.toml", self.HEAD.format(base="own.toml"))
        assert "circle" in only_fault(own).rule

    @pytest.mark.parametrize("base", ['"stater"', "3", '""', '"."', "[1]"])
    def test_base_that_cannot_be_read_is_explained_at_the_key(self, tmp_path: Path, base: str):
        fault = only_fault(write(tmp_path / "mine.toml", f'[scenario]\nname = "mine"\nbase = {base}\n'))
        assert fault.place.path == "scenario.base"
        assert fault.place.line == 3

    def test_base_that_is_not_toml_is_named(self, tmp_path: Path):
        write(tmp_path / "first.toml", "[[[")
        fault = only_fault(write(tmp_path / "second.toml", self.HEAD.format(base="first.toml")))
        assert Path(fault.place.file).name == "first.toml"

    def test_names_used_twice_are_still_found(self, tmp_path: Path):
        package = '[[packages]]\nname = "armed_peace"\ntitle = "{}"\n'
        text = self.HEAD.format(base="starter") + package.format("One") + package.format("Two")
        assert any("same name" in fault.rule for fault in faults(write(tmp_path / "mine.toml", text)))


class TestLines:
    TEXT = """
a = 1
[t]
b.c = 2          # [not] a table
"d e" = "text with [brackets] and # signs"
long = '''
x = 3
[no.table]
'''
list = [
    {name = "one", n = 1},   # first ]
    {name = "two", n = 2},
]
after = 5

[[many]]
name = "first"
[many.inner]
f = 1
[[many]]
name = "second"
[many.inner]
f = 2
"""

    @pytest.mark.parametrize(
        ("location", "line"),
        [
            (("a",), 2),
            (("t",), 3),
            (("t", "b", "c"), 4),
            (("t", "d e"), 5),
            (("t", "long"), 6),
            (("t", "list", 0), 11),
            (("t", "list", 1, "n"), 12),
            (("t", "after"), 14),
            (("many", 0, "name"), 17),
            (("many", 0, "inner", "f"), 19),
            (("many", 1), 20),
            (("many", 1, "inner", "f"), 23),
            (("t", "absent"), 3),
            (("absent",), None),
        ],
    )
    def test_line_of_a_key(self, location: tuple[str | int, ...], line: int | None):
        assert line_of(key_lines(self.TEXT), location) == line

    def test_text_inside_long_strings_is_no_key(self):
        assert ("x",) not in key_lines(self.TEXT)
        assert ("no", "table") not in key_lines(self.TEXT)


DEEP = ".".join(["a"] * 5000)


@pytest.mark.parametrize(
    "text",
    [
        f"{DEEP} = 1\n",
        f"[{DEEP}]\nx = 1\n",
        f"x = {{ {DEEP} = 1 }}\n",
        f"x = [{{ {DEEP} = 1 }}]\n",
        ".".join(['"a b"'] * 5000) + " = 1\n",
        " . ".join(["'a'"] * 21) + " = 1\n",
    ],
    ids=["key", "header", "inline", "in a list", "quoted", "spaced"],
)
def test_a_key_of_very_many_parts_is_refused_at_its_line(text: str, tmp_path: Path):
    fault = only_fault(write(tmp_path / "deep.toml", "# a.comment\n" + text))
    assert "parts" in fault.found
    assert fault.place.line == 2


@pytest.mark.parametrize("text", [f'x = "{DEEP}"\n', f"# {DEEP}\n", f'x = """\n{DEEP} = 1\n"""\n', f"x = '{DEEP}'\n"])
def test_dots_in_texts_and_comments_are_no_keys(text: str):
    assert deepest_key(text)[0] <= 1


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize("head", ["{key} = 1\n", "[{key}]\nx = 1\n", "[stocks.{key}]\nx = 1\n", "[packages.{key}]\n"])
def test_a_message_is_of_bounded_length_whatever_a_key_is(head: str, quote: str, tmp_path: Path):
    key = quote + "k" * 100_000 + quote
    refused = faults(write(tmp_path / "long.toml", starter_text() + head.format(key=key)))
    assert all(len(str(fault)) < 4000 for fault in refused)


def test_a_key_with_signs_that_cannot_be_shown_is_told_in_escapes(tmp_path: Path):
    (fault,) = faults(write(tmp_path / "odd.toml", '"\\u001b[31m\\n" = 1\n' + starter_text()))
    assert str(fault.place).endswith(r"\x1b[31m\n")
    assert "\x1b" not in str(fault)


def test_very_many_faults_are_counted(tmp_path: Path):
    text = "".join(f"key{number} = 1\n" for number in range(1000)) + starter_text()
    with pytest.raises(ScenarioError) as caught:
        read(write(tmp_path / "many.toml", text))
    assert len(caught.value.faults) == 1000
    assert "and 900 more" in str(caught.value)
    assert len(str(caught.value)) < 100_000
