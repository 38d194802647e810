"""How Mini looks at a crop for one object: as it is, closer, or from farther away, as the object's size asks.

A network that meets objects at sizes it knows draws them better than one that must know every size: the second look of
interactive segmentation (Sofiiuk et al., ICIP 2022; Chen et al., FocalClick, CVPR 2022).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .mini_graphs import STRIDE as GRAPH_STRIDE
from .resample import sampled
from .segmenter import Mask

Floats = NDArray[np.float32]
Box = tuple[float, float, float, float]
STEP = 8
NATIVE, CLOSE, NEAREST = 256, 160, 40
ROOM = 1.7
LEAST, MOST = 0.3, 0.85


@dataclass(frozen=True)
class View:
    """A part of a crop, in its pixels, and the size (rows, columns) it is seen at.

    One at the crop's own resolution may reach into the padding behind the crop's last row and column.
    """

    top: int
    left: int
    height: int
    width: int
    size: tuple[int, int]

    @property
    def native(self) -> bool:
        """Say whether the crop's own features serve."""
        return (self.height, self.width) == self.size

    def suits(self, box: Box, crop: tuple[int, int]) -> bool:
        """Say whether an object of this extent (x0, y0, x1, y1) is neither cut off nor lost in the view."""
        x0, y0, x1, y1 = box
        bottom, right = self.top + self.height, self.left + self.width
        whole = (
            (x0 > self.left + 1 or self.left == 0)
            and (y0 > self.top + 1 or self.top == 0)
            and (x1 < right - 1 or right >= crop[1])
            and (y1 < bottom - 1 or bottom >= crop[0])
        )
        share = max(x1 - x0, y1 - y0) / max(self.height, self.width)
        widest = max(self.height, self.width) >= max(crop)
        return whole and (share >= LEAST or self.height <= NEAREST) and (share <= MOST or widest)

    def placed(self, points: Floats) -> Floats:
        """Return crop places (n, 2) x, y in the pixels of what is seen."""
        scale = np.array([self.size[1] / self.width, self.size[0] / self.height], np.float32)
        return np.asarray((points - np.array([self.left, self.top], np.float32)) * scale, np.float32)

    def holds(self, points: Floats) -> Mask:
        """Say which crop places (n, 2) x, y lie inside."""
        corner = np.array([self.left, self.top])
        return np.asarray(((points >= corner) & (points < [self.left + self.width, self.top + self.height])).all(1))

    def pasted(self, logits: Floats, crop: tuple[int, int], empty: float) -> Floats:
        """Return logits of what is seen (h, w), at any resolution, as a crop's; `empty` outside the view."""
        whole = np.full(crop, empty, np.float32)
        part = whole[self.top : self.top + self.height, self.left : self.left + self.width]
        rows = (np.arange(part.shape[0]) + 0.5) * (logits.shape[0] / self.height) - 0.5
        columns = (np.arange(part.shape[1]) + 0.5) * (logits.shape[1] / self.width) - 0.5
        part[:] = sampled(logits, rows, columns)
        return whole

    def cut(self, whole: Floats, step: int, shape: tuple[int, int]) -> Floats:
        """Return a map of the crop, one value for `step` pixels, inside the view as `shape` values."""
        rows = (self.top + (np.arange(shape[0]) + 0.5) * self.height / shape[0]) / step - 0.5
        columns = (self.left + (np.arange(shape[1]) + 0.5) * self.width / shape[1]) / step - 0.5
        return sampled(whole, rows, columns)


def first_view(points: Floats, crop: tuple[int, int]) -> View:
    """Return the surroundings of the points as they are, or all of the crop where they lie far apart."""
    low, high = points.min(0), points.max(0)
    if (high - low).max() > MOST * NATIVE:
        return around((low[0], low[1], high[0], high[1]), crop)
    return _native((low + high) / 2, crop)


def around(box: Box, crop: tuple[int, int]) -> View:
    """Return the view for an object of this extent: a close one for small objects, a coarse one for large."""
    x0, y0, x1, y1 = box
    side = max(max(x1 - x0, y1 - y0) * ROOM, NEAREST)
    middle = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
    if round(side) >= CLOSE and side <= NATIVE:
        return _native(middle, crop)
    rows, columns = (round(min(side, length)) for length in crop)
    top, left = (
        int(np.clip(m - n / 2, 0, length - n)) for m, n, length in zip(middle[::-1], (rows, columns), crop, strict=True)
    )
    scale = (CLOSE if side <= CLOSE else NATIVE) / max(rows, columns)
    return View(top, left, rows, columns, (max(round(rows * scale), 1), max(round(columns * scale), 1)))


def _native(middle: Floats, crop: tuple[int, int]) -> View:
    spans = []
    for at, length in zip(middle[::-1], crop, strict=True):
        whole = -(-length // GRAPH_STRIDE) * GRAPH_STRIDE
        size = min(NATIVE, whole)
        spans.append((int(np.clip(at - size / 2, 0, whole - size)) // STEP * STEP, size))
    (top, height), (left, width) = spans
    return View(top, left, height, width, (height, width))
