import numpy as np
import pytest

from backend.geo.raster import Window
from backend.tasks.generate.windows import EDGE, MIDDLE, SIDE, patches


@pytest.mark.parametrize("origin", [(0, 0), (100, 37), (-50, -200)])
def test_middles_cover_the_area_once(origin):
    area = Window(10, 20, 500, 300)
    count = np.zeros((320, 510), int)
    for patch in patches(area, origin):
        kept = patch.kept
        count[kept.row : kept.row + kept.height, kept.col : kept.col + kept.width] += 1
        left, top = kept.col + origin[0] - patch.col, kept.row + origin[1] - patch.row
        assert EDGE <= left <= left + kept.width <= SIDE - EDGE
        assert EDGE <= top <= top + kept.height <= SIDE - EDGE
    assert (count[20:, 10:] == 1).all()
    assert not count[:20].any()
    assert not count[:, :10].any()


def test_windows_lie_half_over_their_neighbours_on_one_lattice():
    places = {(patch.col, patch.row) for patch in patches(Window(0, 0, 600, 600), (1000, 1000))}
    assert {(col + EDGE) % MIDDLE for col, _ in places} == {(row + EDGE) % MIDDLE for _, row in places} == {0}
    assert places >= {(patch.col, patch.row) for patch in patches(Window(300, 300, 10, 10), (1000, 1000))}
    assert SIDE == 2 * MIDDLE
