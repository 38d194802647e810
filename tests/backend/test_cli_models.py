import json

import pytest

from backend.__main__ import main
from backend.models import weights
from backend.models.catalog import BUILT_IN


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def given(tmp_path):
    """A folder that holds the two files of a model whose large file the catalogue does not know."""
    (tmp_path / "given").mkdir()
    for file in BUILT_IN.get("sam-hq-vit-base").weights.files:
        (tmp_path / "given" / file.name).write_bytes(b"{}")
    return tmp_path / "given"


@pytest.fixture
def unpinned(monkeypatch):
    monkeypatch.setattr(weights, "known_files", lambda spec: ())


def answer(capsys):
    return json.loads(capsys.readouterr().out)


def test_list_shows_every_model(home, capsys):
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [spec.id for spec in BUILT_IN]
    assert "ships" in lines[0]
    assert main(["models", "list", "--json"]) == 0
    assert len(answer(capsys)["models"]) == len(BUILT_IN)


def test_import_verify_remove(home, given, unpinned, capsys):
    assert main(["models", "import", "sam-hq-vit-base", str(given), "--json"]) == 0
    imported = answer(capsys)
    assert imported["size"] == 4
    assert "recorded" in imported["notice"]
    assert main(["models", "list"]) == 0
    assert "installed" in capsys.readouterr().out
    assert main(["models", "verify"]) == 0
    assert "sam-hq-vit-base" in capsys.readouterr().out
    (home / "models" / "sam-hq-vit-base" / "model.safetensors").write_bytes(b"[]")
    assert main(["models", "verify", "sam-hq-vit-base"]) == 1
    assert "sha256" in capsys.readouterr().err
    assert main(["models", "remove", "sam-hq-vit-base"]) == 0
    assert not (home / "models" / "sam-hq-vit-base").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["pull", "sam2-tiny"], 2, "sam2.1-tiny"),
        (["pull", "classic"], 1, "ships"),
        (["pull", "sam2.1-tiny", "--revision", "main"], 2, "pinned"),
        (["import", "sam2.1-tiny", "nowhere.safetensors"], 2, "no file or folder"),
        (["verify", "sam2.1-tiny"], 1, "models pull sam2.1-tiny"),
        (["pull", "geoembed"], 1, "is not on the hub; take it from a file with `models import geoembed PATH`"),
        (["verify", "geoembed"], 1, "or with `models import geoembed PATH`"),
        (["remove", "sam2.1-tiny"], 1, "not installed"),
        (["export", "classic"], 1, "ships"),
    ],
)
def test_what_cannot_be_done_is_one_line(home, capsys, words, code, said):
    assert main(["models", *words]) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert len(printed.err.splitlines()) == 1
    assert not printed.out
