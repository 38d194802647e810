"""Change events on drawn maps of classes."""

from itertools import pairwise

import numpy as np
import pytest

from backend.errors import BadInput
from backend.models import oem
from backend.protocol import codes
from backend.tasks.change.events import (
    ADD,
    REMOVE,
    SWAP,
    add_object,
    remove_add,
    remove_instances,
    remove_object,
    swap,
    tabulated,
)
from backend.tasks.change.parts import parts_of
from backend.tasks.change.sequence import MODES, Events, sequence
from backend.tasks.change.transitions import NO_DATA, OEM, Transitions, alike, own

SHAPE = (90, 120)


def drawn(*boxes, value=1, shape=SHAPE):
    """Return a map of zeros with boxes (row, column, rows, columns) of `value`."""
    found = np.zeros(shape, np.uint8)
    for row, col, rows, columns in boxes:
        found[row : row + rows, col : col + columns] = value
    return found


HOUSES = drawn(*((10 * row + 2, 20 * col + 3, 9, 8) for row in range(4) for col in range(5)))


def seeded(seed=0):
    return np.random.default_rng(seed)


def fields(seed=0, side=120, classes=9):
    """Return a map whose parts are of all sizes."""
    from scipy.ndimage import gaussian_filter

    random = seeded(seed)
    return np.argmax([gaussian_filter(random.random((side, side)), 2) for _ in range(classes)], 0).astype(np.uint8)


def test_the_published_table_has_38_transitions_of_known_classes():
    assert sum(len(OEM.allowed[number]) for number in range(1, 9)) == 38
    assert OEM.allowed[oem.UNKNOWN] == tuple(range(1, 9))
    assert len(OEM.names) == len(oem.COLOURS) == 9


@pytest.mark.parametrize(("rows", "columns", "counts"), [(8, 8, False), (5, 13, True)])
def test_an_object_has_more_than_64_pixels(rows, columns, counts):
    labels = drawn((20, 30, rows, columns))
    assert bool(parts_of(labels, 1)) is counts
    assert bool(remove_object(labels, seeded()).changes) is counts
    assert bool(add_object(labels, seeded()).changes) is counts


def test_parts_that_touch_at_corners_are_one():
    labels = drawn((10, 10, 6, 6), (16, 16, 6, 6))
    assert [part.pixels for part in parts_of(labels, 1)] == [72]


@pytest.mark.parametrize("event", [add_object, remove_object, remove_add, swap])
def test_a_seed_gives_the_same_event(event):
    again = [event(HOUSES, seeded(seed)) for seed in (4, 4, 5)]
    assert (again[0].labels == again[1].labels).all()
    assert again[0].changes == again[1].changes
    assert (again[0].labels != again[2].labels).any()
    assert HOUSES.sum() == 20 * 72


@pytest.mark.parametrize("least", [1, 3])
def test_counts_are_between_the_bounds_and_meet_both(least):
    counts = {len(remove_object(HOUSES, seeded(seed), most=4, least=least).changes) for seed in range(60)}
    assert counts == set(range(least, 5))


def test_more_than_there_are_takes_all():
    event = remove_object(HOUSES, seeded(), most=50, least=50)
    assert len(event.changes) == 20
    assert not event.labels.any()


def test_what_goes_leaves_others_as_they_were():
    labels = np.where(HOUSES, 8, 5).astype(np.uint8)
    labels[0] = 3
    event = remove_object(labels, seeded(1), value=8, most=6, becomes=None)
    changed = event.labels != labels
    assert changed.sum() == sum(change.pixels for change in event.changes) == 72 * len(event.changes)
    assert {(change.kind, change.before, change.after) for change in event.changes} == {(REMOVE, 8, 5)}
    assert tabulated(labels, event.labels) == {(8, 5): int(changed.sum())}


def test_the_class_around_is_not_no_data_and_may_be_missing():
    labels = drawn((20, 30, 10, 10), value=1)
    labels[labels == 0] = NO_DATA
    assert remove_object(labels, seeded(), becomes=None).changes == ()
    labels[30, 30:33] = 7
    assert remove_object(labels, seeded(), becomes=None).changes[0].after == 7


def test_copies_keep_their_shape_inside_on_free_ground():
    shape = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]], np.uint8).repeat(6, 0).repeat(5, 1)
    labels = np.zeros((40, 44), np.uint8)
    labels[2:20, 3:18] = shape
    rows, columns = set(), set()
    for seed in range(700):
        event = add_object(labels, seeded(seed), most=1)
        for change in event.changes:
            window = change.window
            rows.add(window.row)
            columns.add(window.col)
            assert (change.kind, change.before, change.after, change.pixels) == (ADD, 0, 1, shape.sum())
            place = np.s_[window.row : window.row + window.height, window.col : window.col + window.width]
            assert (event.labels[place] - labels[place])[shape > 0].all()
            assert event.labels.sum() == 2 * shape.sum()
    assert (min(rows), max(rows)) == (0, 40 - 18)
    assert (min(columns), max(columns)) == (0, 44 - 15)


def test_copies_may_be_bound_to_classes():
    labels = np.where(HOUSES, 8, 5).astype(np.uint8)
    labels[45:] = 2
    found = [add_object(labels, seeded(seed), value=8, on=[2]) for seed in range(20)]
    assert {change.before for event in found for change in event.changes} == {2}
    assert all((event.labels[:45] == labels[:45]).all() for event in found)


def test_nothing_is_added_where_there_is_no_room():
    labels = np.full((20, 20), NO_DATA, np.uint8)
    labels[:10, :9] = 1
    assert add_object(labels, seeded()).changes == ()


def test_swaps_follow_the_table_and_meet_all_of_it():
    seen = set()
    for seed in range(12):
        labels = fields(seed)
        event = swap(labels, seeded(seed), share=1.0)
        assert all(change.after in OEM.allowed[change.before] for change in event.changes)
        assert all(change.kind == SWAP and change.after != change.before for change in event.changes)
        seen |= {(change.before, change.after) for change in event.changes if change.before}
    # all but that of agriculture land to itself, which changes nothing
    assert len(seen) == 37


def test_parts_too_small_become_unknown_or_stay():
    labels = fields()
    kept = np.zeros(labels.shape, bool)
    for part in parts_of(labels):
        kept[part.here] |= part.mask
    assert 0.1 < kept.mean() < 0.95
    np.testing.assert_array_equal(swap(labels, seeded(), share=0.0).labels, np.where(kept, labels, 0))
    staying = Transitions(OEM.names, OEM.allowed)
    np.testing.assert_array_equal(swap(labels, seeded(), staying, 0.0).labels, labels)


def test_about_the_share_of_objects_is_swapped():
    chance = [len(swap(HOUSES, seeded(seed), own("ab", {"b": "a"}), 0.3).changes) for seed in range(100)]
    assert 5.3 < np.mean(chance) < 6.7


def test_no_data_stays():
    labels = fields()
    labels[:40] = labels[60, 60] = NO_DATA
    event = swap(labels, seeded(), share=1.0)
    np.testing.assert_array_equal(event.labels == NO_DATA, labels == NO_DATA)


def test_a_class_that_has_no_name_is_told():
    with pytest.raises(BadInput, match=r"hold 9, 77, but classes are 0 to 8") as told:
        swap(np.array([[0, 9], [77, NO_DATA]]), seeded())
    assert told.value.code == codes.PARAMETER_INVALID


def test_a_table_of_ones_own():
    table = own(["house", "field", "wood"], {"field": ["house", "wood"], "wood": ["field"]})
    assert table.allowed == {1: (0, 2), 2: (1,)}
    labels = fields(classes=3)
    event = swap(labels, seeded(), table, 1.0)
    assert set(tabulated(labels, event.labels)) == {(1, 0), (1, 2), (2, 1)}
    assert (event.labels[labels == 0] == 0).all()


@pytest.mark.parametrize("allowed", [{"field": ["lake"]}, {"lake": ["field"]}, {"field": ["field"]}])
def test_a_table_that_cannot_be_is_told(allowed):
    with pytest.raises(BadInput, match=r"lake|field"):
        own(["house", "field"], allowed)


def test_classes_that_are_like_the_published_ones():
    table = alike(
        ["oak", "pine", "shed", "lake", "sky"],
        {"oak": "tree", "pine": "tree", "shed": "building", "lake": "water"},
    )
    assert table.allowed == {0: (3,), 1: (3,), 2: (0, 1, 3), 3: (0, 1)}
    crops = alike(["wheat", "maize", "lake"], dict.fromkeys(["wheat", "maize"], "agriculture land") | {"lake": "water"})
    assert crops.allowed == {0: (2,), 1: (2,), 2: (0, 1)}
    with pytest.raises(BadInput, match="is said to be like 'wood'; name one of unknown, bare land"):
        alike(["oak"], {"oak": "wood"})


def test_instances_go_by_their_numbers():
    numbers = np.arange(1, 201).reshape(10, 20).repeat(3, 0).repeat(3, 1)
    numbers[:3] = 0
    event = remove_instances(numbers, seeded(), 0.25)
    gone = {change.before for change in event.changes}
    assert 25 < len(gone) < 65
    np.testing.assert_array_equal(event.labels, np.where(np.isin(numbers, list(gone)), 0, numbers))
    assert {change.pixels for change in event.changes} == {9}


@pytest.mark.parametrize("mode", MODES)
def test_sequences(mode):
    labels = fields() if mode == "swap" else HOUSES
    first, again, other = (sequence(labels, Events(mode), 6, seed) for seed in (1, 1, 2))
    assert len(first) == 5
    states = [labels, *(event.labels for event in first)]
    assert all((a != b).any() for a, b in pairwise(states))
    assert all((a.labels == b.labels).all() for a, b in zip(first, again, strict=True))
    assert any((a.labels != b.labels).any() for a, b in zip(first, other, strict=True))
    houses = [len(parts_of(state, 1)) for state in states]
    if mode == "remove":
        assert all(a > b for a, b in pairwise(houses))
    if mode == "add":
        assert all(a.sum() < b.sum() for a, b in pairwise(states))
    if mode == "mix":
        assert {change.kind for event in first for change in event.changes} == {ADD, REMOVE}


def test_events_that_cannot_be_are_told():
    with pytest.raises(BadInput, match="no event 'burn'; take one of add, remove, mix, swap"):
        Events("burn")
    with pytest.raises(BadInput, match="From 4 to 2"):
        Events("add", most=2, least=4)
