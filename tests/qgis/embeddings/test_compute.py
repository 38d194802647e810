"""From the button to vectors, their picture in the project and what the page says of them."""

import dataclasses

import pytest
from qgis.core import QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton
from toposcope.plugin.gis import embedding_layers as layers
from toposcope.plugin.settings import EMBED

from tests.qgis.embeddings.conftest import show
from tests.qgis.embeddings.scene import SIZE, write_image


def status(plugin):
    return plugin.embeddings_page.findChild(QLabel, "embedStatus").text()


def choose(page, name, value):
    combo = page.findChild(QComboBox, name)
    combo.setCurrentIndex(combo.findData(value))


def test_blocks_become_vectors_with_a_picture_that_remembers_them(plugin, compute, qtbot):
    path = compute()
    [group] = [g for g in QgsProject.instance().layerTreeRoot().findGroups() if g.customProperty(layers.VECTORS)]
    assert group.name() == "Embeddings – image"
    assert layers.vectors_of(group) == path
    picture = group.findLayers()[0].layer()
    assert picture.customProperty(layers.VECTORS) == str(path)
    assert picture.bandCount() in (3, 4)
    assert "mini" in picture.metadata().abstract()
    info = plugin.embeddings.opened.link.info
    assert (info.model, info.width, info.columns) == ("mini", 64, SIZE // 4)
    about = plugin.embeddings_page.findChild(QLabel, "embeddingsAbout").text()
    assert "mini" in about
    assert "64 numbers" in about
    assert "Phrases can be asked for" in about


def test_the_model_says_whether_it_understands_phrases(plugin):
    page = plugin.embeddings_page
    page.compute.model.pick("mini")
    assert "Text-aligned" in page.findChild(QLabel, "embedPhrases").text()
    page.compute.model.pick("geoembed")
    assert "Not text-aligned" in page.findChild(QLabel, "embedPhrases").text()
    assert not page.findChild(QPushButton, "embed").isEnabled()
    page.compute.model.pick("mini")
    assert page.findChild(QPushButton, "embed").isEnabled()


def test_only_what_belongs_to_the_kind_can_be_set(plugin):
    page = plugin.embeddings_page
    page.show()
    choose(page, "kind", "chips")
    assert page.compute.findChild(object, "size").isVisibleTo(page)
    assert not page.compute.findChild(object, "block").isVisibleTo(page)
    choose(page, "kind", "dense")
    assert not page.compute.findChild(object, "size").isVisibleTo(page)
    assert page.compute.findChild(object, "block").isVisibleTo(page)


def test_chips_can_be_asked_though_qgis_reads_no_parquet(plugin, compute, qtbot):
    choose(plugin.embeddings_page, "kind", "chips")
    path = compute()
    choose(plugin.embeddings_page, "kind", "dense")
    info = plugin.embeddings.opened.link.info
    assert path.suffix == ".parquet"
    assert info.count == (SIZE // 128) ** 2


def test_cancelling_leaves_no_layer_and_says_so(plugin, qtbot):
    plugin.embeddings_page.findChild(QPushButton, "embed").click()
    plugin.embeddings_page.findChild(QPushButton, "embedCancel").click()
    qtbot.waitUntil(lambda: plugin.embeddings.compute._submission is None, timeout=60_000)
    assert "Cancelled" in status(plugin)
    assert layers.embeddings() == []


def test_an_image_without_georeference_is_shown_where_it_lies(plugin, compute, qgis_canvas, tmp_path):
    image = show(plugin, qgis_canvas, QgsRasterLayer(str(write_image(tmp_path / "photo.tif", False)), "photo"))
    compute()
    group = QgsProject.instance().layerTreeRoot().findGroups()[0]
    assert group.findLayers()[0].layer().extent() == image.extent()


def test_a_project_that_was_moved_finds_its_vectors(plugin, compute, tmp_path):
    path = compute()
    moved = tmp_path / "moved"
    moved.mkdir()
    for file in path.parent.iterdir():
        (moved / file.name).write_bytes(file.read_bytes())
    group = layers.group_of(path)
    group.setCustomProperty(layers.VECTORS, str(tmp_path / "gone" / path.name))
    group.findLayers()[0].layer().setDataSource(str(moved / "embeddings.preview.tif"), "False colour", "gdal")
    assert layers.vectors_of(group) == moved / path.name


def test_without_a_backend_the_page_says_so(plugin, monkeypatch):
    connection = plugin.connection
    older = tuple(task for task in connection.capabilities.tasks if task.id != "embed")
    monkeypatch.setattr(connection, "capabilities", dataclasses.replace(connection.capabilities, tasks=older))
    connection.changed.emit()
    assert "cannot compute embeddings" in status(plugin)
    monkeypatch.undo()
    connection.changed.emit()
    assert plugin.embeddings_page.findChild(QPushButton, "embed").isEnabled()


def test_what_is_set_is_kept_for_the_model(plugin):
    page = plugin.embeddings_page
    page.compute.findChild(object, "block").setValue(8)
    assert plugin._settings.get(EMBED)["mini"]["block"] == 8
    page.compute.findChild(object, "block").setValue(0)


def test_the_panel_can_be_made_narrow(plugin):
    area = plugin.embeddings_page.parent().parent()
    assert area.minimumWidth() <= 310


@pytest.mark.parametrize("text", ["{}", "not json"])
def test_vectors_without_a_readable_record_are_described_by_their_name(tmp_path, text):
    (tmp_path / "e.run.json").write_text(text)
    assert layers.described(tmp_path / "e.tif").startswith("e.tif")
