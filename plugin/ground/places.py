"""Objects of a run on the map: which one lies under a click, and the map moved to one."""

from __future__ import annotations

from typing import Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsExpression,
    QgsFeature,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas

from ...backend.protocol.prompts import Box
from ..gis.refused import Refused, tr
from ..gis.score_filter import least_score

MARGIN = 2.0
"""The map shows this many times an object's width and height."""
TOUCH = 3
"""Pixels around a click that still count."""


def object_named(layer: QgsVectorLayer, name: str) -> Optional[QgsFeature]:
    """Return the object with this id."""
    wanted = QgsExpression.createFieldEqualityExpression("id", name)
    return next(layer.getFeatures(QgsFeatureRequest().setFilterExpression(wanted)), None)


def object_at(layer: QgsVectorLayer, at: QgsPointXY, canvas: QgsMapCanvas) -> Optional[QgsFeature]:
    """Return the smallest object shown at a place of the map, None where there is none."""
    reach = TOUCH * canvas.mapUnitsPerPixel()
    around = QgsRectangle(at.x() - reach, at.y() - reach, at.x() + reach, at.y() + reach)
    shown = canvas.mapSettings().destinationCrs()
    try:
        there = QgsCoordinateTransform(shown, layer.crs(), QgsProject.instance()).transformBoundingBox(around)
    except QgsCsException:
        return None
    place, least = QgsGeometry.fromRect(there), least_score(layer)
    found = [
        feature
        for feature in layer.getFeatures(QgsFeatureRequest().setFilterRect(there))
        if (feature["score"] or 0) >= least and feature.geometry().intersects(place)
    ]
    return min(found, key=lambda feature: feature.geometry().area(), default=None)


def bounds_on_map(layer: QgsVectorLayer, feature: QgsFeature, canvas: QgsMapCanvas) -> QgsRectangle:
    """Return the rectangle around an object in the map's CRS.

    Raises:
        Refused: the map cannot show the place.
    """
    shown = canvas.mapSettings().destinationCrs()
    to_map = QgsCoordinateTransform(layer.crs(), shown, QgsProject.instance())
    try:
        return to_map.transformBoundingBox(feature.geometry().boundingBox())
    except QgsCsException as error:
        raise _unshowable() from error


def show_box(box: Box, crs: str, pixel: bool, canvas: QgsMapCanvas) -> None:
    """Show a box of a run's answer, and nothing around it.

    Args:
        box: in the source's CRS, or columns and rows.
        crs: the source's, as text.
        pixel: as `Frame.pixel`.

    Raises:
        Refused: as `bounds_on_map`.
    """
    up = -1 if pixel else 1
    there = QgsRectangle(box.x0, up * box.y0, box.x1, up * box.y1)
    source = QgsCoordinateReferenceSystem() if pixel else QgsCoordinateReferenceSystem(crs)
    transform = QgsCoordinateTransform(source, canvas.mapSettings().destinationCrs(), QgsProject.instance())
    try:
        canvas.setExtent(transform.transformBoundingBox(there))
    except QgsCsException as error:
        raise _unshowable() from error
    canvas.refresh()


def zoom_to(layer: QgsVectorLayer, feature: QgsFeature, canvas: QgsMapCanvas) -> None:
    """Show an object with its surroundings and let it flash.

    Raises:
        Refused: as `bounds_on_map`.
    """
    bounds = bounds_on_map(layer, feature, canvas)
    bounds.scale(MARGIN)
    canvas.setExtent(bounds)
    canvas.refresh()
    canvas.flashFeatureIds(layer, [feature.id()])


def _unshowable() -> Refused:
    return Refused(tr("The map's coordinate system cannot show this object; choose another one."))
