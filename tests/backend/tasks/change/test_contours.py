"""Outlines of the objects that are still there."""

import numpy as np
from skimage.segmentation import find_boundaries

from backend.tasks.change.contours import next_contours


def test_outlines_go_with_their_objects():
    before = np.zeros((60, 60), np.int32)
    before[5:20, 5:20], before[30:45, 10:40], before[30:45, 41:55] = 1, 2, 3
    after = np.where(before == 2, 0, before)
    found = next_contours(before, after)
    edges = find_boundaries(before)
    assert (found <= edges).all()
    assert (found[:25] == edges[:25]).all()
    near = np.zeros_like(edges)
    near[29:46, 9:41] = True
    np.testing.assert_array_equal(found, edges & ~near)


def test_a_change_of_a_few_pixels_or_of_numbers_alone_is_none():
    before = np.zeros((40, 40), np.int32)
    before[10:30, 10:30] = 1
    after = before.copy()
    after[10, 10:30] = 0
    np.testing.assert_array_equal(next_contours(before, after), find_boundaries(before))
    np.testing.assert_array_equal(next_contours(before, 7 * before), find_boundaries(before))
    assert not next_contours(before, np.zeros_like(before))[12:28, 12:28].any()
