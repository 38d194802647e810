"""A shift and a light that are known are found, whatever changed; what the windows do not agree on is left alone."""

import json

import numpy as np
import pytest
from affine import Affine
from scipy.ndimage import shift as moved

from backend.geo.raster import Window
from backend.tasks.detect_change.aligned import aligned
from backend.tasks.detect_change.normalise import matched
from backend.tasks.detect_change.sample import Both, sample
from backend.tasks.detect_change.shift import measured

WHOLE = Window(0, 0, 300, 260)


def told(desk, before, after, align=True, normalise="none"):
    pair = desk.pair(desk.write("a.tif", before), desk.write("b.tif", after))
    found = aligned(pair, WHOLE, align, normalise, desk.notices.append)
    return found, found.pair.read(Window(60, 60, 150, 150))


@pytest.mark.parametrize(("columns", "rows"), [(3.0, -2.0), (-1.4, 0.75), (9.0, 12.5)])
def test_a_known_shift_is_found_and_taken_out(desk, ground, columns, rows):
    before = ground(260, 300)
    after = moved(before, (rows, columns, 0), order=3, mode="reflect")
    after[80:130, 90:160] = ground(50, 70, seed=9)  # what changed lies elsewhere in every window
    found, both = told(desk, before, after)
    assert found.shift.columns == pytest.approx(columns, abs=0.15)
    assert found.shift.rows == pytest.approx(rows, abs=0.15)
    record = found.record()["alignment"]
    assert record["corrected"]
    assert record["agreement"] > 0.7
    assert "was moved back" in desk.notices[0]
    apart = np.abs(both.image[..., :3].astype(int) - both.image[..., 3:]).mean(2)
    assert np.median(apart) < 4


def test_less_than_half_a_pixel_is_left(desk, ground):
    before = ground(260, 300)
    found, _ = told(desk, before, moved(before, (0.3, -0.3, 0), order=3, mode="reflect"))
    assert found.shift.consistent
    assert found.pair.moved.shift == (0.0, 0.0)
    assert desk.notices == []


def test_other_places_are_said_and_left_alone(desk, ground):
    found, _ = told(desk, ground(260, 300), ground(260, 300, seed=5))
    assert not found.shift.consistent
    assert found.pair.moved.shift == (0.0, 0.0)
    assert "could not be told" in desk.notices[0]


def test_windows_that_all_lie_too_far_tell_nothing(ground):
    """What is told goes into a record, which holds no infinity."""
    before = ground(32, 32)
    windows = [Both(before, np.roll(before, 13, axis=1), np.ones((32, 32), bool))] * 2
    found = measured(windows)
    assert (found.columns, found.rows, found.windows) == (0.0, 0.0, 2)
    assert not found.consistent


def test_a_shift_is_not_looked_for_where_that_is_not_asked(desk, ground):
    before = ground(260, 300)
    found, _ = told(desk, before, np.roll(before, 5, axis=1), align=False)
    assert found.record()["alignment"] == {"asked": False}
    assert found.pair.moved.shift == (0.0, 0.0)


def test_the_shift_is_of_pixels_on_the_grid_of_before(desk, ground):
    """The later picture is twice as fine, and lies two of its pixels too far to the east."""
    fine = ground(520, 600, grain=6.0)
    before = fine.reshape(260, 2, 300, 2, 3).mean((1, 3)).astype(np.uint8)
    place = Affine(0.25, 0, 300000 + 0.5, 0, -0.25, 3000000)
    pair = desk.pair(desk.write("a.tif", before), desk.write("b.tif", fine, transform=place))
    shift = measured(sample(pair.before, pair.moved, WHOLE))
    assert (shift.columns, shift.rows) == (pytest.approx(1.0, abs=0.15), pytest.approx(0, abs=0.15))


def test_a_known_light_is_found_whatever_changed(desk, ground):
    before = ground(260, 300)
    after = np.clip(before * (0.7, 0.9, 1.2) + (30, 5, -20), 0, 255).astype(np.uint8)
    after[:100, :200] = 240 - after[:100, :200] // 3  # a quarter changed
    found, both = told(desk, before, after, align=False, normalise="match")
    light = found.pair.light
    np.testing.assert_allclose(light.gain, (1 / 0.7, 1 / 0.9, 1 / 1.2), rtol=0.04)
    assert 0.5 < light.unchanged < 0.85
    same = both.image[60:]
    assert np.abs(same[..., :3].astype(int) - same[..., 3:]).mean() < 3
    assert json.dumps(found.record())


def test_nothing_in_common_is_said():
    flat = np.full((64, 64, 3), 255, np.uint8)
    assert not matched([Both(flat, flat, np.ones((64, 64), bool))]).believed
    assert not matched([]).believed


def test_windows_are_drawn_by_a_seed_and_cover_the_area(desk, ground):
    path = desk.write("a.tif", ground(260, 300))
    pair = desk.pair(path, path)
    first, again = ([both.before.sum() for both in sample(pair.before, pair.moved, WHOLE)] for _ in range(2))
    assert first == again
    assert len(set(first)) > 3
