"""A person's classes as OpenEarthMap's, and what may happen to them."""

from itertools import pairwise

import numpy as np
import pytest

from backend.errors import BadInput
from backend.models import oem
from backend.tasks.change.classes import classes_of
from backend.tasks.change.happening import happening_of, told_to, unlike
from backend.tasks.change.parameters import ChangeParameters
from tests.backend.tasks.change import scenes

OURS = ("unknown", "house", "road", "tree", "oddity")


def asked(**values):
    return ChangeParameters.parse({"class": "house", **values})


def refused(function, *given):
    with pytest.raises(BadInput) as error:
        function(*given)
    return error.value.detail


def test_likeness_is_said_or_the_same_or_a_synonym():
    found = classes_of(OURS, "tree=rangeland")
    assert found.like == (oem.UNKNOWN, oem.BUILDING, oem.ROAD, oem.RANGE, oem.UNKNOWN)
    assert [one["how"] for one in found.described()] == ["same", "synonym", "same", "said", "none"]
    assert (found.seen(np.array([[1, 255, 3]], np.uint8)) == [[oem.BUILDING, 255, oem.RANGE]]).all()


def test_wrong_likenesses():
    assert refused(classes_of, OURS, "hut=building").startswith("like says what 'hut' is like")
    assert refused(classes_of, OURS, "house=castle").startswith("'house' is said to be like 'castle'; name one of")


def test_a_swap_of_ones_own_classes_follows_likeness_and_leaves_small_parts():
    table = classes_of(OURS, "").transitions(asked(event="swap"))
    assert ({name: to for name, to in table.allowed.items() if to}, table.unknown) == ({1: (3,), 2: (3,)}, None)
    assert classes_of(oem.NAMES, "").transitions(asked(event="swap")).unknown is None
    own = classes_of(OURS, "").transitions(asked(event="swap", table="tree=house, oddity;road=tree"))
    assert (own.allowed[3], own.allowed[2], own.allowed.get(1)) == ((1, 4), (3,), None)


def test_events_that_cannot_be():
    classes = classes_of(OURS, "")
    no_kind = refused(happening_of, asked(**{"class": "oddity"}), classes, oem.NAMES)
    assert no_kind.startswith("class is 'oddity'; say what it is like, such as like oddity=building.")
    assert "no such class; name one of unknown, house" in refused(happening_of, asked(**{"class": "x"}), classes, ())
    assert "become itself" in refused(happening_of, asked(becomes="House"), classes, oem.NAMES)
    assert "knows buildings only" in refused(happening_of, asked(event="swap"), classes, ())
    assert "and class is 'tree'" in refused(happening_of, asked(**{"class": "tree"}), classes, ())
    assert happening_of(asked(becomes="tree"), classes, ())
    lone = classes_of(("unknown", "house"), "")
    assert "No class of the labels may become another" in refused(happening_of, asked(event="swap"), lone, oem.NAMES)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"least": 6}, "From 6 to 5 objects is no range"),
        ({"validation": 0.7, "test": 0.5}, "more than all places"),
        ({"side": 20}, "squares have 64 pixels a side at least"),
        ({"class": ""}, "Say of which class objects come or go"),
        ({"table": "a=b"}, "the event is remove; leave table out"),
        ({"event": "add", "becomes": "tree"}, "and the event is add; leave becomes out"),
        ({"event": "swap", "becomes": "tree"}, "and the event is swap; leave becomes out"),
        ({"event": "instances", "becomes": "tree"}, "and the event is instances; leave becomes out"),
        ({"seed": 1.5}, "it must be a whole number from 0 to 2147483647"),
        ({"like": 3}, "like is 3; it must be text"),
        ({"colour": "red"}, "'colour' is no parameter here"),
        ({"event": "burn"}, "burn"),
    ],
)
def test_wrong_parameters(values, said):
    assert said in refused(ChangeParameters.parse, {"class": "house", **values})


def test_removal_leaves_what_is_around_and_names_what_is_unlike():
    classes = classes_of(("unknown", "house", "road", "oddity"), "")
    labels = scenes.labels()
    before, after = happening_of(asked(most=100, least=100), classes, oem.NAMES).moments(labels, 3)
    assert len(after.changes) == len(scenes.HOUSES)
    assert set(np.unique(after.labels)) == {2, 3}
    assert unlike(classes, [before, after]) == ["oddity"]
    kept = happening_of(asked(most=100, least=100, becomes="road"), classes, oem.NAMES).moments(labels, 3)[1]
    assert (kept.labels[labels == 1] == 2).all()
    assert (kept.seen[labels == 1] == oem.ROAD).all()


def test_numbered_objects_go_whatever_their_numbers():
    numbers = np.zeros((40, 60), np.int32)
    numbers[3:9, 3:9], numbers[20:30, 20:30], numbers[5:10, 40:50] = 7, 2_000_000_000, 12
    classes = classes_of(("unknown", "house"), "")
    happening = happening_of(asked(event="instances", share=0.5, times=4), classes, oem.NAMES)
    moments = happening.moments(numbers, 5)
    gone = [one.before for moment in moments for one in moment.changes]
    assert gone
    assert set(gone) <= {7, 12, 2_000_000_000}
    for earlier, later in pairwise(moments):
        for number in (7, 12, 2_000_000_000):
            left = later.labels == number
            assert not left.any() or (left == (earlier.labels == number)).all()
        assert (later.seen == np.where(later.labels > 0, oem.BUILDING, 0)).all()


def test_what_a_painter_is_told_differs_exactly_where_labels_changed():
    before = np.array([[0, 5, 5, 8]], np.uint8)
    after = np.array([[0, 5, 4, 8]], np.uint8)
    changed = np.array([[True, False, True, True]])
    for painter in (oem.NAMES, ()):
        one, other = told_to(painter, before, after, changed)
        assert ((one != other) == changed).all()
