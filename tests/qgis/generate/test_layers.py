"""A generated region as layers: a group of levels, a preview, and what is finished so far."""

import time
from pathlib import Path

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import QObject
from toposcope.backend.protocol.jobs import RUNNING, SUCCESSFUL, JobState, Partial, ResultFile
from toposcope.plugin.generate.results import levels_of
from toposcope.plugin.gis.generated_layers import add_generated, link_partial, remove_preview, show_preview
from toposcope.plugin.gis.partial_layer import PartialLayer
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gis.synthetic import is_synthetic, mark_synthetic

from tests.qgis.conftest import write_raster


def names():
    return [node.name() for node in QgsProject.instance().layerTreeRoot().findLayers()]


def test_levels_stand_finest_first_and_alone_in_sight(tmp_path, qgis_new_project):
    files = [(scale, write_raster(tmp_path / f"g{scale}.tif", width=4 * scale)) for scale in (4, 64, 16)]
    group = add_generated(files, "Dubai ×64, seed 7", False, ["Seed: 7"])
    assert group.name() == "SYNTHETIC – Dubai ×64, seed 7"
    assert names() == ["SYNTHETIC – ×64", "SYNTHETIC – ×16", "SYNTHETIC – ×4"]
    assert [node.isVisible() for node in group.findLayers()] == [True, False, False]
    layers = [node.layer() for node in group.findLayers()]
    assert all(is_synthetic(layer) and "Seed: 7" in layer.metadata().abstract() for layer in layers)
    assert layers[0].renderer().redContrastEnhancement() is None


def test_holes_are_transparent(tmp_path, qgis_new_project):
    group = add_generated([(4, write_raster(tmp_path / "g.tif", bands=4))], "t", False, [])
    assert group.findLayers()[0].layer().renderer().alphaBand() == 4


def test_no_pixels_are_read_to_show_it(tmp_path, qgis_new_project):
    add_generated([(4, write_raster(tmp_path / "g.tif"))], "t", False, [])
    QgsProject.instance().clear()
    assert {path.name for path in tmp_path.iterdir()} == {"g.tif", "g.qml"}  # statistics would lie beside it


def test_a_file_that_cannot_be_read_leaves_no_group(tmp_path, qgis_new_project):
    with pytest.raises(Refused, match=r"g\.tif"):
        add_generated([(4, tmp_path / "g.tif")], "t", False, [])
    assert not QgsProject.instance().layerTreeRoot().children()


def test_there_is_one_preview_above_all_layers(tmp_path, layer):
    layer()
    for name in ("first", "second"):
        show_preview(write_raster(tmp_path / f"{name}.tif"), name, False, [])
    assert names() == ["SYNTHETIC – second", "image"]
    remove_preview()
    assert names() == ["image"]


def test_what_is_finished_follows_from_level_to_level(tmp_path, qgis_new_project):
    parent, link = QObject(), tmp_path / "scratch/so_far.vrt"
    link.parent.mkdir()
    partial = PartialLayer("So far", link, parent, mark_synthetic, lambda *paths: link_partial(*paths, False))

    def follow(path, done):
        partial.follow(JobState("job", "generate", RUNNING, "", partial=Partial(str(path), done, 2)))

    first, second = write_raster(tmp_path / "x4.tif", width=8), write_raster(tmp_path / "x16.tif", width=32)
    follow(first, 0)
    assert names() == []
    follow(first, 2)
    assert names() == ["SYNTHETIC – So far"]
    follow(second, 1)
    [layer] = QgsProject.instance().mapLayers().values()
    assert layer.width() == 32
    assert is_synthetic(layer)
    partial.remove()
    assert names() == []
    there = {path.name for path in tmp_path.iterdir()}
    assert there == {"x4.tif", "x16.tif", "scratch"}  # nothing is written into the backend's folder
    assert list(link.parent.iterdir()) == []


def test_files_say_which_level_they_are():
    def state(*files):
        return JobState("j", "generate", SUCCESSFUL, "", results=tuple(ResultFile(f, f, "", 0, "") for f in files))

    folder = Path("/made")
    assert levels_of(16, state("b.tif", "b_x4.tif", "b.run.json"), folder) == [
        (16, folder / "b.tif"),
        (4, folder / "b_x4.tif"),
    ]
    assert levels_of(4, state("town_x4.tif", "town_x4.run.json"), folder) == [(4, folder / "town_x4.tif")]


def test_what_takes_long_to_show_is_not_shown_at_every_piece(tmp_path, qgis_new_project):
    shown, parent = [], QObject()

    def slowly(path, _target):
        shown.append(path)
        until = time.thread_time() + 0.1
        while time.thread_time() < until:
            pass
        return path

    partial = PartialLayer("So far", tmp_path / "link.vrt", parent, make_link=slowly)
    files = [str(write_raster(tmp_path / name)) for name in ("x4.tif", "x16.tif")]
    for path, done in ((files[0], 1), (files[0], 2), (files[1], 1)):
        partial.follow(JobState("job", "generate", RUNNING, "", partial=Partial(path, done, 9)))
    assert [str(path) for path in shown] == files
    partial.remove()


def test_qgis_writes_nothing_beside_what_has_no_place(tmp_path, qgis_new_project):
    parent = QObject()
    (tmp_path / "theirs").mkdir()
    path = write_raster(tmp_path / "theirs/probability.tif", bands=1, epsg=None, origin=None)
    link = tmp_path / "so_far.vrt"
    partial = PartialLayer("So far", link, parent, make_link=lambda *paths: link_partial(*paths, True))
    partial.follow(JobState("j", "detect-change", RUNNING, "", partial=Partial(str(path), 1, 2)))
    [layer] = QgsProject.instance().mapLayers().values()
    assert layer.source() == str(link)
    assert (layer.extent().yMinimum(), layer.extent().yMaximum()) == (-48, 0)  # as QGIS shows the image itself
    partial.remove()
    assert [one.name for one in path.parent.iterdir()] == ["probability.tif"]
