import numpy as np

from backend.training.clicks import deepest, next_click, somewhere


def square(top, left, side, size=40):
    mask = np.zeros((size, size), bool)
    mask[top : top + side, left : left + side] = True
    return mask


def test_the_first_click_is_in_the_middle():
    x, y, label = next_click(square(10, 20, 9), np.zeros((40, 40), bool))
    assert (x, y, label) == (24.5, 14.5, 1)


def test_the_next_click_goes_to_the_larger_error():
    truth = square(5, 5, 11)
    assert next_click(truth, square(5, 5, 11) | square(25, 25, 9)) == (29.5, 29.5, 0)
    assert next_click(truth | square(25, 25, 9), truth) == (29.5, 29.5, 1)


def test_the_border_counts_as_outside():
    row, column, depth = deepest(np.ones((9, 9), bool))
    assert (row, column, depth) == (4, 4, 5.0)


def test_nothing_has_no_depth():
    assert deepest(np.zeros((9, 9), bool)) == (0, 0, 0.0)


def test_a_loose_click_is_inside():
    drawn, mask = np.random.default_rng(0), square(3, 4, 5)
    for _ in range(20):
        x, y, _ = somewhere(mask, drawn)
        assert mask[int(y), int(x)]
