"""How a raster of classes looks: its own colours and names in the legend, or those a person gave."""

from __future__ import annotations

from pathlib import Path
from typing import Dict, List, Tuple

from osgeo import gdal
from qgis.core import (
    QgsCategorizedSymbolRenderer,
    QgsPalettedRasterRenderer,
    QgsRasterLayer,
    QgsRendererCategory,
    QgsSymbol,
    QgsVectorLayer,
)
from qgis.PyQt.QtGui import QColor

from .kinds import opened

OPACITY = 0.7
"""The image shows through."""

Category = Tuple[int, QColor, str]


def categories_of(path: Path) -> List[Category]:
    """Return value, colour and name of each class that a raster names; none where it names none."""
    dataset = opened(path)
    if dataset is None:
        return []
    palette, found = dataset.GetRasterBand(1).GetRasterColorTable(), []
    for value, name in enumerate(_names(dataset)):
        if name and palette is not None and value < palette.GetCount():
            red, green, blue, alpha = palette.GetColorEntry(value)
            if alpha:
                found.append((value, QColor(red, green, blue), name))
    return found


def name_of(path: Path, value: int) -> str:
    """Return what a raster calls a value, empty where it has no name for it."""
    dataset = opened(path)
    names = [] if dataset is None else _names(dataset)
    return names[value] if value < len(names) else ""


def _names(dataset: gdal.Dataset) -> List[str]:
    band: gdal.Band = dataset.GetRasterBand(1)
    band.GetDefaultRAT()  # GDAL 3.6 reads the file beside a GeoTIFF, where names lie, only when asked for this
    return list(band.GetRasterCategoryNames() or ())


def apply_categories(layer: QgsRasterLayer, categories: List[Category], colours: Dict[str, QColor]) -> None:
    """Style a raster; `colours` by name win over its own."""
    classes = [
        QgsPalettedRasterRenderer.Class(value, colours.get(name, colour), name) for value, colour, name in categories
    ]
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), 1, classes)
    renderer.setOpacity(OPACITY)
    layer.setRenderer(renderer)


def apply_vector_categories(layer: QgsVectorLayer, field: str) -> None:
    """Style polygons or points by the values of a field, each with a colour of its own."""
    index = layer.fields().lookupField(field)
    values = sorted(layer.uniqueValues(index), key=str)
    shades = distinct(len(values))
    categories = []
    for value, shade in zip(values, shades):
        symbol = QgsSymbol.defaultSymbol(layer.geometryType())
        symbol.setColor(shade)
        categories.append(QgsRendererCategory(value, symbol, str(value)))
    layer.setRenderer(QgsCategorizedSymbolRenderer(field, categories))
    layer.setOpacity(OPACITY)


def distinct(count: int) -> List[QColor]:
    """Return colours that can be told apart: a golden angle from hue to hue, light and dark in turn."""
    return [QColor.fromHsv(round(index * 137.508 + 210) % 360, 200, 235 if index % 2 == 0 else 170)
            for index in range(count)]  # fmt: skip
