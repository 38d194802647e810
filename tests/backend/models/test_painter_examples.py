import numpy as np

from backend.models.painter_examples import examples

SIDE = 32


def chance():
    return np.random.default_rng(0)


def scene():
    """A house of 6 x 5 at (4, 3), like none else; where another is to be; all else is land."""
    picture = np.random.default_rng(1).random((3, SIDE, SIDE), np.float32)
    classes, painted = np.full((SIDE, SIDE), 1, np.uint8), np.zeros((SIDE, SIDE), bool)
    classes[4:10, 3:8] = 8
    classes[20:26, 18:23] = 8
    painted[20:26, 18:23] = True
    return picture, classes, painted


def test_a_part_begins_from_what_has_its_shape_and_class():
    picture, classes, painted = scene()
    found, copied = examples(picture, classes, painted, chance())
    np.testing.assert_array_equal(found[:, 20:26, 18:23], picture[:, 4:10, 3:8])
    np.testing.assert_array_equal(copied, painted)
    np.testing.assert_array_equal(found[:, ~painted], picture[:, ~painted])


def test_nothing_is_copied_from_what_is_painted_too_or_is_too_small():
    picture, classes, painted = scene()
    whole = np.ones_like(painted)
    assert not examples(picture, classes, whole, chance())[1].any()
    classes[4:10, 3:8] = 1
    classes[0:3, 0:5] = 8  # half of what is to be painted
    assert not examples(picture, classes, painted, chance())[1].any()


def test_where_the_place_lacks_some_cells_those_are_left():
    picture, classes, painted = scene()
    classes[4, 3] = 1
    copied = examples(picture, classes, painted, chance())[1]
    assert copied.sum() == painted.sum() - 1
    assert not copied[20, 18]


def test_the_unknown_class_has_no_examples_and_chance_decides_among_equals():
    picture, classes, painted = scene()
    classes[painted] = 0
    assert not examples(picture, classes, painted, chance())[1].any()
    classes[painted] = 1
    land = [examples(picture, classes, painted, np.random.default_rng(seed))[0] for seed in (0, 0, 1)]
    np.testing.assert_array_equal(land[0], land[1])
    assert (land[0] != land[2]).any()
