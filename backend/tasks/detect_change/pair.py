"""Two pictures of a place as one with six bands, on the grid of the earlier one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from backend.errors import BadInput
from backend.geo.on_grid import OnGrid, outline
from backend.geo.raster import Crop, Grid, Window
from backend.geo.reader import SourceReader
from backend.models.segmenter import Image
from backend.protocol import codes
from backend.tasks.ground.area import Area, parse_area, rectangle

from .normalise import Light

Both = NDArray[np.uint8]
"""(rows, columns, 6): red, green and blue before, and after in the light of before."""


@dataclass(frozen=True)
class Pair:
    """Reads both pictures window by window; raises what reading them raises."""

    before: SourceReader
    after: SourceReader
    moved: OnGrid
    light: Light = field(default_factory=Light)

    @classmethod
    def of(cls, before: SourceReader, after: SourceReader) -> Pair:
        """Return two pictures as their georeference has them.

        Raises:
            BadInput: PARAMETER_INVALID where one of them alone has a georeference, or pixels do not correspond.
        """
        check_same_kind(before, after)
        return cls(before, after, OnGrid(after, before.grid))

    def shifted(self, shift: tuple[float, float]) -> Pair:
        """Return the pair with the later picture moved back by `shift` pixels (columns, rows)."""
        return replace(self, moved=OnGrid(self.after, self.before.grid, shift)) if any(shift) else self

    @property
    def grid(self) -> Grid:
        """Return the grid of both."""
        return self.before.grid

    @property
    def fingerprint(self) -> Hashable:
        """Return what tells the contents of both, seen this way, from any others."""
        return self.before.fingerprint, self.after.fingerprint, self.moved.shift, self.light

    def area(self, text: str) -> Area:
        """Return the part of the area that `text` means which both pictures cover.

        Raises:
            BadInput: as `parse_area`; PARAMETER_INVALID where they lie apart.
        """
        names = f"{self.before.name!r} and {self.after.name!r}"
        asked = parse_area(text, self.grid, self.before.name)
        seen = outline(self.after.grid, self.grid)
        if not seen.intersects(rectangle(Window(0, 0, self.grid.width, self.grid.height))):
            raise BadInput(codes.PARAMETER_INVALID, f"{names} lie apart: choose two of the same place.")
        at = asked.window
        x0, y0, x1, y1 = seen.bounds
        left, top = max(at.col, int(np.floor(x0))), max(at.row, int(np.floor(y0)))
        right, bottom = min(at.col + at.width, int(np.ceil(x1))), min(at.row + at.height, int(np.ceil(y1)))
        if right <= left or bottom <= top or not seen.intersects(asked.border):
            raise BadInput(codes.PROMPT_OUTSIDE, f"The area lies outside {self.after.name!r}; choose one on both.")
        return Area(Window(left, top, right - left, bottom - top), asked.polygon)

    def read(self, window: Window, step: int = 1) -> Crop:
        """Return a window of both: `image` is (rows, columns, 6), `valid` where both have data.

        Raises:
            BadInput: NO_VALID_PIXELS where no pixel is data of both.
        """
        one, other = self.before.read(window, step), self.moved.read(window, step)
        valid = one.valid & other.valid
        self.before.check_any(valid, window)
        image = np.concatenate([one.image, self.light.applied(other.image)], axis=2)
        image[~valid] = 0
        return Crop(image, valid, window, step)


def dates(image: Both) -> tuple[Image, Image]:
    """Return the two pictures (rows, columns, 3) of a pair's."""
    return np.ascontiguousarray(image[..., :3]), np.ascontiguousarray(image[..., 3:])


def check_same_kind(before: SourceReader, after: SourceReader) -> None:
    """Raise PARAMETER_INVALID where nothing tells which pixels of two pictures show the same place."""
    one, other = _placed(before.grid), _placed(after.grid)
    if one != other:
        lacking = after if one else before
        detail = f"{lacking.name!r} has no georeference and the other picture has one: georeference it first."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    if bool(before.grid.crs) != bool(after.grid.crs):
        lacking = after if before.grid.crs else before
        detail = f"{lacking.name!r} does not say its CRS and the other picture does: give it one."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    sizes = [(reader.grid.width, reader.grid.height) for reader in (before, after)]
    if not one and sizes[0] != sizes[1]:
        told = " and ".join(f"{width} x {height}" for width, height in sizes)
        detail = f"The pictures have no georeference and {told} pixels: make them the same size, or georeference both."
        raise BadInput(codes.PARAMETER_INVALID, detail)


def _placed(grid: Grid) -> bool:
    return bool(grid.crs) or not grid.transform.is_identity
