import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsPointXY, QgsProject, QgsRectangle
from toposcope.backend.protocol.prompts import Box, Point
from toposcope.plugin.gis.source import Frame, frame_of
from toposcope.plugin.gis.transform import SourceTransform

WGS84 = QgsCoordinateReferenceSystem("EPSG:4326")
UTM11 = QgsCoordinateReferenceSystem("EPSG:32611")
SQUARE = (((0, 0), (2, 0), (2, 1), (0, 1), (0, 0)),)


def between(frame, map_crs):
    return SourceTransform(frame, map_crs, QgsProject.instance().transformContext())


def test_axis_order_is_x_then_y(qgis_app):
    point = between(Frame(UTM11), WGS84).point(QgsPointXY(-117, 36), 0)
    assert point.x == pytest.approx(500000, abs=0.01)
    assert point.y == pytest.approx(3983948.45, abs=0.01)
    assert point.label == 0


def test_a_box_is_the_smallest_around_its_corners(qgis_app):
    transform = between(Frame(UTM11), WGS84)
    box = transform.box(QgsRectangle(-117.001, 36, -117, 36.001))
    corners = [transform.point(QgsPointXY(x, y)) for x in (-117.001, -117) for y in (36, 36.001)]
    assert (box.x0, box.x1) == pytest.approx((min(c.x for c in corners), max(c.x for c in corners)), abs=0.01)
    assert (box.y0, box.y1) == pytest.approx((min(c.y for c in corners), max(c.y for c in corners)), abs=0.01)


def test_a_picture_without_georeference_counts_rows_downwards(layer):
    image = layer(epsg=None, origin=None)
    transform = between(frame_of(image), image.crs())
    assert image.extent().yMinimum() == -48
    assert transform.point(QgsPointXY(3, -5)) == Point(3, 5)
    assert transform.box(QgsRectangle(1, -4, 2, -3)) == Box(1, 3, 2, 4)
    assert transform.prompts([(QgsPointXY(3, -5), 1)]).pixel
    assert transform.geometry((SQUARE,)).boundingBox() == QgsRectangle(0, -1, 2, 0)


def test_without_a_crs_coordinates_pass_unchanged(qgis_app):
    transform = between(Frame(QgsCoordinateReferenceSystem()), WGS84)
    assert transform.point(QgsPointXY(5, 6)) == Point(5, 6)


def test_positions_and_prompts_as_qgis_shows_the_layer(layer):
    image = layer(epsg=None, origin=None)
    transform = between(frame_of(image), image.crs())
    assert transform.layer_point(QgsPointXY(3, -5)) == QgsPointXY(3, -5)
    asked = transform.prompts([(QgsPointXY(3, -5), 0)], QgsRectangle(1, -4, 2, -3))
    assert transform.shown(asked) == ([(QgsPointXY(3, -5), 0)], QgsRectangle(1, -4, 2, -3))


def test_a_canvas_pixel_in_the_layers_units(qgis_app):
    transform = between(Frame(UTM11), WGS84)
    metres = transform.units_per_pixel(QgsPointXY(-117, 36), 0.00001)
    assert metres == pytest.approx(0.9, abs=0.01)


def test_parts_and_holes_become_one_geometry(qgis_app):
    hole = ((0.5, 0.5), (1.0, 0.5), (1.0, 0.75), (0.5, 0.5))
    far = tuple((x + 9, y) for x, y in SQUARE[0])
    geometry = between(Frame(UTM11), WGS84).geometry(((*SQUARE, hole), (far,)))
    parts = geometry.asMultiPolygon()
    assert [[[(p.x(), p.y()) for p in ring] for ring in part] for part in parts] == [
        [list(SQUARE[0]), list(hole)],
        [list(far)],
    ]
