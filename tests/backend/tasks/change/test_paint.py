"""Painting over areas of any size, with a painter that also spoils what it must leave alone."""

import numpy as np
import pytest

from backend.models import oem
from backend.tasks.change.paint import Canvas, Wanted, paint, pieces, windows_of
from tests.backend.tasks.change.scenes import Plain, picture


def done(changed, painter=None, valid=None, around=None):
    valid = np.ones(changed.shape, bool) if valid is None else valid
    before = np.where(valid, oem.TREE, 255).astype(np.uint8)
    after = np.where(changed & valid, oem.ROAD, before).astype(np.uint8)
    image = picture(np.full(changed.shape, 3))
    canvas = Canvas(image, valid, 1000, 2000, 0.5)
    painter, wanted = (
        painter or Plain(),
        Wanted(before, after, changed, changed if around is None else changed | around),
    )
    told = []
    return image, paint(painter, canvas, wanted, 4, 7, lambda: told.append(1)), painter, told


@pytest.mark.parametrize("shape", [(64, 64), (40, 50), (65, 64), (64, 300), (130, 157), (333, 70), (97, 96)])
def test_all_that_changed_is_painted_and_nothing_else(shape):
    changed = np.ones(shape, bool)
    changed[3:5, 4:7] = False
    image, found, *_ = done(changed)
    assert (found[changed] == 255).all()
    assert (found[~changed] == image[~changed]).all()


def test_cores_tile_the_picture_and_windows_have_a_margin():
    for length in (64, 65, 95, 96, 97, 128, 160, 1000):
        taken = np.zeros((60, length), int)
        for piece in pieces(taken.shape, 64):
            taken[piece.core] += 1
            window = piece.window
            assert (window.col % 8, window.row) == (0, 0)
            assert window.col + 64 < length + 8
            assert window.col <= piece.core[1].start < piece.core[1].stop <= window.col + 64
            left, right = piece.core[1].start - window.col, window.col + 64 - piece.core[1].stop
            assert left >= 16 or piece.core[1].start == 0 or piece.core[1].stop == length
            assert right >= 16 or piece.core[1].stop == length
        assert (taken == 1).all()


def test_what_was_painted_is_known_to_the_next_window():
    changed = np.zeros((64, 200), bool)
    changed[20:40] = True
    _, _, painter, told = done(changed)
    assert len(painter.shown) == len(told) == windows_of(changed, 64) > 2
    for before, after, *_ in painter.shown[1:]:
        painted = (before == after) & (after == oem.ROAD)
        assert painted[20:40, :8].all()


def test_windows_without_changes_are_not_run_and_an_object_inside_one_is_painted_at_once():
    changed = np.zeros((640, 640), bool)
    changed[40:60, 40:60] = True  # over four cores, inside the first window but for its rim
    changed[600:610, 600:610] = True
    _, found, painter, _ = done(changed)
    assert (found[changed] == 255).all()
    assert len(painter.shown) == 2 < windows_of(changed, 64)


def test_a_window_is_told_where_it_lies_and_what_lies_in_holes():
    changed = np.zeros((40, 300), bool)
    changed[5:30, 200:220] = True
    valid = np.ones(changed.shape, bool)
    valid[10:20, 205:215] = False
    image, found, painter, _ = done(changed, valid=valid)
    assert (found[~valid] == image[~valid]).all()
    assert (found[changed & valid] == 255).all()
    [(before, after, _, place)] = painter.shown
    assert (place.row, place.seed, place.metres, place.steps) == (2000, 4, 0.5, 7)
    assert 1000 + 200 - 64 < place.col < 1200
    assert (before[40:] == 255).all()
    assert ((before != after).sum(), (after == oem.ROAD).sum()) == (500 - 100, 400)


def test_classes_that_are_alike_are_painted_too():
    painter = Plain()
    labels = np.full((64, 64), oem.TREE, np.uint8)
    changed = np.zeros((64, 64), bool)
    changed[:9] = True
    canvas = Canvas(picture(np.full((64, 64), 3)), np.ones((64, 64), bool), 0, 0, 1.0)
    found = paint(painter, canvas, Wanted(labels, labels, changed, changed), 1, 5, lambda: None)
    [(before, after, *_)] = painter.shown
    assert ((before != after) == changed).all()
    assert (after == oem.TREE).all()
    assert (found[9:] == canvas.picture[9:]).all()


def test_objects_of_one_kind_are_told_as_0_and_1():
    painter = Plain()
    painter.classes = ()
    before, after = np.full((64, 64), oem.TREE, np.uint8), np.full((64, 64), oem.TREE, np.uint8)
    after[10:30, 10:30] = oem.BUILDING
    canvas = Canvas(picture(np.full((64, 64), 3)), np.ones((64, 64), bool), 0, 0, 1.0)
    paint(painter, canvas, Wanted(before, after, before != after, before != after), 1, 5, lambda: None)
    [(seen, then, *_)] = painter.shown
    assert set(np.unique(seen)) == {0}
    assert (then == (after == oem.BUILDING)).all()


def test_around_changes_is_painted_too_and_told_as_what_it_is():
    changed, around = np.zeros((64, 200), bool), np.zeros((64, 200), bool)
    changed[20:40, 30:150] = True
    around[15:45, 25:160] = True
    around &= ~changed
    image, found, painter, _ = done(changed, around=around)
    left = ~(changed | around)
    assert (found[left] == image[left]).all()
    tree = tuple(bytes.fromhex(oem.COLOURS[oem.TREE][1:]))
    assert (found[around] == tree).all()
    assert (found[changed] == 255).all()
    for before, after, painted, _ in painter.shown:
        assert (painted & (before == after)).any()
