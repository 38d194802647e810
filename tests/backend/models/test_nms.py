import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.models.nms import iou, suppress

corner = st.integers(0, 6)
box = st.tuples(corner, corner, st.integers(0, 5), st.integers(0, 5)).map(lambda b: (*b[:2], b[0] + b[2], b[1] + b[3]))
rows = st.lists(st.tuples(box, st.integers(0, 4), st.integers(0, 2)), max_size=14)


def arrays(found):
    boxes = np.array([row[0] for row in found], np.float32).reshape(-1, 4)
    return boxes, np.array([row[1] for row in found], np.float32) / 4, np.array([row[2] for row in found], np.intp)


def pixels(box):
    return {(x, y) for x in range(int(box[0]), int(box[2])) for y in range(int(box[1]), int(box[3]))}


def slowly(boxes, scores, classes, overlap):
    """Take boxes from the best on; skip one that a taken one of its class covers. IoU is counted in pixels."""
    taken = []
    for k in sorted(range(len(boxes)), key=lambda k: -scores[k]):
        shared = [
            len(pixels(boxes[k]) & pixels(boxes[j])) / max(1, len(pixels(boxes[k]) | pixels(boxes[j])))
            for j in taken
            if classes[j] == classes[k]
        ]
        if all(part <= overlap for part in shared):
            taken.append(k)
    return taken


@settings(max_examples=150, deadline=None)
@given(rows, st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))
def test_what_stays_is_what_the_definition_says(found, overlap):
    boxes, scores, classes = arrays(found)
    assert suppress(boxes, scores, classes, overlap).tolist() == slowly(boxes, scores, classes, overlap)


def test_classes_do_not_touch_each_other():
    boxes = np.array([[0, 0, 4, 4], [0, 0, 4, 4], [0, 0, 4, 4]], np.float32)
    scores = np.array([0.2, 0.9, 0.5], np.float32)
    assert suppress(boxes, scores, np.array([0, 1, 1]), 0.5).tolist() == [1, 0]


def test_a_chain_is_not_swallowed_whole():
    """The middle box takes both ends with it; the best end leaves the other end alone."""
    boxes = np.array([[0, 0, 4, 1], [1, 0, 5, 1], [2, 0, 6, 1]], np.float32)
    same = np.zeros(3, np.intp)
    assert suppress(boxes, np.array([0.5, 0.9, 0.4], np.float32), same, 0.4).tolist() == [1]
    assert suppress(boxes, np.array([0.9, 0.5, 0.4], np.float32), same, 0.4).tolist() == [0, 2]


def test_equal_scores_keep_their_order():
    boxes = np.array([[k, 0, k + 1, 1] for k in range(20)], np.float32)
    assert suppress(boxes, np.ones(20, np.float32), np.zeros(20, np.intp), 0.5).tolist() == list(range(20))


def test_boxes_without_area_overlap_nothing():
    point = np.array([2, 2, 2, 2], np.float32)
    others = np.array([[2, 2, 2, 2], [0, 0, 4, 4]], np.float32)
    assert iou(point, others).tolist() == [0, 0]


def test_iou_of_a_quarter():
    boxes = np.array([[0, 0, 4, 2], [0, 0, 2, 1], [10, 10, 11, 11]], np.float32)
    assert iou(boxes[0], boxes).tolist() == pytest.approx([1, 0.25, 0])
