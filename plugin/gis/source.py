"""A raster layer, as the person sees it, to the protocol's `Source`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, Tuple

from qgis.core import (
    QgsContrastEnhancement,
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsRasterLayer,
)

from ...backend.protocol.source import Source, Stretch
from .kinds import Kind, has_geotransform, kind_of, local_path, opened
from .refused import Refused, tr

_NONE = QgsContrastEnhancement.ContrastEnhancementAlgorithm.NoEnhancement


@dataclass(frozen=True)
class Frame:
    """What the coordinates of a source mean: `crs`, or columns and rows (y down) where `pixel` is set.

    QGIS shows a raster without georeference at x = column, y = -row, so `pixel` is also what to flip.
    """

    crs: QgsCoordinateReferenceSystem
    pixel: bool = False


def source_of(layer: QgsMapLayer) -> Source:
    """Return the file behind `layer` with its bands, stretch and nodata as the renderer shows them.

    Raises:
        Refused: the layer has to be rendered first (`online.LayerRenderer`), or is no usable raster.
    """
    if kind_of(layer) is Kind.RENDERED:
        raise Refused(
            tr("“{}” is not a plain image file on this computer; save it as a GeoTIFF first.").format(layer.name())
        )
    path = local_path(layer)
    bands = tuple(int(band) for band in layer.renderer().usesBands())
    return Source(
        path=str(path),
        bands=bands,
        stretch=_stretch(layer, bands),
        nodata=_nodata(layer, bands),
        crs=_missing_crs(layer, path),
        name=safe_name(layer.name()),
    )


def frame_of(layer: QgsRasterLayer) -> Frame:
    """Return what coordinates in the layer's source mean."""
    path = local_path(layer) if kind_of(layer) is Kind.REFERENCE else None
    return Frame(layer.crs(), path is not None and not has_geotransform(path))


def crs_text(crs: QgsCoordinateReferenceSystem) -> str:
    """Return `EPSG:4326` and the like, WKT for a CRS of the user's own, nothing for an unknown one."""
    if not crs.isValid():
        return ""
    authority = crs.authid()
    if authority and not authority.startswith("USER:"):
        return str(authority)
    return str(crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))


def safe_name(name: str) -> str:
    """Return a layer's name for records: user, password and query are cut out of any address in it."""
    return re.sub(r"\b([a-z][a-z0-9+.-]*://)(?:[^/@\s]*@)?([^\s?]*)(?:\?\S*)?", r"\1\2", name, flags=re.IGNORECASE)


def _stretch(layer: QgsRasterLayer, bands: Tuple[int, ...]) -> Tuple[Stretch, ...]:
    """Return one stretch a band, or none where the renderer leaves any band as it is."""
    renderer = layer.renderer()
    if len(bands) == 1:
        found = [renderer.contrastEnhancement()]
    else:
        found = [
            renderer.redContrastEnhancement(),
            renderer.greenContrastEnhancement(),
            renderer.blueContrastEnhancement(),
        ]
    if any(item is None or item.contrastEnhancementAlgorithm() == _NONE for item in found):
        return ()
    pairs = [(float(item.minimumValue()), float(item.maximumValue())) for item in found]
    usable = all(math.isfinite(low) and math.isfinite(high) and low < high for low, high in pairs)
    return tuple(Stretch(low, high) for low, high in pairs) if usable else ()


def _nodata(layer: QgsRasterLayer, bands: Tuple[int, ...]) -> Optional[float]:
    """Return the value the user set as nodata in the layer's properties, if any."""
    for band in bands:
        for item in layer.dataProvider().userNoDataValues(band):
            return float(item.min())
    return None


def _missing_crs(layer: QgsRasterLayer, path: Path) -> str:
    dataset = opened(path)
    return "" if dataset is None or dataset.GetProjection() else crs_text(layer.crs())
