"""From the button to vectors, their picture in the project and what the page says of them."""

import dataclasses

import pytest
from osgeo import gdal
from qgis.core import QgsPointXY, QgsProject, QgsRasterLayer
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QToolButton
from toposcope.plugin.embeddings import opening
from toposcope.plugin.gis import embedding_layers as layers
from toposcope.plugin.settings import EMBED

from tests.qgis.embeddings.conftest import show
from tests.qgis.embeddings.scene import LEFT, SIZE, TOP, utm, write_image


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


def write_alphaearth(path, columns=24, rows=16):
    """Write what AlphaEarth publishes: 64 signed bytes a place, the southern row first; the eastern half is another."""
    options = ["PIXELTYPE=SIGNEDBYTE"]
    dataset = gdal.GetDriverByName("GTiff").Create(str(path), columns, rows, 64, gdal.GDT_Byte, options)
    dataset.SetProjection(utm().ExportToWkt())
    dataset.SetGeoTransform((LEFT, 10, 0, TOP - 10 * rows, 0, 10))
    for number in range(64):
        band = dataset.GetRasterBand(number + 1)
        band.SetDescription(f"A{number:02}")
        band.SetNoDataValue(-128)
        west, east = (number % 7) * 8 + 5, (63 - number) % 11 * 6 + 3
        line = bytes([west] * (columns // 2) + [east] * (columns // 2))
        band.WriteRaster(0, 0, columns, rows, line * rows)
    dataset.FlushCache()
    return path


def test_published_embeddings_are_opened_from_a_file(plugin, qgis_canvas, qtbot, tmp_path, monkeypatch):
    path = write_alphaearth(tmp_path / "alphaearth.tif")
    monkeypatch.setattr(opening, "ask_embeddings", lambda _parent: path)
    page = plugin.embeddings_page
    page.findChild(QToolButton, "openEmbeddings").click()
    qtbot.waitUntil(lambda: plugin.embeddings.opened.link.info is not None, timeout=20_000)
    about = page.findChild(QLabel, "embeddingsAbout").text()
    assert "64 numbers each" in about
    assert "24 × 16 blocks" in about
    assert layers.group_of(path).name() == "Embeddings – alphaearth"
    page.findChild(QPushButton, "zoomEmbeddings").click()
    asking = plugin.embeddings.asking
    asking.showing.tool.point.emit(QgsPointXY(LEFT + 30, TOP - 30), 1)
    qtbot.waitUntil(lambda: asking.overlay.heat is not None, timeout=20_000)
    heat, pixels = asking.overlay.heat, asking.overlay._answer.pixels
    assert pixels[0] > pixels[heat.columns - 1]


def test_what_holds_no_vectors_is_refused_in_one_sentence(plugin, qtbot, tmp_path):
    path = tmp_path / "notes.tif"
    path.write_text("no raster")
    plugin.embeddings.opened.open_file(path)
    about = plugin.embeddings_page.findChild(QLabel, "embeddingsAbout")
    qtbot.waitUntil(lambda: "cannot be read" in about.text(), timeout=20_000)
    assert layers.embeddings() == []
