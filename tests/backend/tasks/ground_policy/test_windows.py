import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.raster import Window
from backend.tasks.ground_policy.windows import Box, to_window, top_boxes, window_scores


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 30), st.integers(3, 30), st.integers(1, 3), st.integers(1, 5), st.integers(0, 9))
def test_scores_are_the_windows_means(height, width, size, stride, seed):
    relevance = np.random.default_rng(seed).random((height, width), np.float32)
    scores, rows, columns = window_scores(relevance, (size, size), stride)
    assert rows[-1] + size == height
    assert columns[-1] + size == width
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            assert np.isclose(scores[i, j], relevance[row : row + size, column : column + size].mean(), atol=1e-5)


def spots(*places, shape=(60, 80)):
    relevance = np.zeros(shape, np.float32)
    for row, column, value in places:
        relevance[row : row + 2, column : column + 2] = value
    return relevance


def covers(box, row, column):
    return box.row <= row and row + 2 <= box.row + box.height and box.column <= column < box.column + box.width


def test_each_spot_gets_a_box_the_strongest_first():
    places = [(5, 5, 0.6), (50, 70, 0.9), (30, 20, 0.7)]
    found = top_boxes(spots(*places), 16, 8, most=9)
    assert len(found) == 3
    order = sorted(places, key=lambda place: -place[2])
    assert all(covers(box, *place[:2]) for box, place in zip(found, order, strict=True))


def test_boxes_overlap_little():
    relevance = np.random.default_rng(0).random((64, 64), np.float32)
    found = top_boxes(relevance, 16, 4, most=12, overlap=0.25)
    assert len(found) > 5
    for i, one in enumerate(found):
        for two in found[:i]:
            rows = max(0, 16 - abs(one.row - two.row))
            assert rows * max(0, 16 - abs(one.column - two.column)) <= 0.25 * 256


def test_what_is_too_weak_or_unknown_asks_for_no_box():
    relevance = spots((5, 5, 0.3), (40, 40, 0.8))
    relevance[:30] = np.where(relevance[:30] > 0, relevance[:30], np.nan)
    assert [covers(box, 40, 40) for box in top_boxes(relevance, 16, 8, most=9, least=0.5)] == [True]
    assert top_boxes(np.zeros((20, 20), np.float32), 8, 4, most=3) == []


def test_most_is_the_limit_and_equal_boxes_come_in_order():
    found = top_boxes(np.ones((32, 32), np.float32), 16, 16, most=3)
    assert [(box.row, box.column) for box in found] == [(0, 0), (0, 16), (16, 0)]


def test_a_map_smaller_than_a_box_is_one_box():
    assert top_boxes(np.ones((5, 9), np.float32), 16, 8, most=3) == [Box(0, 0, 5, 9, 1.0)]


def test_a_box_is_placed_in_the_source_and_ends_with_it():
    within = Window(100, 200, 250, 130)
    assert to_window(Box(1, 2, 4, 4, 1.0), 16, within) == Window(132, 216, 64, 64)
    assert to_window(Box(5, 12, 4, 4, 1.0), 16, within) == Window(292, 280, 58, 50)
