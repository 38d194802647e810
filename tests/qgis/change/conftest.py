"""The plugin with a real backend that stays up, and on the map a small town with its map of classes."""

import pytest
from qgis.core import QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtWidgets import QLabel, QPushButton
from toposcope.plugin.gui.area_picker import LAYER

from tests.qgis.change.scene import LEFT, PIXEL, SIZE, TOP, write_classes, write_picture
from tests.qgis.conftest import look_at

EXTENT = QgsRectangle(LEFT, TOP - SIZE * PIXEL, LEFT + SIZE * PIXEL, TOP)


@pytest.fixture
def add(qgis_new_project):
    """Return a function that adds a file to the project as a layer."""

    def act(path, name):
        layer = QgsRasterLayer(str(path), name)
        assert layer.isValid()
        QgsProject.instance().addMapLayer(layer)
        return layer

    return act


@pytest.fixture
def town(add, tmp_path):
    """The image and its classes, as layers of the project."""
    return (
        add(write_picture(tmp_path / "town.tif"), "town"),
        add(write_classes(tmp_path / "classes.tif"), "classes"),
    )


@pytest.fixture
def plugin(loaded, shown_canvas, town, qtbot):
    """The plugin, the map on the town, the page set to it."""
    qtbot.waitUntil(lambda: loaded.connection.ready, timeout=60_000)
    image, classes = town
    look_at(shown_canvas, image.crs(), EXTENT)
    pairs = loaded.change_page.pairs
    pairs.source.setLayer(image)
    pairs.labels.setLayer(classes)
    pairs.area.pick(LAYER)
    pairs.set_folder("")
    loaded.change_page.detect.area.pick(LAYER)
    loaded.change_page.detect.set_folder("")
    yield loaded
    loaded.change.looking.end()


@pytest.fixture
def make(plugin, qtbot):
    """Return a function that presses a button of pairs, waits for the end and returns what is said then."""

    def act(button="change"):
        page = plugin.change_page.pairs
        page.findChild(QPushButton, button).click()
        qtbot.waitUntil(lambda: not plugin.change.pairs.busy, timeout=120_000)
        return page.findChild(QLabel, f"{button}Status").text()

    return act
