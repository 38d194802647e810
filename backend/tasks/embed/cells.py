"""Blocks of pixels that get a vector each, on a grid anchored to the source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from affine import Affine

from backend.errors import BadInput
from backend.geo.raster import Grid, Window
from backend.protocol import codes
from backend.tasks.ground.area import Area, parse_area
from backend.tasks.ground.units import Unit, units_of

BLENDED_BYTES = 64 * 2**20
"""What the blended vectors of a unit take at most, at the model's own stride."""
WIDEST_UNIT = 4096


@dataclass(frozen=True)
class Cells:
    """The blocks of a source and the units they are made in.

    Units are whole wherever the area ends: what a block gets is computed in arrays of one shape whatever is asked for.

    Attributes:
        source: its grid.
        block: side of a block in pixels, a multiple of `stride`.
        stride: side of the model's own blocks.
        width: numbers in a vector.
        area: what is asked for, in blocks.
    """

    source: Grid
    block: int
    stride: int
    width: int
    area: Area

    @classmethod
    def over(cls, source: Grid, name: str, block: int, stride: int, width: int, area: str) -> Cells:
        """Return the blocks of `area`, as text, of the source called `name`; `block` 0 is the model's own.

        Raises:
            BadInput: PARAMETER_INVALID, PROMPT_OUTSIDE.
        """
        if block % stride:
            detail = f"block is {block}, but the model has a vector for every {stride} pixels: give a multiple of them."
            raise BadInput(codes.PARAMETER_INVALID, detail)
        side = block or stride
        return cls(source, side, stride, width, parse_area(area, grid_of_blocks(source, side), name))

    @property
    def whole(self) -> Grid:
        """Return the grid of all blocks."""
        return grid_of_blocks(as_shown(self.source), self.block)

    @property
    def grid(self) -> Grid:
        """Return the grid of the area's blocks."""
        at = self.area.window
        return Grid(at.width, at.height, self.whole.transform @ Affine.translation(at.col, at.row), self.whole.crs)

    @cached_property
    def side(self) -> int:
        """Return the side of a unit in blocks."""
        strides = int((BLENDED_BYTES / 4 / self.width) ** 0.5)
        return max(1, min(strides * self.stride, WIDEST_UNIT) // self.block)

    def units(self) -> list[Unit]:
        """Return the units that hold some of the area, row by row; their windows are whole, in blocks."""
        found = units_of(self.area, (0, 0), self.side)
        whole = (Unit(unit.row, unit.column, self._whole(unit)) for unit in found if self.area.touches(unit.window))
        return list(whole)

    def pixels(self, unit: Unit) -> Window:
        """Return the pixels of a unit."""
        at, block = unit.window, self.block
        right = min((at.col + at.width) * block, self.source.width)
        bottom = min((at.row + at.height) * block, self.source.height)
        return Window(at.col * block, at.row * block, right - at.col * block, bottom - at.row * block)

    def wants(self, tile: Window) -> bool:
        """Return whether pixels of `tile` lie in blocks of the area."""
        block = self.block
        left, top = tile.col // block, tile.row // block
        right, bottom = -(-(tile.col + tile.width) // block), -(-(tile.row + tile.height) // block)
        at = self.area.window
        apart = right <= at.col or bottom <= at.row or left >= at.col + at.width or top >= at.row + at.height
        return not apart and self.area.touches(Window(left, top, right - left, bottom - top))

    def _whole(self, unit: Unit) -> Window:
        left, top = unit.column * self.side, unit.row * self.side
        return Window(left, top, min(self.side, self.whole.width - left), min(self.side, self.whole.height - top))


def grid_of_blocks(source: Grid, block: int) -> Grid:
    """Return the grid of blocks of `block` x `block` pixels; the last ones may be partial."""
    columns, rows = -(-source.width // block), -(-source.height // block)
    return Grid(columns, rows, source.transform @ Affine.scale(block), source.crs)


def as_shown(grid: Grid) -> Grid:
    """Return the grid of a picture as QGIS draws it: without a georeference, below y = 0, its first row on top."""
    if grid.crs or not grid.transform.is_identity:
        return grid
    return Grid(grid.width, grid.height, Affine.scale(1, -1), grid.crs)
