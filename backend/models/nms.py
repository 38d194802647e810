"""Non-maximum suppression: of boxes that cover the same object for the same phrase, the best one stays. NumPy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
Indices = NDArray[np.intp]


def suppress(boxes: Boxes, scores: NDArray[np.float32], classes: NDArray[np.intp], overlap: float) -> Indices:
    """Return the indices of the boxes that stay, best first.

    Greedy: the best box stays and takes with it the boxes of its own class that overlap it by an IoU above
    `overlap`; then the best of the rest. Equal scores keep their order.

    Args:
        boxes: (n, 4) x0, y0, x1, y1.
        scores: (n,).
        classes: (n,) boxes of different classes never touch each other.
        overlap: IoU, 0 to 1.
    """
    left = np.argsort(-scores, kind="stable")
    kept = []
    while len(left):
        best, left = left[0], left[1:]
        kept.append(best)
        same = classes[left] == classes[best]
        left = left[~(same & (iou(boxes[best], boxes[left]) > overlap))]
    return np.array(kept, np.intp)


def iou(box: Boxes, others: Boxes) -> NDArray[np.float32]:
    """Return the intersection over union of one box (4,) with each of (n, 4); 0 between boxes without area."""
    corners = np.minimum(box[2:], others[:, 2:]) - np.maximum(box[:2], others[:, :2])
    shared = np.prod(np.maximum(corners, 0), axis=1)
    union = _area(box[None]) + _area(others) - shared
    return np.asarray(np.divide(shared, union, out=np.zeros_like(shared), where=union > 0), np.float32)


def _area(boxes: Boxes) -> NDArray[np.float32]:
    return np.asarray((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), np.float32)
