"""Connected parts of a map of classes: the objects that change events move about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.geo.raster import Window

Labels = NDArray[np.integer]
Mask = NDArray[np.bool_]
SMALL = 8 * 8
"""Parts of so many pixels or fewer are no objects."""


@dataclass(frozen=True)
class Part:
    """An 8-connected part of one value.

    Attributes:
        window: the least that holds it.
        mask: (rows, columns) of the window, True where it is.
    """

    value: int
    window: Window
    mask: Mask

    @property
    def pixels(self) -> int:
        """Return its area."""
        return int(self.mask.sum())

    def at(self, col: int, row: int) -> tuple[slice, slice]:
        """Return the rows and columns of its window, were its first corner there."""
        return slice(row, row + self.window.height), slice(col, col + self.window.width)

    @property
    def here(self) -> tuple[slice, slice]:
        """Return the rows and columns of its window."""
        return self.at(self.window.col, self.window.row)


def parts_of(labels: Labels, value: int | None = None) -> list[Part]:
    """Return the objects among the parts of `value`, or of each value, of `labels` (rows, columns): over 64 pixels."""
    from scipy.ndimage import find_objects
    from skimage import measure

    library: Any = measure  # its functions have no types
    values = np.asarray(labels).astype(np.int64)
    numbered = (
        library.label(values, background=-1, connectivity=2)
        if value is None
        else library.label(values == value, connectivity=2)
    )
    areas = np.bincount(numbered.ravel())
    found = []
    for number, where in enumerate(find_objects(numbered), 1):
        if areas[number] > SMALL:
            rows, columns = where
            window = Window(columns.start, rows.start, columns.stop - columns.start, rows.stop - rows.start)
            mask = numbered[where] == number
            found.append(Part(int(values[where][mask][0]), window, mask))
    return found
