import numpy as np
import pytest

from backend.errors import BadInput
from backend.tasks.locate.folds import block_folds, blocks_of, column_folds, fitting_side, random_folds
from backend.tasks.locate.points import Points
from backend.tasks.locate.score import splits_of


def globe(count, seed=0):
    generator = np.random.default_rng(seed)
    latitude = np.degrees(np.arcsin(generator.uniform(-1, 1, count)))
    return np.stack([generator.uniform(-180, 180, count), latitude], 1)


def kilometres(one, other):
    (a, b), (c, d) = np.radians(one).T, np.radians(other).T
    return 6371 * np.arccos(np.clip(np.sin(b) * np.sin(d) + np.cos(b) * np.cos(d) * np.cos(a - c), -1, 1))


def test_random_folds_are_equal_and_the_same_again():
    folds = random_folds(103, 5, 0)
    assert sorted(np.bincount(folds)) == [20, 20, 21, 21, 21]
    assert np.array_equal(folds, random_folds(103, 5, 0))
    assert not np.array_equal(folds, random_folds(103, 5, 1))


def test_a_block_is_held_out_whole():
    places = globe(2000)
    blocks, folds = blocks_of(places, 1000), block_folds(places, 1000, 5, 0)
    assert all(len(set(folds[blocks == block])) == 1 for block in np.unique(blocks))
    assert np.bincount(folds).min() > 300


def test_blocks_have_their_size_everywhere_and_also_over_the_antimeridian():
    places = globe(4000)
    blocks = blocks_of(places, 800)
    for block in np.unique(blocks):
        inside = places[blocks == block]
        assert kilometres(inside[:1].repeat(len(inside), 0), inside).max() < 2 * 800
    assert blocks_of(globe(60_000), 800).max() + 1 == pytest.approx(5.1e8 / 800**2, rel=0.1)
    near = blocks_of(np.array([[180.0, 10.0], [-180.0, 10.0], [179.0, 89.9], [-1.0, 89.9]]), 800)
    assert near[0] == near[1]


def test_the_side_fits_how_wide_the_places_lie():
    assert fitting_side(globe(2000)) == 2000
    city = np.random.default_rng(0).uniform(0, 0.3, (500, 2)) + np.array([13.2, 52.4])
    side = fitting_side(city)
    assert 2 < side < 10
    assert blocks_of(city, side).max() + 1 >= 30
    assert fitting_side(np.tile([[5.0, 5.0]], (40, 1))) <= 0.001


def test_places_of_one_block_have_no_honest_score():
    points = Points("p.csv", np.tile([[5.0, 5.0]], (40, 1)), {})
    with pytest.raises(BadInput, match="lie in one block of 100 km; give smaller blocks"):
        splits_of(points, 100.0, None)


def test_a_columns_values_are_folds():
    folds, names = column_folds(["b", "a", "b", "c"])
    assert folds.tolist() == [1, 0, 1, 2]
    assert names == ("a", "b", "c")
