"""Connected parts by runs of rows, against scipy's labels."""

import numpy as np
import pytest
from scipy import ndimage

from backend.tasks.components import connected


def by_labels(mask, seeds):
    labels, _ = ndimage.label(mask)
    return np.isin(labels, np.setdiff1d(labels[seeds], [0]))


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.6, 0.9, 1.0])
def test_parts_are_those_of_labels(share):
    random = np.random.default_rng(int(100 * share))
    for _ in range(200):
        shape = random.integers(1, 12, 2)
        mask, seeds = random.random(shape) < share, random.random(shape) < random.random() / 2
        np.testing.assert_array_equal(connected(mask, seeds), by_labels(mask, seeds))


def test_a_part_may_wind_over_the_whole_crop():
    spiral = np.zeros((9, 9), bool)
    spiral[0], spiral[:, 8], spiral[8], spiral[2:, 0], spiral[2, :7] = True, True, True, True, True
    spiral[4:7, 3] = True
    seeds = np.zeros_like(spiral)
    seeds[2, 6] = True
    found = connected(spiral, seeds)
    assert found[0, 0]
    assert not found[4:7, 3].any()


def test_the_end_of_a_row_does_not_touch_the_start_of_the_next():
    mask = np.array([[0, 1], [1, 0]], bool)
    seeds = np.array([[0, 1], [0, 0]], bool)
    np.testing.assert_array_equal(connected(mask, seeds), seeds)


def test_the_mask_itself_is_left_alone():
    mask = np.ones((3, 3), bool)
    seeds = np.eye(3, dtype=bool)
    connected(mask, seeds)[:] = False
    assert mask.all()
