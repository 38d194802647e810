"""Labels of a picture, window by window: from a raster of classes or of numbered objects, or from polygons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize

from backend.errors import BadInput
from backend.geo.access import checked_path
from backend.geo.raster import Window
from backend.geo.read_categories import read_categories
from backend.geo.read_shapes import in_crs, read_shapes
from backend.geo.reader import SourceReader
from backend.protocol import codes
from backend.protocol.source import Source

from .lie import offset_of
from .parameters import INSTANCES, ChangeParameters, pairs_of_text
from .parts import Labels
from .transitions import NO_DATA

UNKNOWN, OBJECT = "unknown", "building"
"""What 0 means where nothing says it, and what polygons are where nothing says it."""
VECTORS = (".gpkg", ".geojson", ".json", ".shp", ".fgb", ".parquet", ".geoparquet", ".kml", ".gml", ".sqlite")
MOST = NO_DATA - 1
"""Classes that a map of bytes can hold, with room for what it becomes."""


class LabelMap(Protocol):
    """Labels on the grid of a source.

    Attributes:
        names: of the values 0 and up; empty where a value has none. Of numbered objects: of none, and of any.
    """

    @property
    def name(self) -> str:
        """Return the file's name."""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names."""

    def read(self, window: Window) -> Labels:
        """Return labels (rows, columns): classes as uint8, 255 no data; or numbers of objects as int32, 0 none."""

    def close(self) -> None:
        """Close the file."""


def open_labels(source: Source, picture: SourceReader, asked: ChangeParameters) -> LabelMap:
    """Return the labels in the file `source` for `picture`.

    Raises:
        BadInput: PARAMETER_INVALID for labels that lie elsewhere, are no classes, or have no names; as the readers.
    """
    path = checked_path(source.path)
    if path.suffix.lower() in VECTORS and len(pyogrio.list_layers(path)):
        return shape_labels(path, source.name, picture, asked)
    return RasterLabels(source, picture, asked)


class RasterLabels:
    """Implements `LabelMap` by a raster on the picture's grid."""

    def __init__(self, source: Source, picture: SourceReader, asked: ChangeParameters) -> None:
        """Raise as `open_labels`."""
        self._reader = SourceReader(source, Path(source.path))
        self.name, self._numbered = self._reader.name, asked.event == INSTANCES
        try:
            self._check_kind()
            self._offset = offset_of(self._reader.grid, self.name, picture.grid, picture.name)
            named = {} if self._numbered else self._named(asked)
        except BaseException:
            self._reader.close()
            raise
        size = max(named, default=0) + 1
        self._known, self._said_0 = np.isin(np.arange(256), [0, *named]), 0 in named
        texts = {0: UNKNOWN, **named}
        self.names = (UNKNOWN, asked.kind or OBJECT) if self._numbered else tuple(
            texts.get(value, "") for value in range(size)
        )  # fmt: skip

    def read(self, window: Window) -> Labels:
        """Return the labels of `window`, of the picture; beyond the file there are none."""
        empty = 0 if self._numbered else NO_DATA
        found: Labels = np.full((window.height, window.width), empty, np.int64)
        grid, (left, top) = self._reader.grid, self._offset
        x0, y0 = max(window.col + left, 0), max(window.row + top, 0)
        x1 = min(window.col + left + window.width, grid.width)
        y1 = min(window.row + top + window.height, grid.height)
        if x0 < x1 and y0 < y1:
            here = Window(x0, y0, x1 - x0, y1 - y0)
            with self._reader.reading(here):
                values, valid = self._reader.values(here, 1, (1,))
            rows = slice(y0 - window.row - top, y1 - window.row - top)
            columns = slice(x0 - window.col - left, x1 - window.col - left)
            found[rows, columns] = self._numbers(values[0], valid[0]) if self._numbered else self._classes(
                values[0], valid[0]
            )  # fmt: skip
        return found.astype(np.int32 if self._numbered else np.uint8)

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    def _check_kind(self) -> None:
        kind = self._reader.dtypes[0]
        if self._reader.count - len(self._reader.alpha) != 1 or not np.issubdtype(np.dtype(kind), np.integer):
            what = "numbers of objects" if self._numbered else "numbers of classes"
            have = f"{self._reader.count} bands of {kind}"
            raise _wrong(f"{self.name!r} has {have}; labels are one band of whole numbers, {what}.")

    def _named(self, asked: ChangeParameters) -> dict[int, str]:
        said = pairs_of_text(asked.classes, "classes")
        strange = next((value for value, _ in said if not value.isdecimal() or int(value) >= MOST), None)
        if strange is not None:
            raise _wrong(f"classes names the value {strange!r:.40}; values are 0 to {MOST - 1}; number classes anew.")
        found = {int(value): name for value, name in said}
        found = found or {value: name for value, name in read_categories(self._path).items() if value < MOST}
        if not found:
            detail = f"{self.name!r} does not say what its values mean; name them: classes, such as 1=building;2=road."
            raise _wrong(detail)
        return found

    @property
    def _path(self) -> Path:
        return checked_path(self._reader.source.path)

    def _classes(self, values: NDArray[np.integer], valid: NDArray[np.bool_]) -> Labels:
        """Return classes; a value with a name is a class even where the file calls it no data, as `ground` does 0."""
        small = np.where((values >= 0) & (values < 256), values, NO_DATA).astype(np.int64)
        named = self._known[small] & (small == values)
        strange = valid & ~named & (values != NO_DATA)
        if strange.any():
            listed = ", ".join(str(value) for value in np.unique(values[strange])[:5])
            detail = f"{self.name!r} holds {listed}, which classes does not name; name all values that there are."
            raise _wrong(detail)
        return np.where(named & (valid | (self._said_0 & (small == 0))), small, NO_DATA)

    def _numbers(self, values: NDArray[np.integer], valid: NDArray[np.bool_]) -> Labels:
        if values[valid].size and (values[valid].min() < 0 or values[valid].max() >= 2**31):
            raise _wrong(f"{self.name!r} holds numbers below 0 or beyond 2,147,483,647; number objects from 1 on.")
        return np.where(valid, values, 0).astype(np.int64)


@dataclass(frozen=True)
class ShapeLabels:
    """Implements `LabelMap` by polygons in pixels of the picture, each of a value; later ones lie over earlier ones."""

    name: str
    names: tuple[str, ...]
    shapes: NDArray[np.object_]
    values: NDArray[np.int64]
    numbered: bool

    def read(self, window: Window) -> Labels:
        """Return the labels of `window`: of each pixel, that of the polygon its centre is in."""
        kind = np.int32 if self.numbered else np.uint8
        shape = window.height, window.width
        box = shapely.box(window.col, window.row, window.col + window.width, window.row + window.height)
        here = np.flatnonzero(shapely.intersects(self.shapes, box))
        if not here.size:
            return np.zeros(shape, kind)
        moved = shapely.transform(self.shapes[here], lambda xy: xy - (window.col, window.row))
        drawn = zip(moved, self.values[here].tolist(), strict=True)
        return np.asarray(rasterize(drawn, out_shape=shape, dtype="int32")).astype(kind)

    def close(self) -> None:
        """Hold nothing open."""


def shape_labels(path: Path, name: str, picture: SourceReader, asked: ChangeParameters) -> ShapeLabels:
    """Return the polygons of the layer at `path`, shown by `name`, as labels. Raises as `open_labels`."""
    shapes = read_shapes(path, asked.layer)
    read = in_crs(replace(shapes, name=name or shapes.name), picture.grid.crs, picture.name)
    if shapely.get_dimensions(read.shapes).min() < 2:
        raise _wrong(f"{read.name!r} holds points; labels are polygons, or a raster of classes.")
    back = ~picture.grid.transform
    turn, corner = np.array([[back.a, back.d], [back.b, back.e]]), np.array([back.c, back.f])
    placed = np.asarray(shapely.transform(read.shapes, lambda xy: xy @ turn + corner), object)
    if asked.event == INSTANCES:
        return ShapeLabels(read.name, (UNKNOWN, asked.kind or OBJECT), placed, np.arange(1, len(placed) + 1), True)
    texts = read.texts(asked.column) if asked.column else [asked.kind or OBJECT] * len(placed)
    names = _names(texts, read.name)
    numbers = {name: value for value, name in enumerate(names)}
    return ShapeLabels(read.name, names, placed, np.array([numbers[text] for text in texts]), False)


def _names(texts: Sequence[str], name: str) -> tuple[str, ...]:
    found = (UNKNOWN, *sorted(set(texts) - {UNKNOWN}))
    if len(found) > MOST:
        raise _wrong(f"{name!r} has {len(found)} classes, and a map holds {MOST}; choose a column with fewer.")
    return found


def _wrong(sentence: str) -> BadInput:
    return BadInput(codes.PARAMETER_INVALID, sentence)
