"""What tells of a file is never replaced by another's: one name beside a folder's results is one result's."""

import json

import pytest
import rasterio

from backend.__main__ import main
from tests.backend import fields

LOCATED = ("locate", "--model", "harmonics", "--degrees", 4)
AREA = (*LOCATED, "--extent", "0,40,16,50", "--step", 0.5)
POINT = ("--point", "3,45")


@pytest.fixture
def work(tmp_path, monkeypatch):
    """Embeddings `e.tif` with all that lies beside them, and places."""
    monkeypatch.setenv("TOPOSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.csv").write_text("lon,lat,warmth\n" + "\n".join(f"{x},{y},{y}" for x in range(8) for y in range(8)))
    shown = [{"id": "south", "points": [[3, 3]]}, {"id": "north", "points": [[3, 15]]}]
    (tmp_path / "s.jsonl").write_text("\n".join(map(json.dumps, shown)))
    assert main([*map(str, AREA), "--out", "e.tif"]) == 0
    return tmp_path


def run(capsys, *words):
    capsys.readouterr()
    code = main([*map(str, words), "--json"])
    return code, capsys.readouterr().err.strip()


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


PLACES = ("--points", "p.csv", "--lon", "lon", "--lat", "lat")
OTHERS = {
    "search": ("search", "e.tif", *POINT, "--out", "e.gpkg"),
    "search, places beside": ("search", "e.tif", *POINT, "--out", "s.tif", "--places", "e.gpkg"),
    "cluster": ("cluster", "e.tif", "--clusters", 2, "--out", "e.tiff"),
    "fewshot": ("fewshot", "e.tif", "--prompts", "s.jsonl", "--pixel", "--out", "e.TIFF"),
    "compare": ("compare", "e.tif", "e.tif", "--out", "e.tiff"),
    "locate": (*LOCATED, *PLACES, "--out", "e.parquet"),
    "predict": (*LOCATED, *PLACES, "--predict", "warmth", "--at", "p.csv", "--out", "e.gpkg"),
    "segment": ("segment", "e.tif", "--point", "3,45", "--model", "classic", "--bands", "1,2,3", "--out", "e.gpkg"),
    "ground": ("ground", "e.tif", "--text", "house", "--bands", "1,2,3", "--out", "e.gpkg"),
    "compress": ("compress", "v.parquet", "--with", "c", "--out", "e.parquet"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_what_tells_of_embeddings_is_not_replaced(work, capsys, case):
    before = files(work)
    code, said = run(capsys, *OTHERS[case])
    out = str(OTHERS[case][-1])
    assert (code, said) == (2, f"'e.run.json' tells of another file than {out!r}; choose another name.")
    assert files(work) == before


def test_a_result_of_another_task_is_kept(work, capsys):
    (work / "g.run.json").write_text(json.dumps({"task": "detect-change", "outputs": [{"name": "g.tif"}]}))
    before = files(work)
    code, said = run(capsys, "generate", "e.tif", "--bands", "1,2,3", "--out", "g.tif")
    assert (code, said) == (2, "'g.tif' is a result of 'detect-change'; choose another name.")
    assert files(work) == before


def test_a_record_that_none_can_read_is_kept(work, capsys):
    (work / "g.run.json").write_text("notes of mine")
    assert run(capsys, "cluster", "e.tif", "--clusters", 2, "--out", "g.tif")[0] == 2
    assert (work / "g.run.json").read_text() == "notes of mine"


def test_an_item_alone_is_kept(work, capsys):
    (work / "e.run.json").unlink()
    code, said = run(capsys, *OTHERS["locate"])
    assert (code, said) == (2, "'e.item.json' tells of another file than 'e.parquet'; choose another name.")


def test_what_is_made_again_replaces_its_own(work, capsys):
    for _ in range(2):
        assert run(capsys, *AREA, "--out", "e.tif") == (0, "")
        assert run(capsys, *LOCATED, *PLACES, "--out", "väg 1.parquet") == (0, "")
        assert run(capsys, "search", "e.tif", *POINT, "--out", "s.tif", "--places", "p.gpkg") == (0, "")
        assert run(capsys, "cluster", "e.tif", "--clusters", 2, "--out", "g.tif") == (0, "")


def test_a_record_is_not_asked_for_as_a_result(work, capsys):
    words = ("fewshot", "e.tif", "--prompts", "s.jsonl", "--pixel", "--out", "c.tif", "--save", "c.run.json")
    code, said = run(capsys, *words)
    assert (code, said) == (2, "'c.run.json' is asked for twice; give each result a name of its own.")


@pytest.mark.parametrize("ending", ["TIF", "tiff", "TIFF"])
def test_rasters_may_end_in_tiff_in_any_case(work, capsys, ending):
    fields.write_field("a.tif", fields.vectors())
    where = "300105,2799895"
    assert run(capsys, "cluster", "a.tif", "--clusters", 2, "--out", f"g.{ending}") == (0, "")
    assert run(capsys, "compare", "a.tif", "a.tif", "--out", f"c.{ending}") == (0, "")
    assert run(capsys, "search", "a.tif", "--point", where, "--out", f"s.{ending}") == (0, "")
    assert run(capsys, *AREA, "--out", f"l.{ending}") == (0, "")
    words = ("--prompts", "s.jsonl", "--pixel", "--confidence", f"k.{ending}")
    assert run(capsys, "fewshot", "a.tif", *words, "--out", f"f.{ending}")[0] == 0
    for name in "gcslfk":
        with rasterio.open(f"{name}.{ending}") as found:
            assert found.driver == "GTiff"


@pytest.mark.parametrize("task", ["cluster", "compare", "fewshot"])
def test_other_endings_are_refused_alike(work, capsys, task):
    words = {"cluster": ("e.tif",), "compare": ("e.tif", "e.tif"), "fewshot": ("e.tif", "--prompts", "s.jsonl")}[task]
    code, said = run(capsys, task, *words, "--out", "g.png")
    assert (code, said) == (2, "'g.png' cannot be written: give the file a name that ends in .tif.")
