"""What a running job shows of its finished units: false colour, in a VRT that grows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.geo.mosaic_vrt import Band, Mosaic, Piece
from backend.geo.raster import Window
from backend.one_thread import one_thread
from backend.protocol.jobs import Partial
from backend.tasks.ground.units import Unit, writing

from .cells import Cells
from .files import write_array

Floats = NDArray[np.float32]
SAMPLE = 4096
LOW, HIGH = 2, 98


class Shown:
    """Pictures of units; their colours are the principal components of the first unit that has data."""

    def __init__(self, folder: Path, cells: Cells, show: Callable[[Partial], None]) -> None:
        """Keep the pictures in `folder`."""
        self._folder, self._cells, self._show = folder, cells, show

    def show(self, unit: Unit, vectors: Floats, done: Sequence[Unit], total: int) -> None:
        """Draw a unit, whose vectors are given, and tell that `done` of `total` units can be seen. Raises DISK_FULL."""
        part = self._within(unit)
        left, top = part.col - unit.window.col, part.row - unit.window.row
        seen = vectors[:, top : top + part.height, left : left + part.width]
        known = ~np.isnan(seen[0]) & self._cells.area.mask(part)
        picture = np.zeros((3, *known.shape), np.uint8)
        if known.any():
            with one_thread():
                picture[:, known] = self._coloured(seen[:, known].T).T
        with writing(self._folder / self._name(unit), 3, known.shape) as dataset:
            dataset.write(picture)
        self._show(Partial(str(self._mosaic(done)), len(done), total))

    def _mosaic(self, done: Sequence[Unit]) -> Path:
        at = self._cells.area.window
        parts = [(unit, self._within(unit)) for unit in done if (self._folder / self._name(unit)).exists()]
        pieces = [
            Piece(self._name(unit), Window(part.col - at.col, part.row - at.row, part.width, part.height))
            for unit, part in parts
        ]
        bands = [Band(number, nodata=0) for number in (1, 2, 3)]
        return Mosaic(self._cells.grid, pieces, bands).write(self._folder / "shown.vrt")

    def _within(self, unit: Unit) -> Window:
        """Return the part of a unit that lies in the area's window."""
        one, other = unit.window, self._cells.area.window
        left, top = max(one.col, other.col), max(one.row, other.row)
        right = min(one.col + one.width, other.col + other.width)
        bottom = min(one.row + one.height, other.row + other.height)
        return Window(left, top, right - left, bottom - top)

    def _coloured(self, rows: Floats) -> Floats:
        mean, directions, low, high = self._colours(rows)
        shown = ((rows - mean) @ directions - low) / np.maximum(high - low, 1e-6)
        return np.asarray(np.clip(shown * 254 + 1, 1, 255))

    def _colours(self, rows: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return mean, directions (width, 3) and the ends of their scales, as they were first learnt."""
        path = self._folder / "colours.npy"
        if not path.exists():
            sample = rows[:: -(-len(rows) // SAMPLE)]
            mean = sample.mean(0)
            directions = np.zeros((3, rows.shape[1]), np.float32)
            found = np.linalg.svd(sample - mean, full_matrices=False)[2][:3]
            directions[: len(found)] = found
            ends = np.percentile((sample - mean) @ directions.T, (LOW, HIGH), axis=0)
            scales = np.zeros((2, rows.shape[1]), np.float32)
            scales[:, :3] = ends
            write_array(path, np.concatenate([mean[None], directions, scales]).astype(np.float32))
        kept = np.load(path)
        return kept[0], kept[1:4].T, kept[4, :3], kept[5, :3]

    @staticmethod
    def _name(unit: Unit) -> str:
        return f"{unit.name}.shown.tif"
