"""Results in a folder of the user's."""

import shutil

import pytest
from qgis.core import QgsProject
from toposcope.plugin.client.result_name import inside
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.state import keeping
from toposcope.plugin.state.keeping import check_folder, keep

from tests.qgis.ground.test_results import answer_text

NAMES = ("answer.json", "best.tif")


@pytest.fixture
def found(tmp_path):
    made = tmp_path / "runs" / "job"
    made.mkdir(parents=True)
    for name in NAMES:
        (made / name).write_text(name)
    return made


def test_each_result_gets_a_folder_of_its_own(found, tmp_path):
    into = tmp_path / "maps"
    into.mkdir()
    other = shutil.copytree(found, tmp_path / "runs" / "other")
    title = "建筑; roof/../x: 5 in image.tif"
    first, second = keep(found, into, title), keep(other, into, title)
    assert first.parent == second.parent == into
    assert first != second
    assert sorted(path.name for path in first.iterdir()) == ["answer.json", "best.tif"]
    assert "建筑" in first.name
    assert not found.exists()
    assert sorted(into.iterdir()) == sorted([first, second])


def test_folders_within_a_result_move_with_it(found, tmp_path):
    (found / "pair_0001").mkdir()
    (found / "pair_0001" / "after.tif").write_text("after")
    into = tmp_path / "maps"
    into.mkdir()
    assert (keep(found, into, "pairs") / "pair_0001" / "after.tif").read_text() == "after"
    assert not found.exists()


@pytest.mark.parametrize("name", ["../up.tif", "/up.tif", "a/../../up.tif", "..\\up.tif", "C:\\up.tif", "a/up.tif"])
def test_a_name_from_elsewhere_stays_in_its_folder(tmp_path, name):
    assert tmp_path in tmp_path.joinpath(*inside(name)).resolve().parents
    assert inside("pair_0001/before.tif") == ("pair_0001", "before.tif")


def test_what_cannot_be_moved_whole_stays_where_it_was(found, tmp_path, monkeypatch):
    def copy(source, target):
        target.write(source.read(4))
        if source.name == str(found / "best.tif"):
            raise OSError("full")

    monkeypatch.setattr(keeping.shutil, "copyfileobj", copy)
    into = tmp_path / "maps"
    into.mkdir()
    with pytest.raises(Refused, match="maps"):
        keep(found, into, "roof")
    assert {path.name: path.read_text() for path in found.iterdir()} == {name: name for name in NAMES}
    assert list(into.iterdir()) == []


def test_what_a_move_that_was_cut_off_left_behind_is_not_taken_for_results(found, tmp_path):
    into = tmp_path / "maps"
    left = into / ".roof.part"
    left.mkdir(parents=True)
    (left / "answer.json").write_text("of another run")
    kept = keep(found, into, "roof")
    assert {path.name: path.read_text() for path in kept.iterdir()} == {name: name for name in NAMES}
    assert [path.name for path in left.iterdir()] == ["answer.json"]


def test_a_folder_that_takes_nothing_is_refused_before_anything_is_searched(tmp_path):
    check_folder(tmp_path)
    with pytest.raises(Refused, match="gone"):
        check_folder(tmp_path / "gone")


def test_a_project_moved_with_its_results_shows_its_answer(plugin, add_run, tmp_path, qtbot):
    widget = plugin.ground_page.results
    add_run("here/one")
    here, there = tmp_path / "here", tmp_path / "there"
    project = QgsProject.instance()
    assert project.write(str(here / "saved.qgz"))
    project.clear()
    qtbot.waitUntil(widget.isHidden)
    here.rename(there)
    assert project.read(str(there / "saved.qgz"))
    qtbot.waitUntil(lambda: "2 × roof" in answer_text(widget) and not widget.isHidden(), timeout=10_000)
