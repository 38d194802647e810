"""Layers that say what is where: their classes by name, and a file of them that the backend reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Optional, Tuple

from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsEditorWidgetSetup,
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMapLayer,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsVectorLayer,
)

from .category_style import categories_of
from .compat import POLYGON, text_field
from .flipped import turn
from .kinds import DRIVERS, local_path
from .land_cover import COLOURS, shown_name
from .refused import Refused, tr
from .result_file import FLIP
from .source import crs_text
from .styles import DARK
from .thresholded import ALPHA

COLUMN = "class"
MOST_NAMES = 200
"""Different values of a column that are still taken for classes."""
NO_DATA = 255
AS_SHOWN = (0, 1, 0, 0, 0, -1)
"""Where QGIS shows a raster that does not say where it lies."""
UNSAID = "#d64cff"
"""The colour of polygons without a class."""


def class_names(layer: Optional[QgsMapLayer], column: str = "") -> List[str]:
    """Return the classes of a layer by name, none where it does not name any."""
    if isinstance(layer, QgsRasterLayer):
        return [name for _, name in raster_classes(layer)]
    index = layer.fields().lookupField(column) if isinstance(layer, QgsVectorLayer) and column else -1
    if index < 0:
        return []
    return sorted({str(value) for value in layer.uniqueValues(index, MOST_NAMES) if value not in (None, "")})


def raster_classes(layer: QgsRasterLayer) -> List[Tuple[int, str]]:
    """Return value and name of each class: those that the legend names, else those the file names."""
    renderer = layer.renderer()
    legend = renderer.classes() if isinstance(renderer, QgsPalettedRasterRenderer) else []
    named = [(int(one.value), one.label) for one in legend if one.label and one.label != f"{one.value:g}"]
    path = local_path(layer)
    return named or ([] if path is None else [(value, name) for value, _, name in categories_of(path)])


def is_plain_file(layer: QgsRasterLayer) -> bool:
    """Return whether the backend reads the layer's file as it is."""
    path = local_path(layer)
    driver = None if path is None else gdal.IdentifyDriver(str(path))
    return driver is not None and driver.ShortName in DRIVERS


def write_raster_labels(source: str, crs: str, target: Path, size: Optional[Tuple[int, int]] = None) -> Path:
    """Write the first band of a raster as a GeoTIFF; what its second band hides has no data. Any thread may call.

    Args:
        source: what GDAL opens.
        crs: of it, as text; empty for what it says itself.
        target: is written.
        size: columns and rows of an image without georeference (`Frame.pixel`), on which it lies as QGIS shows both.

    Raises:
        Refused: it cannot be read or written.
    """
    try:
        dataset = gdal.Open(source)
        if dataset is None:
            raise OSError(source)
        bands = [1, ALPHA] if _hides(dataset) else [1]
        chosen = gdal.Translate("", dataset, format="VRT", bandList=bands)
        bare = chosen.GetGeoTransform(can_return_null=True) is None
        if bare:
            chosen.SetGeoTransform(AS_SHOWN)
        masked = gdal.Warp("", chosen, **_warp(crs, size, alpha=len(bands) > 1))
        packed = {"format": "GTiff", "creationOptions": ["COMPRESS=DEFLATE", "TILED=YES"]}
        done = gdal.Translate(str(target), masked, bandList=[1], noData=NO_DATA, **packed)
        if done is None:
            raise OSError(target.name)
        if bare or size is not None:
            turn(done)
        done.FlushCache()
    except (OSError, RuntimeError) as error:
        text = tr("“{}” cannot be read as a map of classes; save it as a GeoTIFF first.")
        raise Refused(text.format(Path(source).name)) from error
    return target


def _hides(dataset: gdal.Dataset) -> bool:
    """Return whether it is a class map from a score on: what lies below is hidden by its second band."""
    if dataset.RasterCount < ALPHA:
        return False
    return bool(dataset.GetRasterBand(ALPHA).GetColorInterpretation() == gdal.GCI_AlphaBand)


def _warp(crs: str, size: Optional[Tuple[int, int]], alpha: bool) -> Dict[str, Any]:
    """Return GDAL's options: the grid stays as it is, but that one for an image of `size` becomes as large as that."""
    options: Dict[str, Any] = {
        "format": "VRT",
        "dstNodata": NO_DATA,
        "resampleAlg": "near",
        "srcAlpha": alpha,
    }
    if crs:
        options.update(srcSRS=crs, dstSRS=crs)
    if size is not None:
        columns, rows = size
        options.update(outputBounds=(0, -rows, columns, 0), width=columns, height=rows)
    return options


def turned_polygons(features: Iterable[QgsFeature], column: str) -> Iterator[Tuple[QgsGeometry, str, int]]:
    """Yield polygons on an image without georeference, as `write_examples` takes them: with rows that go down."""
    for feature in features:
        geometry = QgsGeometry(feature.geometry())
        geometry.transform(FLIP)
        yield geometry, str(feature[column] or "") if column else "", 1


def gdal_source(layer: QgsRasterLayer) -> Tuple[str, str]:
    """Return what GDAL opens for a layer, and its CRS. Raises Refused where QGIS alone can read it."""
    if layer.providerType() != "gdal":
        text = tr("“{}” comes from a server, as a picture; save it as a GeoTIFF of classes first.")
        raise Refused(text.format(layer.name()))
    return layer.source(), crs_text(layer.crs())


def drawing_layer(image: QgsRasterLayer) -> QgsVectorLayer:
    """Return an empty layer in memory for polygons on `image`, with a class each; it is not added to the project."""
    layer = QgsVectorLayer("Polygon", tr("Labels of {}").format(image.name()), "memory")
    layer.setCrs(image.crs())
    layer.dataProvider().addAttributes([text_field(COLUMN)])
    layer.updateFields()
    choices = {"map": [{shown_name(known): known} for known in COLOURS]}
    layer.setEditorWidgetSetup(0, QgsEditorWidgetSetup("ValueMap", choices))
    categories = [QgsRendererCategory(known, _fill(colour), shown_name(known)) for known, colour in COLOURS.items()]
    categories.append(QgsRendererCategory("", _fill(UNSAID), tr("no class yet")))
    layer.setRenderer(QgsCategorizedSymbolRenderer(COLUMN, categories))
    return layer


def is_polygons(layer: Optional[QgsMapLayer]) -> bool:
    """Return whether a layer holds polygons."""
    return isinstance(layer, QgsVectorLayer) and layer.geometryType() == POLYGON


def _fill(colour: str) -> QgsFillSymbol:
    symbol = QgsFillSymbol.createSimple({"color": colour, "outline_color": DARK.name(), "outline_width": "0.3"})
    symbol.setOpacity(0.5)
    return symbol
