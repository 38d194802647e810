"""Prompts from the source's CRS to its pixels, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.raster import Grid
from backend.protocol import codes
from backend.protocol.prompts import Box, Prompts

MAX_POINTS = 1000
MAX_ID = 255
UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs: no file can hold them as text."""
Extent = tuple[float, float, float, float]


@dataclass(frozen=True)
class PixelPrompts:
    """Prompts in source pixels (x right, y down, the centre of the first pixel is 0.5, 0.5).

    Attributes:
        points: (n, 2) float64.
        labels: (n,) int32, 1 = object, 0 = background.
        box: x0, y0, x1, y1 within the raster, or None.
    """

    points: NDArray[np.float64]
    labels: NDArray[np.int32]
    box: Extent | None = None

    @property
    def extent(self) -> Extent:
        """Return the bounding box of the box and the positive points."""
        corners = self.points[self.labels == 1]
        if self.box is not None:
            corners = np.vstack([corners, np.reshape(self.box, (2, 2))])
        low, high = corners.min(axis=0), corners.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def to_pixels(prompts: Prompts, grid: Grid) -> PixelPrompts:
    """Return `prompts` in pixels of `grid`.

    Raises:
        BadInput: PROMPT_OUTSIDE for a point or a box outside the raster; PROMPT_INVALID for none that is positive, for
            a box without area, an unknown label or more than `MAX_POINTS` points.
    """
    _check(prompts)
    inverse = ~grid.transform
    places = [(point.x, point.y) for point in prompts.points]
    pixels = places if prompts.pixel else [inverse @ place for place in places]
    for place, (column, row) in zip(places, pixels, strict=True):
        if not (0 <= column < grid.width and 0 <= row < grid.height):
            where = f"Point {place[0]:g}, {place[1]:g} of prompt {prompts.id!r}"
            raise BadInput(codes.PROMPT_OUTSIDE, f"{where} lies outside the source; place it on the image.")
    points = np.asarray(pixels, np.float64).reshape(-1, 2)
    labels = np.asarray([point.label for point in prompts.points], np.int32)
    return PixelPrompts(points, labels, _box(prompts, grid) if prompts.box else None)


def _check(prompts: Prompts) -> None:
    name = f"Prompt {prompts.id!r:.80}"
    if len(prompts.id) > MAX_ID or UNWRITABLE.search(prompts.id):
        detail = f"{name} has an id that cannot be written; use at most {MAX_ID} printable characters."
        raise BadInput(codes.PROMPT_INVALID, detail)
    if len(prompts.points) > MAX_POINTS:
        raise BadInput(codes.PROMPT_INVALID, f"{name} has more than {MAX_POINTS} points; use fewer.")
    if any(point.label not in (0, 1) for point in prompts.points):
        raise BadInput(codes.PROMPT_INVALID, f"{name} has a label other than 1 (object) and 0 (background).")
    if prompts.box is None and not any(point.label == 1 for point in prompts.points):
        raise BadInput(codes.PROMPT_INVALID, f"{name} has no point on the object and no box; add one.")


def _box(prompts: Prompts, grid: Grid) -> Extent:
    box = prompts.box or Box(0, 0, 0, 0)
    places = [(x, y) for x in (box.x0, box.x1) for y in (box.y0, box.y1)]
    corners = np.asarray(places if prompts.pixel else [~grid.transform @ place for place in places], np.float64)
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    if not (x1 > x0 and y1 > y0):
        raise BadInput(
            codes.PROMPT_INVALID, f"The box of prompt {prompts.id!r} has no area; draw it around the object."
        )
    if x1 <= 0 or y1 <= 0 or x0 >= grid.width or y0 >= grid.height:
        detail = f"The box of prompt {prompts.id!r} lies outside the source; draw it on the image."
        raise BadInput(codes.PROMPT_OUTSIDE, detail)
    # A box drawn past the image's edge means the part on the image.
    return max(0.0, float(x0)), max(0.0, float(y0)), min(grid.width, float(x1)), min(grid.height, float(y1))
