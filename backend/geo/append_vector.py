"""A GeoPackage that grows row by row: memory holds some thousand rows, whatever comes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from backend.errors import Unavailable
from backend.geo.write_vector import columns_of
from backend.protocol import codes

ROWS, CORNERS = 2000, 500_000
"""What is held at most before it is written."""


class GeopackageRows:
    """A layer of multipolygons, to be used as a statement; whole once the block has ended.

    The same rows, added in the same order with the same `time`, give the same bytes.
    """

    def __init__(self, path: Path, columns: Sequence[str], crs: str, layer: str, time: str) -> None:
        """Make a new file at `path`; `time`, ISO 8601 in UTC, is what it gives as its last change."""
        self._path, self._columns, self._crs, self._layer, self._time = path, columns, crs, layer, time
        self._rows: list[Mapping[str, Any]] = []
        self._shapes: list[shapely.MultiPolygon] = []
        self._corners, self._written = 0, 0

    def __enter__(self) -> GeopackageRows:
        self._write(append=False)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        if kind is None:
            self._flush()
            self._check()

    def add(self, row: Mapping[str, Any], polygons: Sequence[shapely.Polygon]) -> None:
        """Add a row, which has all the columns. Raises DISK_FULL."""
        shape = shapely.MultiPolygon(polygons)
        self._rows.append(row)
        self._shapes.append(shape)
        self._corners += int(shapely.get_num_coordinates(shape))
        if len(self._rows) >= ROWS or self._corners >= CORNERS:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            self._write(append=True)
            self._written += len(self._rows)
            self._rows, self._shapes, self._corners = [], [], 0

    def _write(self, append: bool) -> None:
        fields = columns_of({name: [row[name] for row in self._rows] for name in self._columns})
        try:
            with _settings(OGR_CURRENT_DATE=self._time, OGR_SQLITE_JOURNAL="OFF", OGR_SQLITE_SYNCHRONOUS="OFF"):
                pyogrio.raw.write(
                    self._path,
                    geometry=shapely.to_wkb(np.array(self._shapes, dtype=object)),
                    field_data=list(fields.values()),
                    fields=np.array(list(fields), dtype=object),
                    geometry_type="MultiPolygon",
                    driver="GPKG",
                    layer=self._layer,
                    crs=self._crs or None,
                    gdal_tz_offsets={"created": np.zeros(len(self._rows), dtype=np.int16) + 100},
                    append=append,
                )
        except RuntimeError as error:
            raise _full() from error

    def _check(self) -> None:
        """Raise DISK_FULL where something is missing: GDAL says nothing of what it could not write at the end."""
        try:
            with closing(sqlite3.connect(self._path)) as database:
                [rows] = database.execute("select feature_count from gpkg_ogr_contents").fetchone()
                [indexed] = database.execute("select count(*) from gpkg_extensions").fetchone()
                [right] = database.execute("select max_x from gpkg_contents").fetchone()
        except sqlite3.Error as error:
            raise _full() from error
        if rows != self._written or not indexed or (right is None) != (rows == 0):
            raise _full()


def _full() -> Unavailable:
    detail = "The objects were not written: is the disk full? Free some space and run it again."
    return Unavailable(codes.DISK_FULL, detail, status=507)


@contextmanager
def _settings(**values: str) -> Iterator[None]:
    """Set GDAL's options for the block; a file that is thrown away where it fails needs no journal."""
    pyogrio.set_gdal_config_options(values)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(values))
