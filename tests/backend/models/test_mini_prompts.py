import numpy as np

from backend.models.mini_prompts import draw

SIMILAR = np.zeros((2, 16, 16), np.float32)
SIMILAR[0] = 1
SIMILAR[:, 8:] = [[[0]], [[1]]]
NONE = np.empty((0, 2), np.float32), np.empty(0, np.int32)


def test_a_click_peaks_where_it_is():
    maps = draw(np.array([[22, 14]], np.float32), np.array([1], np.int32), None, None, SIMILAR)
    assert np.unravel_index(maps[0].argmax(), (16, 16)) == (3, 5)
    assert not maps[2].any()


def test_positive_and_negative_have_their_own_maps():
    maps = draw(np.array([[2, 2], [62, 62]], np.float32), np.array([1, 0], np.int32), None, None, SIMILAR)
    assert maps[0, 0, 0] > 0.9 > maps[0, 15, 15]
    assert maps[2, 15, 15] > 0.9 > maps[2, 0, 0]


def test_likeness_is_that_of_the_clicked_place():
    maps = draw(np.array([[30, 10]], np.float32), np.array([1], np.int32), None, None, SIMILAR)
    assert (maps[6, :8] == 1).all()
    assert (maps[6, 8:] == 0).all()


def test_a_box_fills_every_cell_it_touches():
    maps = draw(*NONE, np.array([8, 16, 24, 32], np.float32), None, SIMILAR)
    rows, columns = np.nonzero(maps[4])
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (3, 8, 1, 6)


def test_an_earlier_answer_keeps_its_sign():
    previous = np.where(np.arange(16) < 8, -3, 3)[None].repeat(16, 0).astype(np.float32)
    assert np.array_equal(np.sign(draw(*NONE, None, previous, SIMILAR)[5]), np.sign(previous))
