"""How much of the area each phrase takes from any score on: one pass over `best.tif`, then a look-up.

The pass is GDAL's: a VRT makes one number of phrase and score, whose histogram is the table of both. No pixel goes
through Python, and other threads run meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsDistanceArea,
    QgsGeometry,
    QgsPointXY,
)

from .refused import Refused, tr
from .thresholded import NO_DATA, STEPS

BYTE = 256
STRIPS, LEAST_ROWS = 16, 512
"""Pixels of a strip count as equally large: a raster in degrees has smaller ones towards the poles."""


@dataclass(frozen=True)
class Taken:
    """What one phrase has from a score on. `share` is 0 to 1, `confidence` its mean score; 0 where it has nothing."""

    share: float
    area_m2: float
    confidence: float


@dataclass(frozen=True)
class ScoreTally:
    """`sums[i][step]`: pixels, square metres and summed scores of phrase i from that step on."""

    known: int
    sums: Dict[int, Tuple[Tuple[float, float, float], ...]]

    def taken(self, index: int, least: float) -> Taken:
        """Return what the phrase with this index has from the score `least` on."""
        pixels, area, scores = self.sums[index][round(STEPS * least)]
        return Taken(pixels / max(self.known, 1), area, scores / max(pixels, 1))


def read_tally(best: Path, phrases: int, placed: bool) -> ScoreTally:
    """Return the tally of a run; any thread may call.

    Args:
        best: the run's best phrase and score of every pixel.
        phrases: how many there are; their indices begin with 1.
        placed: coordinates are those of a CRS, so that pixels have a size.

    Raises:
        Refused: the file cannot be read.
    """
    try:
        dataset = gdal.Open(str(best))
        if dataset is None:
            raise OSError(best.name)
        rows = max(LEAST_ROWS, -(-dataset.RasterYSize // STRIPS))
        table = [[(0.0, 0.0)] * BYTE for _ in range(phrases + 1)]
        for first in range(0, dataset.RasterYSize, rows):
            count = min(rows, dataset.RasterYSize - first)
            size = _pixel_m2(dataset, first, count) if placed else 0.0
            _add(table, _histogram(dataset, best, first, count, phrases), size)
    except (OSError, RuntimeError) as error:
        raise Refused(tr("The scores in “{}” cannot be read; run it again.").format(best.parent.name)) from error
    known = sum(pixels for row in table for pixels, _ in row[:NO_DATA])
    return ScoreTally(int(known), {index: _sums(table[index]) for index in range(1, phrases + 1)})


def _add(table: List[List[Tuple[float, float]]], counts: Sequence[int], pixel_m2: float) -> None:
    for bucket, count in enumerate(counts):
        if count:
            index, step = divmod(bucket, BYTE)
            pixels, area = table[index][step]
            table[index][step] = pixels + count, area + count * pixel_m2


def _sums(steps: Sequence[Tuple[float, float]]) -> Tuple[Tuple[float, float, float], ...]:
    each = [(pixels, area, pixels * step / STEPS) for step, (pixels, area) in enumerate(steps[: STEPS + 1])]
    from_the_top = accumulate(reversed(each), lambda a, b: (a[0] + b[0], a[1] + b[1], a[2] + b[2]))
    return tuple(reversed(list(from_the_top)))


def _histogram(dataset: gdal.Dataset, best: Path, first: int, rows: int, phrases: int) -> List[int]:
    """Return how often each `phrase * 256 + score step` occurs in some rows."""
    combined = gdal.Open(_xml(dataset.RasterXSize, best, first, rows))
    if combined is None:
        raise OSError(best.name)
    buckets = BYTE * (phrases + 1)
    return list(combined.GetRasterBand(1).GetHistogram(-0.5, buckets - 0.5, buckets, False, False))


def _xml(width: int, best: Path, first: int, rows: int) -> str:
    place = f'xSize="{width}" ySize="{rows}"'
    source = (
        f'<SourceFilename relativeToVRT="0">{escape(str(best))}</SourceFilename><SourceBand>{{band}}</SourceBand>'
        f'<SrcRect xOff="0" yOff="{first}" {place}/><DstRect xOff="0" yOff="0" {place}/>'
    )
    phrase = f"<ComplexSource>{source.format(band=1)}<ScaleOffset>0</ScaleOffset><ScaleRatio>{BYTE}</ScaleRatio>"
    return (
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{rows}">'
        '<VRTRasterBand dataType="UInt16" band="1" subClass="VRTDerivedRasterBand">'
        "<PixelFunctionType>sum</PixelFunctionType><SourceTransferType>UInt16</SourceTransferType>"
        f"{phrase}</ComplexSource><SimpleSource>{source.format(band=2)}</SimpleSource>"
        "</VRTRasterBand></VRTDataset>"
    )


def _pixel_m2(dataset: gdal.Dataset, first: int, rows: int) -> float:
    """Return the mean size of the pixels of some rows on the ellipsoid, 0 where it is unknown."""
    transform = dataset.GetGeoTransform(can_return_null=True)
    crs = QgsCoordinateReferenceSystem.fromWkt(dataset.GetProjection())
    if transform is None or not crs.isValid():
        return 0.0
    measure = QgsDistanceArea()
    measure.setSourceCrs(crs, QgsCoordinateTransformContext())
    measure.setEllipsoid(crs.ellipsoidAcronym())
    left = dataset.RasterXSize // 2
    corners = ((left, first), (left + 1, first), (left + 1, first + rows), (left, first + rows))
    column = [QgsPointXY(*gdal.ApplyGeoTransform(transform, x, y)) for x, y in corners]
    return float(measure.measureArea(QgsGeometry.fromPolygonXY([column]))) / rows
