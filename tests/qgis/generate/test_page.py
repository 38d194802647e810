"""The Generate page with the plugin as QGIS builds it and a real backend process."""

import pytest
from osgeo import gdal
from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRectangle
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox, QToolButton
from toposcope.plugin.generate.earth import PIXEL
from toposcope.plugin.gis.synthetic import is_synthetic
from toposcope.plugin.gui.area_picker import CANVAS, LAYER, RECTANGLE

from tests.qgis.conftest import look_at


@pytest.fixture
def page(loaded, layer, qgis_canvas, qgis_new_project, qtbot, monkeypatch):
    """The page with an image of 48 x 32 pixels in sight, the fewest steps, and a person who agrees to nothing."""
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    image = layer(width=48, height=32)
    look_at(qgis_canvas, image.crs(), image.extent())
    made = loaded.generate_page
    made.set_layer(image)
    made.area.pick(LAYER)
    made.set_output("")
    made.findChild(QSpinBox, "steps").setValue(5)
    made.findChild(QSpinBox, "generateSeed").setValue(7)
    scale(made, "4")
    monkeypatch.setattr(made, "agrees", lambda question: False)
    monkeypatch.setattr(loaded.generate.pace, "rate", lambda model: 5.0)  # so slow that a preview is one window
    loaded.generate._show_region()
    return made


@pytest.fixture
def done(loaded, page, qtbot):
    """Return a function that waits for the end of a job and returns what is said then."""

    def wait():
        qtbot.waitUntil(lambda: not loaded.generate.busy, timeout=200_000)
        return said(page)

    return wait


def scale(page, value):
    combo = page.findChild(QComboBox, "scale")
    combo.setCurrentIndex(combo.findData(value))


def press(page, name="generate"):
    page.findChild(QPushButton, name).click()


def said(page):
    return page.findChild(QLabel, "generateStatus").text()


def nodes():
    return QgsProject.instance().layerTreeRoot().findLayers()


def test_before_the_run_it_says_what_comes_of_it(loaded, page, monkeypatch):
    monkeypatch.setattr(page, "isVisible", lambda: True)
    loaded.generate._show_region()
    text = page.findChild(QLabel, "generateRegion").text()
    assert "Pixels of 12.5 cm instead of 50 cm" in text
    assert "192 × 128 pixels" in text
    scale(page, "16")
    loaded.generate._show_region()
    assert "768 × 512" in page.findChild(QLabel, "generateRegion").text()


def test_the_dice_throws_another_seed(page):
    page.findChild(QToolButton, "generateSeedDice").click()
    assert page.seed.value() != 7
    assert page.values()["seed"] == page.seed.value()


def test_a_preview_has_the_pixels_of_the_run(loaded, page, done):
    press(page, "generatePreview")
    assert done() == "Done."
    [preview, image] = nodes()
    assert preview.name() == "SYNTHETIC – preview of image ×4, seed 7"
    assert is_synthetic(preview)
    dataset = gdal.Open(preview.layer().source())
    ground, shown = preview.layer().extent(), dataset.ReadAsArray()[:3]
    assert image.layer().extent().contains(ground)
    assert shown.shape[1] * shown.shape[2] < 192 * 128
    press(page)
    assert "The results are in" in done()
    [whole, image] = nodes()
    assert whole.name() == "SYNTHETIC – ×4"
    extent, made = whole.layer().extent(), gdal.Open(whole.layer().source()).ReadAsArray()[:3]
    assert extent == image.layer().extent()
    assert made.shape[1:] == (128, 192)
    column, row = round((ground.xMinimum() - extent.xMinimum()) * 8), round((extent.yMaximum() - ground.yMaximum()) * 8)
    assert (made[:, row : row + shown.shape[1], column : column + shown.shape[2]] == shown).all()
    assert made.std() > 1
    abstract = whole.layer().metadata().abstract()
    assert "Seed: 7" in abstract
    assert "mini-generator" in abstract
    assert whole.parent().name() == "SYNTHETIC – image ×4, seed 7"


def test_the_slider_compares_with_the_source(loaded, page, done, tmp_path):
    button = page.findChild(QPushButton, "generateCompare")
    page.set_output(str(tmp_path / "town"))
    press(page)
    done()
    assert {path.name for path in tmp_path.glob("town*")} >= {"town.tif", "town.run.json"}
    assert button.isEnabled()
    button.click()
    assert loaded.generate.comparing.swipe.active
    QgsProject.instance().removeMapLayers(nodes()[0].parent().findLayerIds())
    assert not loaded.generate.comparing.swipe.active
    assert not button.isChecked()
    assert not button.isEnabled()


def test_what_becomes_large_is_asked_first(loaded, page, monkeypatch):
    asked = []
    monkeypatch.setattr(page, "agrees", asked.append)
    monkeypatch.setattr(loaded.generate.pace, "rate", lambda model: 100.0)
    press(page)
    assert not loaded.generate.busy
    assert "becomes large" in asked[0]


def test_what_is_cancelled_leaves_the_map_as_it_was(loaded, page, done, qtbot, monkeypatch):
    monkeypatch.setattr(page, "agrees", lambda question: True)
    scale(page, "16")
    press(page)
    qtbot.waitUntil(lambda: "piece" in said(page), timeout=60_000)
    press(page, "generateCancel")
    assert "goes on from where it stopped" in done()
    assert [node.name() for node in nodes()] == ["image"]
    assert page.findChild(QPushButton, "generatePreview").isEnabled()


@pytest.mark.slow
def test_levels_come_as_a_group(page, qgis_canvas, done):
    scale(page, "16")
    page.area.pick(CANVAS)
    qgis_canvas.setExtent(QgsRectangle(500004, 3999994, 500006, 3999996))
    press(page)
    done()
    assert [node.name() for node in nodes()] == ["SYNTHETIC – ×16", "SYNTHETIC – ×4", "image"]
    fine, coarse = (gdal.Open(node.layer().source()) for node in nodes()[:2])
    assert fine.RasterXSize == 4 * coarse.RasterXSize


def test_anywhere_on_earth(page, qgis_canvas, done):
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    qgis_canvas.setDestinationCrs(degrees)
    qgis_canvas.setExtent(QgsRectangle(8, 46.5, 9, 47.5))
    combo = page.findChild(QgsMapLayerComboBox, "generateSource")
    page.set_layer(None)
    assert "Blue Marble" in combo.currentText()
    page.area.pick(CANVAS)
    press(page)
    done()
    made = nodes()[0].layer()
    assert made.crs() == degrees
    assert made.extent().contains(QgsRectangle(8.1, 46.6, 8.9, 47.4))
    assert made.rasterUnitsPerPixelX() == pytest.approx(PIXEL / 4)


def test_a_file_that_is_there_is_left_alone(page, tmp_path):
    (tmp_path / "kept.tif").write_bytes(b"mine")
    page.set_output(str(tmp_path / "kept.tif"))
    press(page)
    assert "kept.tif” is there already" in said(page)
    assert (tmp_path / "kept.tif").read_bytes() == b"mine"


def test_what_is_missing_is_said(page, qgis_canvas):
    page.area.pick(RECTANGLE)
    press(page)
    assert "Draw the rectangle" in said(page)
    qgis_canvas.setExtent(QgsRectangle(0, 0, 10, 10))
    press(page, "generatePreview")
    assert "not on “image”" in said(page)
