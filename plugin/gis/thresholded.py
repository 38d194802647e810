"""A class map from a score on: a small VRT over `best.tif` (best phrase and its score), whose alpha is the threshold.

No pixel is computed before it is drawn, and drawing is in the background. Each threshold has a file of its own:
GDAL writes statistics into a VRT when it closes one, so that a changed file would come undone; and a project that was
saved names the file it was saved with.
"""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

from osgeo import gdal

from .refused import Refused, tr

STEPS, NO_DATA = 250, 255
"""A score of 1 is kept as `STEPS`."""
ALPHA = 2


def write_thresholded(best: Path, least: float) -> Path:
    """Return the class map of the scores from `least` on, a file beside `best` that appears whole.

    Raises:
        Refused: the file cannot be read, or none can be written beside it.
    """
    step = round(STEPS * least)
    target = best.with_name(f"classes_from_{step:03}.vrt")
    if target.is_file():
        return target
    try:
        dataset = gdal.Open(str(best))
        if dataset is None:
            raise OSError(best.name)
        beside = target.with_suffix(".part")
        beside.write_text(_xml(dataset, best.name, step), encoding="utf-8")
        os.replace(beside, target)  # noqa: PTH105 - says that an existing file is replaced, also on Windows
    except (OSError, RuntimeError) as error:
        raise Refused(tr("The class map in “{}” cannot be read or filtered.").format(best.parent.name)) from error
    return target


def _xml(dataset: gdal.Dataset, name: str, least: int) -> str:
    width, height = dataset.RasterXSize, dataset.RasterYSize
    transform = dataset.GetGeoTransform(can_return_null=True)
    placed = (
        "" if transform is None else f"<GeoTransform>{', '.join(repr(value) for value in transform)}</GeoTransform>"
    )
    lut = f"{least - 1}:0,{least}:255,{STEPS}:255,{STEPS + 1}:0"
    classes = f"<SimpleSource>{_source(dataset, name, 1)}</SimpleSource>"
    alpha = f"<ComplexSource>{_source(dataset, name, 2)}<LUT>{lut}</LUT></ComplexSource>"
    return (
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}">'
        f"<SRS>{escape(dataset.GetProjection())}</SRS>{placed}"
        f'<VRTRasterBand dataType="Byte" band="1">{classes}</VRTRasterBand>'
        f'<VRTRasterBand dataType="Byte" band="{ALPHA}"><ColorInterp>Alpha</ColorInterp>{alpha}</VRTRasterBand>'
        "</VRTDataset>"
    )


def _source(dataset: gdal.Dataset, name: str, band: int) -> str:
    width, height = dataset.RasterXSize, dataset.RasterYSize
    columns, rows = dataset.GetRasterBand(band).GetBlockSize()
    whole = f'xOff="0" yOff="0" xSize="{width}" ySize="{height}"'
    return (
        f'<SourceFilename relativeToVRT="1">{escape(name)}</SourceFilename><SourceBand>{band}</SourceBand>'
        f'<SourceProperties RasterXSize="{width}" RasterYSize="{height}" DataType="Byte" '
        f'BlockXSize="{columns}" BlockYSize="{rows}"/><SrcRect {whole}/><DstRect {whole}/>'
    )
