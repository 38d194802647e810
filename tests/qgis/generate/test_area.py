"""An area drawn around on the map with a free hand, as the page takes it."""

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsGeometry, QgsRectangle
from qgis.PyQt.QtCore import QObject
from toposcope.plugin.area_drawing import AreaDrawing
from toposcope.plugin.gis.refused import Refused
from toposcope.plugin.gui.area_picker import CANVAS, OUTLINE, RECTANGLE, AreaPicker
from toposcope.plugin.gui.picked_area import area_of

TRIANGLE = "Polygon ((500004 3999998, 500012 3999998, 500008 3999990, 500004 3999998))"


@pytest.fixture
def drawing(qgis_canvas, qtbot):
    """A picker and the tool for outlines."""
    picker, parent = AreaPicker("area", (("View", CANVAS), ("Rectangle", RECTANGLE), ("Outline", OUTLINE))), QObject()
    drawing = AreaDrawing(qgis_canvas, picker, parent)
    yield picker, drawing.inputs[OUTLINE]
    drawing.close()


def test_what_is_drawn_around_is_the_area(drawing, layer, qgis_canvas):
    picker, tool = drawing
    image = layer()
    qgis_canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32611"))
    picker.pick(OUTLINE)
    assert qgis_canvas.mapTool() is tool.tool
    with pytest.raises(Refused, match="Draw around"):
        area_of(picker.choice(), image, qgis_canvas)
    tool.tool.area.emit(QgsGeometry.fromWkt(TRIANGLE), 1)
    assert qgis_canvas.mapTool() is not tool.tool
    area = area_of(picker.choice(), image, qgis_canvas)
    assert area.geometry.area() == pytest.approx(32)
    assert area.bounds == QgsRectangle(500004, 3999990, 500012, 3999998)


def test_one_kind_does_not_take_anothers_drawing(drawing, qgis_canvas):
    picker, tool = drawing
    picker.pick(OUTLINE)
    tool.tool.area.emit(QgsGeometry.fromWkt(TRIANGLE), 1)
    picker.pick(RECTANGLE)
    assert qgis_canvas.mapTool() not in (None, tool.tool)
    assert (picker.choice().rectangle, picker.choice().outline) == (None, None)
    picker.pick(OUTLINE)
    assert picker.choice().outline is not None
