import numpy as np

from backend.models.painter_examples import copied, examples, finer

SIDE = 32


def begun(classes, painted, chance=None, along=None):
    """Return examples of what is all changed but for what goes along."""
    along = np.zeros_like(painted) if along is None else along
    return examples(classes, painted, painted | along, along, chance or np.random.default_rng(0))


def scene():
    """A house of 6 x 5 at (4, 3), and where another is to be; all else is land."""
    classes, painted = np.full((SIDE, SIDE), 1, np.uint8), np.zeros((SIDE, SIDE), bool)
    classes[4:10, 3:8] = 8
    classes[20:26, 18:23] = 8
    painted[20:26, 18:23] = True
    return classes, painted


def test_a_part_begins_from_what_has_its_shape_and_class():
    classes, painted = scene()
    found = begun(classes, painted)
    assert found[:, 20, 18].tolist() == [4, 3]
    assert found[:, 25, 22].tolist() == [9, 7]
    np.testing.assert_array_equal(copied(found), painted)
    fine = finer(found, 4)
    assert fine[:, 83, 73].tolist() == [19, 13]
    assert fine[:, 3, 5].tolist() == [3, 5]


def test_nothing_is_copied_from_what_is_painted_too_or_is_too_small():
    classes, painted = scene()
    whole = np.ones_like(painted)
    assert not copied(begun(classes, whole)).any()
    classes[4:10, 3:8] = 1
    classes[0:3, 0:5] = 8  # half of what is to be painted
    assert not copied(begun(classes, painted)).any()


def test_where_the_place_lacks_some_cells_those_are_left():
    classes, painted = scene()
    classes[4, 3] = 1
    found = copied(begun(classes, painted))
    assert found.sum() == painted.sum() - 1
    assert not found[20, 18]


def test_the_unknown_class_has_no_examples_and_chance_decides_among_equals():
    classes, painted = scene()
    classes[painted] = 0
    assert not copied(begun(classes, painted)).any()
    classes[painted] = 1
    land = [begun(classes, painted, np.random.default_rng(seed)) for seed in (0, 0, 1)]
    np.testing.assert_array_equal(land[0], land[1])
    assert (land[0] != land[2]).any()


def test_what_goes_along_takes_the_same_shift_but_from_nothing_of_the_class_and_not_from_beyond_the_picture():
    classes, painted = scene()
    along = np.zeros_like(painted)
    along[18:28, 12:25] = True  # the house they come from is three cells from the edge
    along &= ~painted
    classes[2:4, 3:5] = 8  # touches it
    found = begun(classes, painted, along=along)
    there = copied(found)
    np.testing.assert_array_equal(there[painted], True)
    assert (found[:, there] == np.indices(there.shape)[:, there] - 16 + np.array([[0], [1]])).all()
    lacking = along & ~there
    expected = np.zeros_like(along)
    expected[18:28, 12:15] = True
    expected[18:20, 18:20] = True
    np.testing.assert_array_equal(lacking, expected & along)


def test_places_with_more_around_them_are_taken():
    """A piece of a large roof is as good for the part, but has no ground around it."""
    classes, painted = scene()
    classes[:16, 10:] = 8
    along = np.zeros_like(painted)
    along[19:27, 17:24] = True
    along &= ~painted
    for seed in range(4):
        found = begun(classes, painted, np.random.default_rng(seed), along)
        assert found[:, 20, 18].tolist() == [4, 3]
