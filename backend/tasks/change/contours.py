"""Outlines instead of classes, for pictures without labels: Changen2, section 3.5."""

from __future__ import annotations

from typing import Any

import numpy as np

from .parts import Labels, Mask


def next_contours(before: Labels, after: Labels) -> Mask:
    """Return the outlines of the objects `before` but for those near what came or went `after`, (rows, columns).

    0 is no object, other values number or name them. Changes are opened by a cross of three pixels and widened by one.
    """
    from skimage import morphology, segmentation

    shapes: Any = morphology  # their functions have no types
    borders: Any = segmentation
    changed = shapes.opening((before > 0) != (after > 0))
    near = shapes.dilation(changed, shapes.footprint_rectangle((3, 3)))
    return np.asarray(borders.find_boundaries(before) & ~near, np.bool_)
