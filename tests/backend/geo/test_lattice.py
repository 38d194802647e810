from hypothesis import given
from hypothesis import strategies as st

from backend.geo.lattice import Lattice, contains
from backend.geo.raster import Window

SIZES = st.integers(1, 3000)


def test_a_small_raster_is_one_crop():
    assert Lattice(300, 200, 1024).crop_for((5, 5, 5, 5)) == (Window(0, 0, 300, 200), 1)


def test_the_crop_whose_centre_is_nearest():
    lattice = Lattice(1000, 1000, 256)
    assert lattice.nearest(300, 500, 1) == Window(128, 384, 256, 256)
    assert lattice.nearest(999, 0, 1) == Window(744, 0, 256, 256)


@given(width=SIZES, height=SIZES, x=st.floats(0, 1), y=st.floats(0, 1), side=st.sampled_from([32, 256]))
def test_every_place_has_a_crop_inside_the_raster_that_holds_it(width, height, x, y, side):
    x, y = x * width, y * height
    window, step = Lattice(width, height, side).crop_for((x, y, x, y))
    assert step == 1
    assert contains(Window(0, 0, width, height), (window.col, window.row, window.col, window.row))
    assert window.col + window.width <= width
    assert window.row + window.height <= height
    assert contains(window, (x, y, x, y))


@given(width=SIZES, height=SIZES, places=st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_a_box_lies_wholly_in_its_crop(width, height, places):
    x0, x1 = sorted(place * width for place in places[:2])
    y0, y1 = sorted(place * height for place in places[2:])
    window, step = Lattice(width, height, 64).crop_for((x0, y0, x1, y1))
    assert contains(window, (x0, y0, x1, y1))
    assert max(window.width, window.height) <= 64 * step
    assert window.col % step == window.row % step == 0


@given(
    width=SIZES, x=st.integers(500, 2000), origin=st.tuples(st.integers(0, 400), st.integers(0, 400)), step=st.just(1)
)
def test_away_from_its_edges_a_part_has_the_crops_of_the_whole(width, x, origin, step):
    whole = Lattice(3000, 3000, 128).nearest(x, x, step)
    part = Lattice(3000 - origin[0], 3000 - origin[1], 128, origin).nearest(x - origin[0], x - origin[1], step)
    assert (part.col + origin[0], part.row + origin[1]) == (whole.col, whole.row)


@given(width=SIZES, height=SIZES, step=st.sampled_from([1, 2, 4]))
def test_neighbours_lead_over_the_whole_raster_and_back(width, height, step):
    lattice = Lattice(width, height, 128)
    window, right = lattice.nearest(0, 0, step), 0
    while (following := lattice.neighbour(window, "right", step)) is not None:
        assert window.col < following.col <= window.col + 64 * step
        assert lattice.neighbour(following, "left", step) == window
        window, right = following, right + 1
    assert window.col + window.width == width
    assert lattice.neighbour(window, "top", step) is None
