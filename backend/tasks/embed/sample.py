"""Windows spread over a source, for models that learn their last step from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Grid, Window
from backend.models.embedder import Picture

from .pixels import Reader, SourcePixels


def sample(
    reader: Reader, size: int, count: int, progress: Callable[[float, str], None]
) -> Iterator[tuple[Picture, NDArray[np.bool_]]]:
    """Yield at most `count` windows with data, the same on every run. Raises what reading and `progress` raise."""
    pixels = SourcePixels(reader)
    for window in spread_windows(reader.grid, size, count):
        progress(0.0, "Learning from the picture")
        seen = pixels.read(window)
        if seen is not None:
            yield seen.image, seen.valid


def spread_windows(grid: Grid, size: int, count: int) -> list[Window]:
    """Return at most `count` windows of at most `size` pixels a side, side by side or evenly apart."""
    down, across = (max(1, length // size) for length in (grid.height, grid.width))
    side = max(1, int(count**0.5))
    rows = min(down, max(side, count // across))
    columns = min(across, count // rows)
    return [
        Window(col, row, min(size, grid.width - col), min(size, grid.height - row))
        for row in _spread(grid.height - size, rows)
        for col in _spread(grid.width - size, columns)
    ]


def _spread(last: int, count: int) -> list[int]:
    if last <= 0:
        return [0]
    return [round(start) for start in np.linspace(0, last, count)] if count > 1 else [last // 2]
