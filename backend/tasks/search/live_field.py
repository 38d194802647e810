"""A raster of vectors, asked about while a person clicks."""

from __future__ import annotations

from collections.abc import Callable

from backend.one_thread import numpy_on_one_thread
from backend.protocol.asks import NO_DATA, View
from backend.tasks.vectors.field import VectorField

from .cells import cells_of
from .pictures import Picture, nothing
from .shown_field import ShownField
from .tiles import Tiles, Values


class LiveField:
    """What of a field is in memory, and how it is drawn."""

    def __init__(self, field: VectorField) -> None:
        self.vectors = field
        self.shown = ShownField(field)
        self._tiles = Tiles(field)

    def draw(self, view: View, values: Values, on_step: Callable[[], None]) -> Picture:
        """Return the byte that `values` gives each vector of the view. Raises as `Tiles.draw`."""
        cells = cells_of(view, self.vectors.grid, self.vectors.identity.width)
        if cells is None:
            return nothing(view)
        with numpy_on_one_thread():
            return Picture(self._tiles.draw(cells, values, NO_DATA, on_step), cells.extent)

    def close(self) -> None:
        """Close the file."""
        self.vectors.close()
