"""A stored file that is not as it was written is named, never believed and never a traceback; it is solved again."""

from __future__ import annotations

import json
import logging
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from outlast.ensemble import EnsembleFault, make_ensemble, making, open_ensemble
from outlast.ensemble.fault import EnsembleDamaged
from outlast.ensemble.influence import NAME, SCHEMA, stored_influence
from outlast.ensemble.manifest import Manifest
from outlast.files.sealed import sealed, table_bytes

from .pretend import CONTRASTS, Pretenders, in_small_batches, keep_nothing, war

DRAWS = 12


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch):
    """Eight draws in a file, and no compilation."""
    monkeypatch.setattr(Manifest, "__init__", in_small_batches())
    monkeypatch.setattr(making, "CONTRASTS", CONTRASTS)
    monkeypatch.setattr(making, "compile", lambda *_, **__: "game")


def make(folder: Path, workers: Pretenders | None = None) -> Pretenders:
    crew = workers or Pretenders(kept=True)
    make_ensemble(war(), draws=DRAWS, out=folder, keep=keep_nothing, workers=crew)
    return crew


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished ensemble, with an influence table such as `outlast influence` stores."""
    folder = tmp_path_factory.mktemp("damage") / "whole"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__init__", in_small_batches())
        patch.setattr(making, "CONTRASTS", CONTRASTS)
        patch.setattr(making, "compile", lambda *_, **__: "game")
        make(folder)
        label = open_ensemble(folder).manifest.label(NAME)
    (folder / NAME).write_bytes(sealed(table_bytes(pl.DataFrame(schema=SCHEMA)), label))
    return folder


@pytest.fixture(scope="module")
def halted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ensemble that was killed behind its first solves: all that it has is pending."""
    folder = tmp_path_factory.mktemp("damage") / "halted"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Manifest, "__init__", in_small_batches())
        patch.setattr(making, "CONTRASTS", CONTRASTS)
        patch.setattr(making, "compile", lambda *_, **__: "game")
        with pytest.raises(KeyboardInterrupt):
            make(folder, Pretenders(kept=True, stop_after=6))
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def read_all(folder: Path) -> None:
    """Read everything that an ensemble holds."""
    made = open_ensemble(folder)
    assert made.complete
    made.answers(), made.numbers, made.claims
    for draw in made.certificates.filter(pl.col("error").fill_null("") == "")["draw"]:
        made.kept(draw)


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def emptied(content: bytes) -> bytes:
    return b""


def flipped(content: bytes) -> bytes:
    place = random.Random(len(content)).randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def as_list(content: bytes) -> bytes:
    return b"[1]"


@pytest.mark.parametrize("damage", [halved, emptied, flipped, as_list])
@pytest.mark.parametrize(
    "name",
    ["manifest.json", "centre.json", "draws/0000000.parquet", "draws/0000008.parquet", "kept/0000008/0000009.npz"],
)
def test_a_damaged_file_is_named_and_solved_again(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str, damage: Callable[[bytes], bytes]
):
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    (folder / name).write_bytes(damage((whole / name).read_bytes()))
    with pytest.raises(EnsembleDamaged, match=name):
        read_all(folder)
    with caplog.at_level(logging.WARNING):
        workers = make(folder)
    assert name in caplog.text
    assert contents(folder) == contents(whole)
    read_all(folder)
    solved = [draw for draw, off in workers.done if off is None and draw >= 0]
    expected = {"draws/0000000.parquet": 8, "draws/0000008.parquet": 4, "kept/0000008/0000009.npz": 1}
    assert len(solved) == expected.get(name, 2 if name == "centre.json" else 0)


@pytest.mark.parametrize("damage", [halved, emptied, flipped, as_list])
def test_a_damaged_file_of_a_begun_ensemble_is_named_and_solved_again(
    whole: Path, halted: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: Callable[[bytes], bytes]
):
    names = [name for name in contents(halted) if name != "manifest.json"]
    assert {name.partition("/")[0] for name in names} == {"pending", "side", "kept"}
    for number, name in enumerate(names):
        folder = tmp_path / f"{number}"
        shutil.copytree(halted, folder)
        (folder / name).write_bytes(damage((halted / name).read_bytes()))
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            make(folder)
        assert name in caplog.text
        assert contents(folder) == {n: c for n, c in contents(whole).items() if n != NAME}


def test_every_flip_and_every_cut_is_seen(whole: Path, tmp_path: Path):
    """Random bytes of every stored file: reading them is refused in words, whatever they become."""
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    chance, tried = random.Random(7), 0
    names = sorted(name for name in contents(whole) if name != NAME)
    for name in [*names[:3], *names[-3:]] * 40:
        path, plain = folder / name, (whole / name).read_bytes()
        content = bytearray(plain)
        if chance.random() < 0.2:
            content = content[: chance.randrange(len(content))]
        else:
            for _ in range(chance.choice([1, 1, 1, 2, 8])):
                content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        if bytes(content) == plain:
            continue
        path.write_bytes(bytes(content))
        with pytest.raises(EnsembleDamaged, match=name):
            read_all(folder)
        path.write_bytes(plain)
        tried += 1
    assert tried > 200
    read_all(folder)


def test_a_file_of_another_place_or_ensemble_is_not_believed(whole: Path, tmp_path: Path):
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    shutil.copy(whole / "draws/0000000.parquet", folder / "draws/0000008.parquet")
    with pytest.raises(EnsembleDamaged, match="0000008"):
        read_all(folder)
    other = tmp_path / "other"
    make_ensemble(war(), draws=DRAWS, seed=2, out=other, keep=keep_nothing, workers=Pretenders(kept=True))
    shutil.copy(other / "draws/0000008.parquet", folder / "draws/0000008.parquet")
    with pytest.raises(EnsembleDamaged, match="0000008"):
        read_all(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"draws": "24"}, {"draws": 24.5}, {"draws": True}, {"draws": -1}, {"paths": "a"}, {"paths": [1]},
        {"versions": []}, {"batch": 0}, {"seed": None}, {"name": 3}, {"more": 1}, {"format": "outlast ensemble 9"},
    ],
)  # fmt: skip
def test_types_of_the_manifest_are_checked_even_where_the_checksum_is_right(whole: Path, tmp_path: Path, change: dict):
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    content = json.loads((folder / "manifest.json").read_bytes()) | change
    content.pop("seal")
    text = json.dumps({**content, "seal": "outlast-seal:" + "0" * 64}).encode()
    (folder / "manifest.json").write_bytes(sealed(text, "manifest.json"))
    with pytest.raises(EnsembleDamaged, match=r"manifest\.json"):
        open_ensemble(folder)


def test_a_manifest_alone_that_is_damaged_is_refused(whole: Path, tmp_path: Path):
    """Nothing else says whose it is: it could be anybody's file of that name."""
    (tmp_path / "manifest.json").write_text('{"short_name": "app"}')
    with pytest.raises(EnsembleFault, match="format"):
        make(tmp_path)
    assert contents(tmp_path) == {"manifest.json": b'{"short_name": "app"}'}


def test_an_ensemble_of_something_else_with_a_damaged_manifest_is_left_alone(whole: Path, tmp_path: Path):
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    (folder / "manifest.json").write_bytes(b"{")
    before = contents(folder)
    with pytest.raises(EnsembleDamaged):
        make_ensemble(war(), draws=DRAWS, seed=2, out=folder, keep=keep_nothing, workers=Pretenders(kept=True))
    assert contents(folder) == before


def test_damaged_influence_is_named_and_not_believed(whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture):
    folder = tmp_path / "e"
    shutil.copytree(whole, folder)
    ensemble = open_ensemble(folder)
    assert stored_influence(ensemble, estimate=False) is not None
    (folder / NAME).write_bytes(flipped((folder / NAME).read_bytes()))
    with caplog.at_level(logging.WARNING):
        assert stored_influence(ensemble, estimate=False) is None
    assert NAME in caplog.text


def test_kept_arrays_are_ordinary_files(whole: Path):
    with np.load(whole / "kept/0000000/0000000.npz") as arrays:
        assert set(arrays.files) == {"values", "twice"}
    assert pl.read_parquet(whole / "draws/0000000.parquet").height == 8
