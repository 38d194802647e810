"""`change` as a user calls it, with the painter that ships."""

import json

import numpy as np
import pytest

from backend.__main__ import main
from tests.backend.tasks.change import scenes


@pytest.fixture
def work(tmp_path, monkeypatch):
    """A picture and its labels, 0.5 m; twice as large as a window of the painter is."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    classes = np.tile(scenes.labels(), (2, 2))[:300, :330]
    scenes.write(tmp_path / "i.tif", scenes.picture(classes))
    scenes.write(tmp_path / "l.tif", classes)
    return tmp_path


NAMED = ("--classes", scenes.CLASSES)
HOUSES = (*NAMED, "--class", "house")


def run(capsys, *words):
    code = main([*map(str, ("change", "i.tif", "--labels", "l.tif", *words)), "--json"])
    printed = capsys.readouterr()
    return json.loads(printed.out) if code == 0 else (code, printed.err.strip())


def test_a_pair(work, capsys):
    answer = run(
        capsys, *NAMED, "--class", "house", "--event", "remove", "--most", 3, "--steps", 2, "--seed", 1, "--out", "d"
    )
    assert (answer["pairs"], answer["model"], answer["notices"]) == (1, "mini-painter", [])
    before, after, change = (scenes.read(work / "d" / f"{name}.tif") for name in ("before", "after", "change"))
    assert (before == scenes.read(work / "i.tif")).all()
    assert (before[:, change == 0] == after[:, change == 0]).all()
    assert (before[:, change == 1] != after[:, change == 1]).any(axis=0).mean() > 0.9
    assert not list(work.glob(".*"))


def test_a_data_set_of_squares(work, capsys):
    words = ("--event", "swap", "--share", 0.5, "--count", 3, "--side", 96, "--steps", 2, "--out", "d")
    answer = run(capsys, *NAMED, *words)
    assert answer["pairs"] == 3
    assert (work / "d" / "catalog.json").is_file()
    assert answer["catalog"] == str(work / "d" / "catalog.json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*NAMED, "--out", "d"), "Say of which class objects come or go: class, such as building."),
        ((*HOUSES, "--out", "none/d"), "The folder for 'd' does not exist; create it or choose another."),
        ((*HOUSES, "--model", "classic", "--out", "d"), "Classic (no training) paints no changes; use"),
        ((*HOUSES, "--most", 0, "--out", "d"), "most"),
        (("--class", "house", "--out", "d"), "'l.tif' does not say what its values mean; name them: classes, such as"),
    ],
)  # fmt: skip
def test_mistakes(work, capsys, words, said):
    code, told = run(capsys, *words)
    assert (code, "\n" in told) == (2, False)
    assert said in told
    assert not (work / "d").exists()


def test_the_autoencoder_is_no_painter(work, capsys):
    code, told = run(capsys, *NAMED, "--class", "house", "--model", "sd-vae", "--out", "d")
    assert code == 2
    assert told == (
        "Stable Diffusion autoencoder paints no changes; use one of mini-painter, changen2-oem, changen2-xview2."
    )


def test_weights_that_are_not_there(work, capsys):
    code, told = run(capsys, *NAMED, "--class", "house", "--model", "changen2-oem", "--out", "d")
    assert code == 1
    assert "import" in told


def test_help_says_units(capsys):
    with pytest.raises(SystemExit):
        main(["change", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "(default: 0.0 m)" in said
    assert "(default: 0 px)" in said
