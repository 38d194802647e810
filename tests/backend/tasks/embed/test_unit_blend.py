"""Tiles over one unit, blended."""

import numpy as np
import pytest

from backend.geo.raster import Window
from backend.tasks.embed.kept import EMPTY, Tile
from backend.tasks.embed.unit_blend import UnitBlend
from backend.tasks.tiles import hann


def tile(direction, side=16):
    features = np.zeros((2, side, side), np.float32)
    features[direction] = 1
    return Tile(features, np.ones((side, side), np.bool_))


def test_overlapping_tiles_count_by_their_hann_weights():
    blend = UnitBlend(Window(32, 0, 64, 64), 4, 2)
    blend.add(Window(0, 0, 64, 64), tile(0))
    blend.add(Window(48, 0, 64, 64), tile(1))
    blend.add(Window(96, 0, 64, 64), EMPTY)
    found = blend.vectors(4)
    weights = hann(16, 16)
    assert np.isnan(found[:, :, 16:]).all()
    assert (found[0, :, :4] == 1).all()
    assert found[1, 5, 4:8] / found[0, 5, 4:8] == pytest.approx(weights[5, :4] / weights[5, 12:], rel=1e-5)
    assert (found[1, :, 8:16] == 1).all()


def test_a_block_of_unknown_cells_is_no_data():
    known = np.ones((16, 16), np.bool_)
    known[:4, :2] = known[7, 7] = False
    one = tile(0)
    blend = UnitBlend(Window(0, 0, 64, 64), 4, 2)
    blend.add(Window(0, 0, 64, 64), Tile(one.features, known))
    assert np.argwhere(np.isnan(blend.vectors(8)[0])).tolist() == [[0, 0], [1, 0]]
