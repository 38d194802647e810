"""A job's files where the user wants them."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsProcessingException

from ..gis.flipped import turn
from .text import tr


def keep(path: Path, target: str, flip: bool = False) -> str:
    """Copy a result file to where the user wants it and return that place; it appears whole.

    `flip`: a raster's rows become negative y, as QGIS shows an image without georeference (`Frame.pixel`).

    Raises:
        QgsProcessingException: it cannot be written there.
    """
    wanted = Path(target)
    beside = wanted.with_name(f".{wanted.name}.part")
    try:
        shutil.copyfile(path, beside)
        if flip:
            turn_file(beside)
        beside.replace(wanted)
    except (OSError, RuntimeError) as error:
        with suppress(OSError):
            beside.unlink()
        raise QgsProcessingException(tr("“{}” cannot be written; choose another place.").format(wanted.name)) from error
    return target


def turn_file(raster: Path) -> None:
    """Let a raster's rows become negative y. Raises OSError, RuntimeError."""
    dataset = gdal.OpenEx(str(raster), gdal.OF_UPDATE, open_options=["IGNORE_COG_LAYOUT_BREAK=YES"])
    if dataset is None:
        raise OSError(raster.name)
    turn(dataset)
