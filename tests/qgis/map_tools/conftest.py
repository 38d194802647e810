import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle
from qgis.gui import QgsMapCanvas


@pytest.fixture
def canvas(qgis_app, qtbot):
    """A canvas of 400 x 300 pixels that shows 0..400, 0..300 of UTM zone 11: a pixel is a metre, y points up."""
    made = QgsMapCanvas()
    made.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32611"))
    made.resize(400, 300)
    made.show()
    qtbot.waitUntil(lambda: made.mapSettings().outputSize().width() == made.viewport().width() > 0)
    made.setExtent(QgsRectangle(0, 0, 400, 300))
    yield made
    made.hide()
    made.deleteLater()
