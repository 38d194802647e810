"""Where embeddings lie that QGIS cannot show: an outline that needs no file and stays in a saved project."""

from __future__ import annotations

import json

from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle, QgsSingleSymbolRenderer, QgsVectorLayer
from qgis.PyQt.QtGui import QColor

from .styles import LIGHT, cased

NOTHING = QColor(0, 0, 0, 0)


def extent_layer(extent: QgsRectangle, crs: QgsCoordinateReferenceSystem, name: str) -> QgsVectorLayer:
    """Return a layer whose source is the rectangle itself."""
    corners = [(extent.xMinimum(), extent.yMinimum()), (extent.xMaximum(), extent.yMinimum())]
    corners += [(extent.xMaximum(), extent.yMaximum()), (extent.xMinimum(), extent.yMaximum())]
    geometry = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    layer = QgsVectorLayer(json.dumps(geometry), name, "ogr")
    layer.setCrs(crs)
    layer.setRenderer(QgsSingleSymbolRenderer(cased(LIGHT, 0.5, NOTHING)))
    return layer
