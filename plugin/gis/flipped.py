"""Results of an image without georeference, the way QGIS shows it: rows become negative y."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Callable

from osgeo import gdal, ogr
from qgis.core import QgsGeometry

from .refused import Refused, tr
from .result_file import FLIP


def flipped_copy(path: Path) -> Path:
    """Return a GeoPackage beside `path` with its objects turned over; it is made once. Any thread may call.

    Raises:
        Refused: it cannot be written.
    """
    target = path.with_name(f"{path.stem}_shown{path.suffix}")
    if target.is_file():
        return target
    beside = target.with_name(f"{target.stem}.part{target.suffix}")
    gdal.PushErrorHandler("CPLQuietErrorHandler")  # GDAL 3.6 warns of GeoPackage 1.4, which newer ones write
    try:
        beside.unlink(missing_ok=True)
        _write(path, beside)
        os.replace(beside, target)  # noqa: PTH105 - says that an existing file is replaced, also on Windows
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            beside.unlink()
        raise Refused(tr("“{}” cannot be written; free some disk space and try again.").format(target.name)) from error
    finally:
        gdal.PopErrorHandler()
    return target


def flipped_raster(path: Path) -> Path:
    """Return a VRT beside `path` that is turned over, `path` itself where it says nothing of its place.

    A part of an image says at which column and row it begins; QGIS takes these for x and y upwards. Any thread may
    call.

    Raises:
        Refused: it cannot be written.
    """
    target = path.with_name(f"{path.stem}_shown.vrt")
    if target.is_file():
        return target
    dataset = gdal.Open(str(path))
    if dataset is not None and dataset.GetGeoTransform(can_return_null=True) is None:
        return path
    return turned_over(path, target)


def turned_over(path: Path, target: Path) -> Path:
    """Write `target`, a VRT over `path` turned over, and return it.

    Raises:
        Refused: it cannot be written.
    """
    return linked(path, target, turn)


def linked(path: Path, target: Path, change: Callable[[gdal.Dataset], None] = lambda _dataset: None) -> Path:
    """As `turned_over`, changed by `change` instead. What QGIS writes into an open VRT goes there, not into `path`."""
    beside = target.with_name(f"{target.stem}.part.vrt")
    try:
        dataset = gdal.Open(str(path))
        if dataset is None:
            raise OSError(path.name)
        copy = gdal.GetDriverByName("VRT").CreateCopy(str(beside), dataset)  # a VRT's own sources, not one around it
        if copy is None:
            raise OSError(beside.name)
        change(copy)
        copy.FlushCache()
        del copy
        os.replace(beside, target)  # noqa: PTH105 - says that an existing file is replaced, also on Windows
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            beside.unlink()
        raise Refused(tr("“{}” cannot be written; free some disk space and try again.").format(target.name)) from error
    return target


def turn(dataset: gdal.Dataset) -> None:
    """Turn over where a raster says it lies; one that says nothing stays as it is."""
    transform = dataset.GetGeoTransform(can_return_null=True)
    if transform is not None:
        dataset.SetGeoTransform((*transform[:3], *(-value for value in transform[3:])))


def _write(path: Path, target: Path) -> None:
    source = ogr.Open(str(path))
    if source is None:
        raise OSError(path.name)
    copy = ogr.GetDriverByName("GPKG").CopyDataSource(source, str(target))
    if copy is None:
        raise OSError(target.name)
    layer = copy.GetLayer(0)
    layer.StartTransaction()
    for feature in list(layer):
        geometry = QgsGeometry()
        geometry.fromWkb(bytes(feature.GetGeometryRef().ExportToIsoWkb()))
        geometry.transform(FLIP)
        feature.SetGeometry(ogr.CreateGeometryFromWkb(bytes(geometry.asWkb())))
        layer.SetFeature(feature)
    layer.CommitTransaction()
    copy.FlushCache()
