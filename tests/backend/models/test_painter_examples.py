import numpy as np

from backend.models.painter_examples import copied, examples, finer

SIDE = 32


def chance():
    return np.random.default_rng(0)


def scene():
    """A house of 6 x 5 at (4, 3), and where another is to be; all else is land."""
    classes, painted = np.full((SIDE, SIDE), 1, np.uint8), np.zeros((SIDE, SIDE), bool)
    classes[4:10, 3:8] = 8
    classes[20:26, 18:23] = 8
    painted[20:26, 18:23] = True
    return classes, painted


def test_a_part_begins_from_what_has_its_shape_and_class():
    classes, painted = scene()
    found = examples(classes, painted, chance())
    assert found[:, 20, 18].tolist() == [4, 3]
    assert found[:, 25, 22].tolist() == [9, 7]
    np.testing.assert_array_equal(copied(found), painted)
    fine = finer(found, 4)
    assert fine[:, 83, 73].tolist() == [19, 13]
    assert fine[:, 3, 5].tolist() == [3, 5]


def test_nothing_is_copied_from_what_is_painted_too_or_is_too_small():
    classes, painted = scene()
    whole = np.ones_like(painted)
    assert not copied(examples(classes, whole, chance())).any()
    classes[4:10, 3:8] = 1
    classes[0:3, 0:5] = 8  # half of what is to be painted
    assert not copied(examples(classes, painted, chance())).any()


def test_where_the_place_lacks_some_cells_those_are_left():
    classes, painted = scene()
    classes[4, 3] = 1
    found = copied(examples(classes, painted, chance()))
    assert found.sum() == painted.sum() - 1
    assert not found[20, 18]


def test_the_unknown_class_has_no_examples_and_chance_decides_among_equals():
    classes, painted = scene()
    classes[painted] = 0
    assert not copied(examples(classes, painted, chance())).any()
    classes[painted] = 1
    land = [examples(classes, painted, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(land[0], land[1])
    assert (land[0] != land[2]).any()
