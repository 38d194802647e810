"""Pairs and change with the backend on another machine: pixels and labels go there, folders of files come back."""

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtWidgets import QComboBox, QLabel, QPushButton, QSpinBox
from toposcope.plugin.gis.change_groups import dates_of, polygons_of

from tests.qgis.change.conftest import EXTENT
from tests.qgis.change.scene import HOUSES, write_picture


@pytest.fixture
def there(loaded_remote, shown_canvas, town):
    image, classes = town
    shown_canvas.setDestinationCrs(image.crs())
    shown_canvas.setExtent(EXTENT)
    pairs = loaded_remote.change_page.pairs
    pairs.source.setLayer(image)
    pairs.labels.setLayer(classes)
    return loaded_remote


def test_a_data_set_made_there_and_change_found_there_are_here(there, server, add, tmp_path, qtbot):
    change, page = there.change, there.change_page
    classes = page.findChild(QComboBox, "changeClass")
    classes.setCurrentIndex(classes.findText("house"))
    page.findChild(QSpinBox, "count").setValue(2)
    page.findChild(QSpinBox, "side").setValue(64)
    page.findChild(QPushButton, "change").click()
    qtbot.waitUntil(lambda: not change.pairs.busy, timeout=120_000)
    said = page.findChild(QLabel, "changeStatus").text()
    _top, *pairs = QgsProject.instance().layerTreeRoot().findGroups(True)
    assert len(pairs) == 2, said
    folders = {layer.source().rsplit("/", 2)[-2] for group in pairs for layer in dates_of(group)}
    assert folders == {"pair_0001", "pair_0002"}
    assert all(str(tmp_path / "here") in layer.source() for layer in dates_of(pairs[0]))
    town = page.pairs.source.currentLayer()
    page.detect.set_dates(town, add(write_picture(tmp_path / "later.tif", HOUSES[1:]), "later"))
    method = page.detect.findChild(QComboBox, "method")
    method.setCurrentIndex(method.findData("distance"))
    page.findChild(QPushButton, "detect").click()
    qtbot.waitUntil(lambda: not change.detect.busy, timeout=120_000)
    assert polygons_of(change.looking.group).featureCount() > 0
    qtbot.waitUntil(lambda: server.uploads() == [], timeout=10_000)
