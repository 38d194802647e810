import numpy as np
import pytest
from affine import Affine

from backend.errors import BadInput
from backend.geo.pixel_prompts import to_pixels
from backend.geo.raster import Grid
from backend.protocol import codes
from backend.protocol.prompts import Box, Point, Prompts

GRID = Grid(100, 80, Affine(0.5, 0, 1000, 0, -0.5, 2000), "EPSG:32645")


def code(**prompts):
    with pytest.raises(BadInput) as error:
        to_pixels(Prompts(id="roof", **prompts), GRID)
    assert "'roof'" in error.value.detail
    return error.value.code


def test_from_the_crs_and_from_pixels():
    there = to_pixels(Prompts(points=(Point(1010.25, 1990.25), Point(1000, 1999, 0))), GRID)
    assert there.points.tolist() == [[20.5, 19.5], [0, 2]]
    assert there.labels.tolist() == [1, 0]
    same = to_pixels(Prompts(points=(Point(20.5, 19.5),), pixel=True), GRID)
    assert same.points.tolist() == [[20.5, 19.5]]


def test_any_two_opposite_corners_make_a_box_cut_to_the_image():
    boxes = [Box(1010, 1990, 1020, 1980), Box(1020, 1980, 1010, 1990), Box(1010, 1980, 1020, 1990)]
    assert {to_pixels(Prompts(box=box), GRID).box for box in boxes} == {(20, 20, 40, 40)}
    assert to_pixels(Prompts(box=Box(-5, -5, 500, 9), pixel=True), GRID).box == (0, 0, 100, 9)


def test_a_rotated_grid():
    grid = Grid(100, 80, Affine.translation(1000, 2000) @ Affine.rotation(30) @ Affine.scale(0.5, -0.5), "EPSG:32645")
    x, y = grid.transform @ (20.5, 30.5)
    assert np.allclose(to_pixels(Prompts(points=(Point(x, y),)), grid).points, [[20.5, 30.5]])


def test_outside():
    for x, y in ((-1, 5), (5, -0.01), (100, 5), (5, 80), (1e300, 5)):
        assert code(points=(Point(x, y),), pixel=True) == codes.PROMPT_OUTSIDE
    assert code(points=(Point(5, 5), Point(-3, 5, 0)), pixel=True) == codes.PROMPT_OUTSIDE
    assert code(box=Box(100, 0, 120, 20), pixel=True) == codes.PROMPT_OUTSIDE


def test_invalid():
    assert code(points=(Point(5, 5, 0),), pixel=True) == codes.PROMPT_INVALID
    assert code() == codes.PROMPT_INVALID
    assert code(box=Box(5, 5, 5, 9), pixel=True) == codes.PROMPT_INVALID
    assert code(points=(Point(5, 5, 2),), pixel=True) == codes.PROMPT_INVALID
    assert code(points=(Point(5, 5),) * 1001, pixel=True) == codes.PROMPT_INVALID
