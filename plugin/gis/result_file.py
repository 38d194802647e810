"""Reads the polygons a job left. Uses OGR alone, so that any thread may call it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, Tuple

from osgeo import gdal, ogr
from qgis.core import QgsGeometry
from qgis.PyQt.QtGui import QTransform

from .refused import Refused, tr

FLIP = QTransform(1, 0, 0, -1, 0, 0)


def read_result(path: Path, flip: bool) -> Iterator[Tuple[QgsGeometry, Dict[str, Any]]]:
    """Yield geometry and values by field name of each object; times as text in ISO 8601.

    Args:
        path: the job's GeoPackage.
        flip: rows become negative y, as QGIS shows a raster without georeference (`Frame.pixel`).

    Raises:
        Refused: the file is gone or no GeoPackage.
    """
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # GDAL 3.6 warns of GeoPackage 1.4, which newer ones write
    try:
        yield from _read(path, flip)
    finally:
        gdal.PopErrorHandler()


def _read(path: Path, flip: bool) -> Iterator[Tuple[QgsGeometry, Dict[str, Any]]]:
    try:
        dataset = ogr.Open(str(path))
    except RuntimeError:  # where something else in this Python made GDAL raise
        dataset = None
    layer = None if dataset is None else dataset.GetLayer(0)
    if layer is None:
        raise Refused(tr("The result file cannot be read; run the algorithm again."))
    for feature in layer:
        geometry = QgsGeometry()
        geometry.fromWkb(bytes(feature.GetGeometryRef().ExportToIsoWkb()))
        if flip:
            geometry.transform(FLIP)
        yield geometry, _values(feature)


def _values(feature: Any) -> Dict[str, Any]:
    values: Dict[str, Any] = {}
    for index in range(feature.GetFieldCount()):
        name, kind = feature.GetFieldDefnRef(index).GetName(), feature.GetFieldDefnRef(index).GetType()
        if not feature.IsFieldSetAndNotNull(index):
            values[name] = None
        elif kind == ogr.OFTReal:
            values[name] = feature.GetFieldAsDouble(index)
        elif kind == ogr.OFTDateTime:
            year, month, day, hour, minute, second, _zone = feature.GetFieldAsDateTime(index)
            values[name] = f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{int(second):02}Z"
        else:
            values[name] = feature.GetFieldAsString(index)
    return values
