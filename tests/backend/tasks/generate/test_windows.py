import numpy as np
import pytest

from backend.geo.raster import Window
from backend.tasks.generate.windows import EDGE, MIDDLE, SIDE, patches


@pytest.mark.parametrize("place", [(0, 0), (100, 37), (-50, -200)])
def test_middles_cover_the_area_once(place):
    area = Window(10 + place[0], 20 + place[1], 500, 300)
    count = np.zeros((300, 500), int)
    for patch in patches(area):
        kept = patch.kept
        top, left = kept.row - area.row, kept.col - area.col
        count[top : top + kept.height, left : left + kept.width] += 1
        rows, columns = patch.within
        assert EDGE <= columns.start <= columns.stop <= SIDE - EDGE
        assert EDGE <= rows.start <= rows.stop <= SIDE - EDGE
        assert (patch.col + columns.start, patch.row + rows.start) == (kept.col, kept.row)
    assert (count == 1).all()


def test_windows_lie_half_over_their_neighbours_on_one_lattice():
    places = {(patch.col, patch.row) for patch in patches(Window(1000, 1000, 600, 600))}
    assert {(col + EDGE) % MIDDLE for col, _ in places} == {(row + EDGE) % MIDDLE for _, row in places} == {0}
    assert places >= {(patch.col, patch.row) for patch in patches(Window(1300, 1300, 10, 10))}
    assert SIDE == 2 * MIDDLE
