"""What is painted around changes: near, round, and never over other things of the class, or what has no data."""

import numpy as np
import pytest

from backend.models import oem
from backend.tasks.change.classes import classes_of
from backend.tasks.change.events import Change
from backend.tasks.change.happening import Happening, Moment
from backend.tasks.change.margin import with_margins
from backend.tasks.change.sequence import Events

HOUSE, TREE = 1, 3
CLASSES = classes_of(("unknown", "house", "road", "tree"), "")
ALL = np.ones((40, 40), bool)


def scene():
    """Return trees with a house that goes and one that stays, two pixels from it."""
    before = np.full((40, 40), TREE, np.uint8)
    before[10:20, 10:20] = before[10:20, 22:30] = HOUSE
    after = before.copy()
    after[10:20, 10:20] = TREE
    return before, after


def around(before, after, mode, reach=5.0, valid=ALL):
    events = Events(mode, value=HOUSE) if mode else None
    happening = Happening(CLASSES, 2, 0.3, events)
    times = [Moment(labels, CLASSES.seen(labels)) for labels in (before, after)]
    first, second = with_margins(times, happening, reach, valid)
    assert first is times[0]
    return second.around


@pytest.mark.parametrize("mode", ["remove", "add", "mix", "swap"])
def test_it_is_round_and_leaves_other_things_alone(mode):
    before, after = scene()
    if mode == "add":
        before, after = after, before
    found = around(before, after, mode)
    assert found[15, 5]
    assert not found[15, 4]
    assert not found[5, 5]
    assert found[7, 7]
    assert found[5:10, 10:20].all()
    assert not found[10:20, 10:20].any()
    assert not found[10:20, 22:30].any()
    assert found[10:20, 20:22].all()


def test_a_swap_leaves_what_is_of_the_class_that_went_and_all_buildings():
    before, after = scene()
    before[:10, 10:20], before[20:, 10:15], before[20:, 15:20] = 2, HOUSE, 2
    after[:10, 10:20], after[20:, 10:15], after[20:, 15:20] = 2, HOUSE, 2
    before[10:20, 10:20], after[10:20, 10:20] = 2, TREE
    found = around(before, after, "swap")
    assert not found[:, 10:20].any()
    assert found[10:20, 5:10].all()


def test_numbered_objects_stay():
    before, after = (np.where(one == HOUSE, 7, 0).astype(np.uint32) for one in scene())
    happening = Happening(CLASSES, 2, 0.3, None)
    times = [Moment(one, CLASSES.seen((one > 0).astype(np.uint8))) for one in (before, after)]
    _, later = with_margins(times, happening, 5.0, ALL)
    assert later.around[10:20, 20:22].all()
    assert not later.around[10:20, 22:30].any()


def test_no_data_stays():
    before, after = scene()
    before[21:23], after[21:23] = 255, 255
    valid = ALL.copy()
    valid[:, 8] = False
    found = around(before, after, "remove", valid=valid)
    assert not found[21:23].any()
    assert not found[:, 8].any()
    assert found[20, 10:20].all()


def test_without_a_reach_or_a_change_there_is_none():
    before, after = scene()
    assert around(before, after, "remove", reach=0.0) is None
    assert around(before, before, "remove") is None
    once = Moment(before, CLASSES.seen(before))
    gone = Moment(after, CLASSES.seen(after), (Change("remove", HOUSE, TREE, 100, None),))
    np.testing.assert_array_equal(gone.painted(once), before != after)


def test_each_of_several_times_has_its_own():
    before, after = scene()
    last = np.full_like(before, TREE)
    times = [Moment(labels, CLASSES.seen(labels)) for labels in (before, after, last)]
    _, second, third = with_margins(times, Happening(CLASSES, 3, 0.3, Events("remove", value=HOUSE)), 3.0, ALL)
    assert second.around[15, 8]
    assert not third.around[15, 8]
    assert third.around[15, 31]
    assert CLASSES.seen(before)[15, 15] == oem.BUILDING
