"""Which tiles are worth a closer look."""

import numpy as np

from backend.tasks.ground_policy.closer import Closeness, crops, is_relevant

HOW = Closeness(least=0.4, across=2, say=0.5)
ALL = np.ones((32, 32), np.float32)


def spot(row, column, size=4, value=1.0):
    relevance = np.zeros((32, 32), np.float32)
    relevance[row : row + size, column : column + size] = value
    return relevance


def test_a_tile_is_read_for_a_small_spot():
    assert is_relevant(spot(10, 20), ALL, 4, HOW)
    assert not is_relevant(spot(10, 20, value=0.3), ALL, 4, HOW)


def test_one_cell_alone_is_averaged_away():
    assert not is_relevant(spot(10, 20, size=1), ALL, 4, HOW)


def test_a_spot_where_another_tile_says_more_is_not_this_one_s():
    share = np.tile(np.linspace(0, 1, 32, dtype=np.float32), (32, 1))
    assert is_relevant(spot(10, 24), share, 4, HOW)
    assert not is_relevant(spot(10, 4), share, 4, HOW)


def test_a_tile_smaller_than_the_window_is_averaged_whole():
    assert is_relevant(np.full((2, 3), 0.5, np.float32), np.ones((2, 3), np.float32), 8, HOW)


def test_the_best_crops_come_first_and_overlap_little():
    relevance = np.zeros((128, 128), np.float32)
    relevance[40:60, 40:60], relevance[90:100, 90:100] = 0.9, 0.6
    first, second = crops(relevance, HOW)[:2]
    assert first.score > second.score
    assert first.row <= 40
    assert first.row + first.height >= 60
    assert abs(first.row - second.row) >= 24 or abs(first.column - second.column) >= 24
    assert crops(np.full((64, 64), 0.3, np.float32), HOW) == []
