"""The map moved to a feature of a layer, with its surroundings."""

from __future__ import annotations

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject, QgsRectangle, QgsVectorLayer
from qgis.gui import QgsMapCanvas

from ..gis.refused import Refused, tr

MARGIN = 3.0
"""The map shows this many times the feature's width and height."""


def show_feature(layer: QgsVectorLayer, feature_id: int, canvas: QgsMapCanvas) -> None:
    """Show a feature and let it flash.

    Raises:
        Refused: it is not there any more, or the map's CRS has no place for it.
    """
    feature = layer.getFeature(feature_id)
    if not feature.isValid() or feature.geometry().isEmpty():
        raise Refused(tr("This place is not in the layer any more."))
    to_map = QgsCoordinateTransform(layer.crs(), canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        bounds: QgsRectangle = to_map.transformBoundingBox(feature.geometry().boundingBox())
    except QgsCsException as error:
        text = tr("The map's coordinate system cannot show this object; choose another one.")
        raise Refused(text) from error
    bounds.scale(MARGIN)
    canvas.setExtent(bounds)
    canvas.refresh()
    canvas.flashFeatureIds(layer, [feature_id])
