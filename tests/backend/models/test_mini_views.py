"""Which part of a crop Mini looks at, and at what scale: no weights needed."""

import numpy as np
import pytest

from backend.models.mini_clicks import extent, leave_untouched_parts, wanted_places
from backend.models.mini_views import CLOSE, NATIVE, View, around, first_view
from backend.models.segmenter import CropPrompts

CROP = (512, 512)


def prompts(*points, box=None):
    places = np.array([p[:2] for p in points], np.float32).reshape(-1, 2)
    labels = np.array([p[2] for p in points], np.int32)
    return CropPrompts(places, labels, None if box is None else np.array(box, np.float32))


def test_the_first_look_is_at_the_click_as_it_is():
    view = first_view(np.array([[300.5, 200.5]], np.float32), CROP)
    assert view.native
    assert (view.height, view.width) == (NATIVE, NATIVE)
    assert view.top % 8 == view.left % 8 == 0
    assert view.top < 200 < view.top + NATIVE


def test_clicks_far_apart_are_seen_from_farther_away():
    view = first_view(np.array([[10, 20], [500, 480]], np.float32), CROP)
    assert (view.height, view.width, max(view.size)) == (512, 512, NATIVE)


@pytest.mark.parametrize(("side", "seen"), [(20, CLOSE), (60, CLOSE), (120, NATIVE), (400, NATIVE)])
def test_small_objects_are_enlarged_and_large_ones_made_smaller(side, seen):
    view = around((100, 100, 100 + side, 100 + side), CROP)
    assert max(view.size) == seen
    assert view.suits((100, 100, 100 + side, 100 + side), CROP)


def test_a_view_stays_on_the_crop():
    view = around((0, 500, 12, 512), CROP)
    assert (view.top + view.height, view.left) == (512, 0)
    narrow = around((0, 0, 90, 300), (300, 90))
    assert (narrow.height, narrow.width) == (300, 90)


def test_a_view_does_not_suit_what_it_cuts_off_or_makes_tiny():
    view = View(100, 100, 100, 100, (CLOSE, CLOSE))
    assert view.suits((120, 120, 180, 180), CROP)
    assert not view.suits((120, 120, 200, 180), CROP)
    assert not view.suits((120, 120, 130, 130), CROP)
    assert View(412, 100, 100, 100, (CLOSE, CLOSE)).suits((120, 440, 180, 512), CROP)


def test_places_and_maps_go_into_a_view_and_come_back():
    view = View(40, 80, 80, 80, (160, 160))
    assert view.placed(np.array([[80, 40], [120, 80]], np.float32)).tolist() == [[0, 0], [80, 80]]
    assert view.holds(np.array([[80, 40], [160, 80]], np.float32)).tolist() == [True, False]
    logits = np.full((80, 80), -4.0, np.float32)
    logits[20:60, 20:60] = 4
    whole = view.pasted(logits, (200, 240), -8.0)
    assert (whole > 0).sum() == 40 * 40
    assert (whole > 0)[60:100, 100:140].all()
    assert whole[0, 0] == -8
    again = view.cut(whole[::2, ::2], 2, (40, 40)) > 0
    assert again[11:29, 11:29].all()
    assert not again[:8].any()


def test_the_extent_holds_mask_and_clicks():
    mask = np.zeros((40, 60), bool)
    mask[10:20, 30:50] = True
    assert extent(mask, np.array([[5, 15]], np.float32)) == (5, 10, 50, 20)
    assert extent(np.zeros((4, 4), bool), np.array([[5, 15]], np.float32)) == (5, 15, 5, 15)


def test_wanted_are_positive_clicks_and_a_boxes_corners():
    assert wanted_places(prompts((1, 2, 1), (3, 4, 0))).tolist() == [[1, 2]]
    assert wanted_places(prompts((3, 4, 0), box=(1, 2, 5, 6))).tolist() == [[1, 2], [5, 6]]


def test_parts_without_a_click_are_left_out():
    logits = np.full((20, 20), -1.0, np.float32)
    logits[2:6, 2:6] = logits[10:14, 10:14] = 1
    leave_untouched_parts(logits, prompts((3.5, 3.5, 1)))
    assert (logits > 0).sum() == 16
    assert logits[3, 3] > 0
