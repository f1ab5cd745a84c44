"""The commands ``fit`` and ``forecast``: what they print and write, and what they refuse, writing nothing."""

from __future__ import annotations

import dataclasses
import json
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import outlast
from outlast.answers.job import CENTRE, Job
from outlast.cli import app
from outlast.ensemble import make_ensemble, making, open_ensemble
from outlast.ensemble.workers import Work
from outlast.learning import Plan, choices, learn, stored_draws, study
from outlast.record import read_record
from refusing import refused

DRAWS, MONTHS = 4, 9
WAR = '[scenario]\nbase = "starter"\nmonths = 24\nresolution = "coarse"\n'
HEADER = "date,actor,kind,content,value,low,high,confidence,source\n"
CAME = "2030-03-05,challenger,attend,,,,,0.9,press\n"
LATER = "2030-04-20,patron,posture,withhold,,,,0.7,press\n"
READ = "2030-05-28,challenger,reading,territory,0.41,0.39,0.43,0.9,press\n"
RECORD = HEADER + CAME + "2030-04-06,challenger,stay_away,,,,,0.9,press\n" + LATER + READ
BAD = {
    "empty": (HEADER, "no rows"),
    "out of order": (HEADER + LATER + CAME, "order"),
    "twice": (HEADER + CAME + CAME, "row 2"),
    "unknown actor": (HEADER + CAME.replace("challenger", "stranger"), "stranger"),
    "unknown package": (HEADER + "2030-03-07,defender,table,moon,,,,1,press\n", "moon"),
    "before the start": (HEADER + "2030-02-27,challenger,attend,,,,,1,press\n" + CAME, "month 0"),
    "beyond the calendar": (HEADER + CAME + "2039-03-05,challenger,attend,,,,,1,press\n", "24 months"),
    "off the axis": (HEADER + READ.replace("0.41,0.39,0.43", "1.2,,"), "1.2"),
    "no move of the game": (HEADER + "2030-03-05,defender,attend,,,,,1,press\n", "none of which"),
    "contradiction": (HEADER + CAME.replace("0.9", "1") + CAME.replace("0.9", "1").replace("attend", "stay_away")
                      .replace("03-05", "03-09"), "certain"),
    "renamed column": (RECORD.replace("confidence", "certainty"), "confidence"),
    "another table": ("a,b\n1,2\n", "another table"),
}  # fmt: skip


class Here:
    """One worker: this process."""

    def solved(self, work: Work, jobs):
        """Yield every job solved."""
        return (work.solve(job) for job in jobs)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a war, a record, and an ensemble that keeps choices."""
    here = tmp_path_factory.mktemp("fit")
    (here / "war.toml").write_text(WAR)
    (here / "record.csv").write_text(RECORD)
    with pytest.MonkeyPatch.context() as patch:
        # Nothing here asks what claims need: the centre alone will do.
        patch.setattr(making, "side_jobs", lambda *_: [Job(CENTRE, np.zeros(0), None, True)])
        make_ensemble(outlast.read(here / "war.toml"), draws=DRAWS, seed=3, out=here / "kept",
                      keep=partial(choices, months=MONTHS), workers=Here())  # fmt: skip
    return here


@pytest.fixture(autouse=True)
def in_own_folder(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("war.toml", "record.csv"):
        (tmp_path / name).write_text((folder / name).read_text())
    (tmp_path / "kept").symlink_to(folder / "kept")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.parametrize("command", ["fit", "forecast"])
@pytest.mark.parametrize(("content", "says"), BAD.values(), ids=BAD)
def test_a_bad_record_is_refused(command: str, content: str, says: str, capsys: pytest.CaptureFixture[str]):
    Path("bad.csv").write_text(content)
    assert says in refused(capsys, command, "war.toml", "bad.csv", "--draws", "2", "--out", "out")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["fit", "absent.toml", "record.csv"], "absent.toml"),
        (["fit", "war.toml", "absent.csv"], "absent.csv"),
        (["fit", "war.toml", "sheet.xlsx"], "sheet.xlsx"),
        (["fit", "war.toml", "record.csv", "--free", "moon.phase"], "moon.phase"),
        (["fit", "war.toml", "record.csv", "--free", "payoffs.cost_slope", "--ensemble", "kept"], "--free"),
        (["fit", "war.toml", "record.csv", "--ensemble", "absent"], "manifest.json"),
        (["fit", "starter", "record.csv", "--ensemble", "kept"], "months"),
        (["fit", "war.toml", "record.csv", "--draws", "1"], "--draws"),
        (["fit", "war.toml", "record.csv", "--out", "taken"], "--force"),
        (["fit", "war.toml", "record.csv", "--out", "no/folder"], "was not written"),
        (["forecast", "war.toml", "record.csv", "--months", "0"], "--months"),
        (["forecast", "war.toml", "record.csv", "--months", "60"], "24"),
        (["forecast", "war.toml", "record.csv", "--months", "12", "--ensemble", "kept"], "--keep-choices 15"),
        (["ensemble", "war.toml", "--keep-choices", "61"], "--keep-choices"),
    ],
)
def test_what_cannot_be_done_is_refused(words: list[str], says: str, capsys: pytest.CaptureFixture[str]):
    Path("sheet.xlsx").write_text(RECORD)
    Path("taken/tables").mkdir(parents=True)
    assert says in refused(capsys, *words)


def test_an_ensemble_without_choices_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    made = open_ensemble("kept")
    plain = dataclasses.replace(made, manifest=dataclasses.replace(made.manifest, keep=""))
    monkeypatch.setattr("outlast.ensemble.stored.named_ensemble", lambda scenario, folder: plain)
    assert "--keep-choices" in refused(capsys, "fit", "war.toml", "record.csv", "--ensemble", "kept")


def test_fit_prints_and_writes_what_the_record_says(capsys: pytest.CaptureFixture[str]):
    words = ["fit", "war.toml", "record.csv", "--ensemble", "kept", "--no-refresh"]
    assert app.run_program([*words, "--out", "fitted"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    for part in ("chance that the challenger is a staller", "effective", "Rows that moved it most", "Numbers that",
                 "Stocks at the end", "such a record"):  # fmt: skip
        assert part in text
    assert "too few for ranges, which take 16 effective draws" in text
    assert "nine draws of ten" not in text
    assert {path.stem for path in Path("fitted/tables").iterdir()} == {
        "index", "numbers", "stocks", "rows", "checks", "rungs"
    }  # fmt: skip
    page = Path("fitted/report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")
    assert app.run_program([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads(Path("fitted/answers.json").read_text(encoding="utf-8"))
    assert (told["made"]["ensemble"], told["made"]["first_draws"]) == ("kept", DRAWS)
    assert [row["month"] for row in told["tables"]["index"]] == [-1, 0, 1, 2]
    for table, columns in {"index": ("low", "high"), "numbers": ("q05", "q95"), "rows": ("moved_low",)}.items():
        assert all(row[column] is None for row in told["tables"][table] for column in columns), (
            "four draws have no ends"
        )
    assert all(row["q50"] is not None for row in told["tables"]["numbers"])


def test_stored_draws_say_what_draws_solved_now_would(folder: Path):
    """Also the second time, when what they said is remembered."""
    scenario = outlast.read("war.toml")
    record = read_record("record.csv", scenario=scenario)
    plan = Plan(draws=DRAWS, seed=3, renew=False)
    solved = learn(scenario, record, plan)
    for _ in range(2):
        stored = learn(scenario, record, plan, draws=stored_draws(outlast.ensemble.open_ensemble("kept"), scenario))
        for name, table in solved.tables.items():
            assert stored.tables[name].equals(table), name


def test_a_forecast_can_be_scored(capsys: pytest.CaptureFixture[str]):
    words = ["forecast", "war.toml", "record.csv", "--ensemble", "kept", "--no-refresh", "--months", "5"]
    assert app.run_program([*words, "--out", "ahead"]) == 0
    assert "ahead/tables/forecasts.csv" in capsys.readouterr().out
    said = pl.read_csv("ahead/tables/forecasts.csv", try_parse_dates=True)
    assert said["month"].n_unique() == 5
    assert set(said["question"]) == {"attend", "agreement", "attack", "collapse", "posture", "territory"}
    months = pl.read_parquet("ahead/tables/months.parquet")
    assert months.schema["attend_low"] == pl.Float64
    assert months["attend_low"].is_null().all()
    later = said.filter(question="agreement")["value"][1:].sum()
    assert later == pytest.approx(months["agreement"][-1] - months["agreement"][0], rel=0.05)  # few sign twice
    Path("later.csv").write_text(
        "month,question,outcome\n2030-05-01,attend,no\n2030-06-01,attend,yes\n2030-07-01,attend,no\n"
        "2030-06-01,posture,sustain\n2030-06-01,territory,0.41\n2030-06-01,agreement,no\n"
    )
    assert app.run_program(["score", "ahead/tables/forecasts.csv", "later.csv", "--json"]) == 0
    board = json.loads(capsys.readouterr().out)
    mine = [row for row in board["means"] if row["forecaster"] == "outlast"]
    assert {row["question"] for row in mine} == {"attend", "posture", "territory", "agreement"}


def test_collapsed_weights_are_renewed(monkeypatch: pytest.MonkeyPatch):
    """New draws are solved; how many were effective before and after is told."""
    monkeypatch.setattr(study, "ENOUGH", 1.01)
    scenario = outlast.read("war.toml")
    record = read_record("record.csv", scenario=scenario)
    plan = Plan(draws=3, seed=1, free=["stocks.endurance.start", "mechanisms.front.pace"])
    found = learn(scenario, record, plan)
    assert 1 <= found.made["effective_prior"] <= 3
    assert 1 <= found.made["effective"] <= 3
    assert found.made["rounds"] == found.tables["rungs"].height >= 1
    assert found.tables["rungs"]["power"][-1] == 1
