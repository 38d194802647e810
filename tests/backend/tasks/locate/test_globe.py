import numpy as np
import pytest

from backend.errors import BadInput
from backend.geo.raster import Window
from backend.tasks.locate.globe import centres, grid_of


def test_cells_lie_on_one_grid_whatever_the_extent():
    small, large = grid_of((5.1, 44.9, 9.9, 50), 0.25), grid_of((-20, 30, 40, 60), 0.25)
    offset = (small.transform.c - large.transform.c) / 0.25, (large.transform.f - small.transform.f) / 0.25
    assert offset == (round(offset[0]), round(offset[1]))
    whole = centres(large, Window(round(offset[0]), round(offset[1]), small.width, small.height))
    assert np.array_equal(whole, centres(small, Window(0, 0, small.width, small.height)))


def test_the_extent_is_covered():
    grid = grid_of((5.1, 44.9, 9.9, 50), 0.25)
    left, top = grid.transform @ (0, 0)
    right, bottom = grid.transform @ (grid.width, grid.height)
    assert (left, bottom, right, top) == (5, 44.75, 10, 50)


@pytest.mark.parametrize("step", [1, 0.7, 7, 90])
def test_no_place_of_the_globe_is_beyond_it(step):
    grid = grid_of((-180, -90, 180, 90), step)
    places = centres(grid, Window(0, 0, grid.width, grid.height))
    assert np.abs(places[:, 1]).max() < 90
    assert np.abs(places[:, 0]).max() < 180
    assert grid.width == int(360 / step + 1e-9)


def test_centres_go_row_by_row_from_the_north_west():
    places = centres(grid_of((0, 0, 3, 2), 1), Window(0, 0, 3, 2))
    assert places.tolist() == [[0.5, 1.5], [1.5, 1.5], [2.5, 1.5], [0.5, 0.5], [1.5, 0.5], [2.5, 0.5]]


@pytest.mark.parametrize(
    ("extent", "step", "said"),
    [
        ((0, 0, 10, 91), 1, "leaves the globe"),
        ((48, -200, 60, 13), 1, "leaves the globe"),
        ((170, 0, -170, 10), 1, "180th meridian"),
        ((0, 0, 0, 10), 1, "empty"),
        ((0, 0, 10, 10), 0, "step"),
        ((0, 0, float("nan"), 10), 1, "step"),
        ((-180, -90, 180, 90), 0.001, "too many"),
    ],
)
def test_what_is_no_extent(extent, step, said):
    with pytest.raises(BadInput, match=said):
        grid_of(extent, step)
