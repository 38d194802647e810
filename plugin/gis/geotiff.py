"""A rendered picture to a GeoTIFF that appears whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.PyQt.QtGui import QImage

from .refused import Refused, tr

CHANNELS = 4
STRIP = 128
"""Rows converted at a time."""


@dataclass(frozen=True)
class Picture:
    """Red, green, blue, alpha (not premultiplied), one byte each, row by row.

    `holes` counts the pixels nothing was drawn on; `x`, `y` are the upper left corner, `step` a pixel's side.
    """

    data: bytes
    holes: int
    width: int
    height: int
    x: float
    y: float
    step: float
    wkt: str


def picture_of(image: QImage, x: float, y: float, step: float, wkt: str) -> Picture:
    """Return a rendered image as a `Picture`. Meant for a background thread: it holds Python's lock in short steps."""
    strips, holes = [], 0
    for top in range(0, image.height(), STRIP):
        strip = image.copy(0, top, image.width(), min(STRIP, image.height() - top))
        plain = strip.convertToFormat(QImage.Format.Format_RGBA8888)
        strips.append(plain.constBits().asstring(plain.height() * plain.bytesPerLine()))
        holes += strips[-1][3::CHANNELS].count(0)
    return Picture(b"".join(strips), holes, image.width(), image.height(), x, y, step, wkt)


def write_geotiff(picture: Picture, path: Path) -> None:
    """Write `picture`; its alpha says which pixels are data. Safe to call from any thread.

    Raises:
        Refused: the disk would not take it.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(picture, beside)
        with beside.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 - says that an existing file is replaced, also on Windows
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            beside.unlink()
        raise Refused(tr("The rendered image cannot be written; free some disk space and try again.")) from error


def _write(picture: Picture, path: Path) -> None:
    options = ["TILED=YES", "PHOTOMETRIC=RGB", "ALPHA=YES"]
    driver = gdal.GetDriverByName("GTiff")
    dataset = driver.Create(str(path), picture.width, picture.height, CHANNELS, gdal.GDT_Byte, options)
    if dataset is None:
        raise OSError(gdal.GetLastErrorMsg())
    dataset.SetProjection(picture.wkt)
    dataset.SetGeoTransform((picture.x, picture.step, 0.0, picture.y, 0.0, -picture.step))
    status = dataset.WriteRaster(
        0,
        0,
        picture.width,
        picture.height,
        picture.data,
        buf_type=gdal.GDT_Byte,
        buf_pixel_space=CHANNELS,
        buf_line_space=CHANNELS * picture.width,
        buf_band_space=1,
    )
    gdal.ErrorReset()
    dataset.FlushCache()
    if status != gdal.CE_None or gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise OSError(gdal.GetLastErrorMsg())
