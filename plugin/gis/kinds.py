"""How a layer's pixels reach the backend: by reference to its file, or rendered by QGIS."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Optional

from osgeo import gdal
from qgis.core import QgsMapLayer, QgsProviderRegistry, QgsRasterLayer

from .refused import Refused, tr

DRIVERS = ("GTiff", "JP2OpenJPEG", "PNG", "JPEG", "WEBP", "GPKG", "HFA", "ENVI")
"""The formats the backend opens; any other layer is rendered. A test holds this list to `backend/geo/access.py`."""

_PLAIN_RENDERERS = ("multibandcolor", "singlebandgray")


class Kind(Enum):
    """`REFERENCE`: the backend reads the file. `RENDERED`: QGIS draws a part of the layer into a GeoTIFF first."""

    REFERENCE = "reference"
    RENDERED = "rendered"


def kind_of(layer: QgsMapLayer) -> Kind:
    """Return how to read `layer`.

    Raises:
        Refused: it is no raster layer, or QGIS itself cannot read it.
    """
    if not isinstance(layer, QgsRasterLayer):
        raise Refused(tr("“{}” is not a raster layer; choose an image.").format(layer.name()))
    if not layer.isValid():
        raise Refused(tr("QGIS cannot read “{}”; repair its data source first.").format(layer.name()))
    return Kind.REFERENCE if _readable(layer) and _plain_look(layer) else Kind.RENDERED


def local_path(layer: QgsRasterLayer) -> Optional[Path]:
    """Return the layer's one local file without `|options`, or None if it has none."""
    if layer.providerType() != "gdal":
        return None
    text = str(QgsProviderRegistry.instance().decodeUri("gdal", layer.source()).get("path") or "")
    path = Path(text)
    return path.absolute() if text and not text.startswith("/vsi") and path.is_file() else None


def opened(path: Path) -> Optional[gdal.Dataset]:
    """Return GDAL's view of a file, None where it has none; whether GDAL raises is up to whoever shares this Python."""
    try:
        return gdal.Open(str(path))
    except RuntimeError:
        return None


def has_geotransform(path: Path) -> bool:
    """Return whether the file says where it lies; if not, its coordinates are columns and rows."""
    dataset = opened(path)
    return dataset is not None and dataset.GetGeoTransform(can_return_null=True) is not None


def _readable(layer: QgsRasterLayer) -> bool:
    path = local_path(layer)
    if path is None:
        return False
    driver = gdal.IdentifyDriver(str(path))
    if driver is None or driver.ShortName not in DRIVERS:
        return False
    dataset = opened(path)
    # QGIS warps files placed by ground control points on the fly: its coordinates are not the file's.
    return dataset is not None and (dataset.GetGCPCount() == 0 or has_geotransform(path))


def _plain_look(layer: QgsRasterLayer) -> bool:
    """Return whether bands, a linear stretch and one nodata value say how the layer looks."""
    renderer, provider = layer.renderer(), layer.dataProvider()
    if renderer is None or renderer.type() not in _PLAIN_RENDERERS:
        return False
    bands = renderer.usesBands()
    if renderer.type() == "multibandcolor" and len(bands) != 3:
        return False
    ranges = [item for band in bands for item in provider.userNoDataValues(band)]
    return all(r.min() == r.max() for r in ranges) and len({r.min() for r in ranges}) <= 1
