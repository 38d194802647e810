"""The units' files as the rasters of the result: class map, scores, best phrase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from affine import Affine

from backend.geo.mosaic_vrt import Band, Mosaic, Piece
from backend.geo.raster import Grid, Window

from .colours import phrase_colour, rgba
from .quantise import NO_DATA, SCORES, STEPS
from .units import Unit

NONE = "none"
CLEAR = (0, 0, 0, 0)


@dataclass(frozen=True)
class Rasters:
    """Views of the units of one area.

    Attributes:
        folder: where units lie.
        shown: the folder within it of what is shown at one threshold.
        window: the area, in pixels of the source.
        grid: that of the area.
    """

    folder: Path
    shown: Path
    window: Window
    grid: Grid
    phrases: Sequence[str]
    tags: Mapping[str, str]

    def unit(self, unit: Unit) -> Path:
        """Return the file of a unit."""
        return self.folder / f"{unit.name}.tif"

    def classes_of(self, unit: Unit) -> Path:
        """Return the file of a unit's class map."""
        return self.shown / f"{unit.name}.classes.tif"

    def best_of(self, unit: Unit) -> Path:
        """Return the file of a unit's best phrase."""
        return self.shown / f"{unit.name}.best.tif"

    def classes(self, units: Sequence[Unit], name: str = "classes.vrt") -> Path:
        """Write the class map made of `units`, so far as they go, and return its VRT."""
        colours = [CLEAR, *(rgba(phrase_colour(index)) for index in range(len(self.phrases)))]
        band = Band(1, "; ".join(self.phrases), nodata=0, colours=colours, categories=self.categories)
        return self._write(self.shown / name, [(self.classes_of(unit), unit) for unit in units], [band])

    def best(self, units: Sequence[Unit]) -> Path:
        """Write the VRT of the best phrase and its score."""
        bands = [Band(1, "best phrase"), Band(2, "score", nodata=NO_DATA, scale=1 / STEPS)]
        return self._write(self.shown / "best.vrt", [(self.best_of(unit), unit) for unit in units], bands)

    def scores(self, units: Sequence[Unit], as_float: bool = False) -> Path:
        """Write the VRT of the scores: in steps as the job leaves them, or 0 to 1 and NaN."""
        values = [int(value) for value in SCORES]
        bands = [Band(i, name, nodata=NO_DATA, scale=1 / STEPS, values=values) for i, name in self._numbered]
        if as_float:
            parts = [float("nan"), *(value / STEPS for value in values[1:])]
            bands = [Band(i, name, "float32", nodata=float("nan"), values=parts) for i, name in self._numbered]
        return self._write(self.folder / "scores.vrt", [(self.unit(unit), unit) for unit in units], bands)

    def logits(self, units: Sequence[Unit]) -> Path:
        """Write the VRT of the logits as bytes, 0 no data, and the best phrase last."""
        bands = [Band(i, name) for i, name in [*self._numbered, (len(self.phrases) + 1, "best phrase")]]
        return self._write(self.folder / "logits.vrt", [(self.unit(unit), unit) for unit in units], bands)

    @property
    def categories(self) -> list[str]:
        """Return the names of the class map's values."""
        return [NONE, *self.phrases]

    @property
    def _numbered(self) -> list[tuple[int, str]]:
        return list(enumerate(self.phrases, start=1))

    def _write(self, path: Path, files: Sequence[tuple[Path, Unit]], bands: Sequence[Band]) -> Path:
        pieces = [Piece(file.name, self._place(unit)) for file, unit in files]
        return Mosaic(self.grid, pieces, bands, self.tags).write(path)

    def _place(self, unit: Unit) -> Window:
        at = unit.window
        return Window(at.col - self.window.col, at.row - self.window.row, at.width, at.height)


def grid_of(window: Window, grid: Grid) -> Grid:
    """Return the grid of a window of `grid`."""
    moved = grid.transform @ Affine.translation(window.col, window.row)
    return Grid(window.width, window.height, moved, grid.crs)
