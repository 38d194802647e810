"""A preview consists of whole windows of the lattice on which the run paints."""

import pytest
from qgis.core import QgsPointXY, QgsRectangle
from toposcope.plugin.generate.preview_place import square_at, windows_across

EXTENT = QgsRectangle(500000.25, 3999000, 501000.25, 4000000)
STEP = 0.5


def columns_rows(square, scale, anchored=True):
    """Return the square's sides on the absolute grid of the result, in windows, with its inset taken out."""
    left, top = (round(EXTENT.xMinimum() / STEP), round(-EXTENT.yMaximum() / STEP)) if anchored else (0, 0)
    inset = 0.25 * STEP
    columns = [(x - EXTENT.xMinimum()) / STEP + left for x in (square.xMinimum() - inset, square.xMaximum() + inset)]
    rows = [(EXTENT.yMaximum() - y) / STEP + top for y in (square.yMaximum() + inset, square.yMinimum() - inset)]
    return [value * scale / 128 for value in (*columns, *rows)]


@pytest.mark.parametrize("anchored", [True, False])
@pytest.mark.parametrize(("scale", "across"), [(4, 1), (4, 3), (16, 2), (64, 8)])
def test_it_is_whole_windows_around_the_centre(scale, across, anchored):
    centre = QgsPointXY(500321.7, 3999456.1)
    square = square_at(centre, EXTENT, STEP, scale, across, anchored)
    sides = columns_rows(square, scale, anchored)
    assert sides == pytest.approx([round(side) for side in sides], abs=1e-4)
    assert (sides[1] - sides[0], sides[3] - sides[2]) == pytest.approx((across, across), abs=1e-4)
    half_a_window = 64 * STEP / scale * 1.001
    assert abs(square.center().x() - centre.x()) <= half_a_window
    assert abs(square.center().y() - centre.y()) <= half_a_window


def test_a_fast_machine_shows_more():
    assert [windows_across(12, rate) for rate in (5.0, 0.25, 0.05, 0.001)] == [1, 2, 4, 8]
