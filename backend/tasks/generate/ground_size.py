"""How wide a pixel is on the ground, at its place: in degrees, and in Mercator's metres, that differs."""

from __future__ import annotations

from dataclasses import dataclass

from affine import Affine

from backend.errors import BadInput
from backend.geo.measure import pixel_size_m
from backend.geo.raster import Grid
from backend.geo.reader import SourceReader
from backend.protocol import codes

from .before import absolute


@dataclass(frozen=True)
class GroundSize:
    """Sizes of a source's pixels; `metres` is that of all where it is not 0."""

    grid: Grid
    place: tuple[int, int]
    metres: float = 0.0

    def at(self, scale: int, col: int, row: int) -> float:
        """Return the width in metres of the absolute pixel (`col`, `row`) of which `scale` lie along a source pixel.

        Beyond what a CRS knows, as beyond a pole, it is that of the nearest pixel of the source.
        """
        if self.metres:
            return self.metres / scale
        x, y = col / scale - self.place[0], row / scale - self.place[1]
        near = min(max(x, 0), self.grid.width - 2), min(max(y, 0), self.grid.height - 2)
        return (self._size(x, y) or self._size(*near) or pixel_size_m(self.grid)) / scale

    def _size(self, col: float, row: float) -> float:
        return pixel_size_m(Grid(1, 1, self.grid.transform @ Affine.translation(col, row), self.grid.crs))


def ground_size(reader: SourceReader, metres: float) -> GroundSize:
    """Return the sizes of a source's pixels, or what a person says of them where that is not 0.

    Raises:
        BadInput: PARAMETER_INVALID where neither is known.
    """
    if not metres and not reader.pixel_size_m:
        detail = f"{reader.name!r} has no georeference that tells how large its pixels are; give metres."
        raise BadInput(codes.PARAMETER_INVALID, detail)
    return GroundSize(reader.grid, absolute(reader), metres)
