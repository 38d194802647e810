"""Segments of both dates, matched by their latents."""

import numpy as np
import pytest

from backend.models.segmenter import Decoded
from backend.tasks.detect_change.segments import (
    Segment,
    Segments,
    change_angle,
    grid_points,
    segments,
    without_doubles,
)


@pytest.fixture
def both():
    """Grey fields, a yellow house that goes and a red one that comes, a blue one that stays."""
    before = np.full((64, 64, 3), 100, np.uint8)
    before[4:24, 4:24] = (250, 220, 10)
    before[36:60, 4:24] = (20, 40, 220)
    after = before.copy()
    after[4:24, 4:24] = 100
    after[36:60, 36:60] = (240, 20, 20)
    return np.concatenate([before, after], axis=2)


def test_what_came_and_what_went(both, flood, colours):
    method = Segments(flood(tolerance=30), colours, "flood")
    found = method(both, np.ones((64, 64), bool))[0]
    assert found.shape == (32, 32)
    assert found[3:11, 3:11].min() > 60  # gone
    assert found[19:29, 19:29].min() > 60  # new
    assert found[19:29, 3:11].max() < 5  # stayed
    assert found[1, 16] < 20  # the field is more than half of the picture before, or the same


def test_no_data_is_in_no_segment(both, flood, colours):
    valid = np.ones((64, 64), bool)
    valid[:, 32:] = False
    found = Segments(flood(tolerance=30), colours, "flood")(both, valid)[0]
    assert (found[:, 16:] == 0).all()
    assert found[3:11, 3:11].min() > 60


def test_points_are_32_pixels_apart_and_data():
    points = grid_points(np.ones((128, 64), bool))
    assert sorted({float(x) for x in points[:, 0]}) == [16, 48]
    assert sorted({float(y) for y in points[:, 1]}) == [16, 48, 80, 112]
    valid = np.ones((128, 64), bool)
    valid[:32] = False
    assert len(grid_points(valid)) == 6


def test_of_doubles_the_better_one_stays():
    def square(left, size, score):
        return Segment(slice(0, size), slice(left, left + size), np.ones((size, size), bool), score)

    worse, better, apart = square(1, 10, 0.6), square(0, 10, 0.9), square(12, 6, 0.5)
    assert without_doubles([worse, better, apart], (20, 20)) == [better, apart]


def test_an_angle_is_between_the_means_under_a_mask():
    before = np.zeros((2, 4, 4), np.float32)
    before[0] = 1
    after = before.copy()
    after[:, 1, 1], after[:, 1, 2] = (0, 1), (0, 1)
    mask = np.array([[True, True], [False, False]])
    assert change_angle(Segment(slice(1, 3), slice(1, 3), mask, 1), before, after) == pytest.approx(90)
    assert change_angle(Segment(slice(1, 3), slice(1, 3), ~mask, 1), before, after) == pytest.approx(0, abs=0.1)


def test_the_worse_half_of_the_masks_is_left_out():
    """Three points, three squares; the model is sure of none of them, and of one less than of the others."""

    class Unsure:
        def encode(self, image, valid):
            return None

        def decode(self, embedding, prompts):
            number = int(prompts.points[0, 0]) // 32
            logits = np.full((32, 96), -5, np.float32)
            logits[8:24, 32 * number + 8 : 32 * number + 24] = 5
            return Decoded(logits, (0.3, 0.1, 0.2)[number])

    found = segments(Unsure(), np.zeros((32, 96, 3), np.uint8), np.ones((32, 96), bool), 2)
    assert [one.score for one in found] == pytest.approx([0.3, 0.2])
    assert [one.columns for one in found] == [slice(4, 12), slice(36, 44)]
