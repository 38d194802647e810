"""Features of a prompt layer to the prompts of objects. Main thread: it reads a layer."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransformContext,
    QgsFeature,
    QgsFeatureRequest,
    QgsPointXY,
    QgsProcessingException,
    QgsProcessingFeatureSource,
    QgsRectangle,
    QgsWkbTypes,
)

from ...backend.protocol.prompts import Prompts
from ..gis.compat import POINT
from ..gis.source import Frame
from ..gis.transform import SourceTransform
from .text import tr

LABELS = {0: 0, 1: 1, "0": 0, "1": 1}


def read_prompts(
    source: QgsProcessingFeatureSource,
    frame: Frame,
    group_field: str,
    label_field: str,
    context: QgsCoordinateTransformContext,
) -> Tuple[Prompts, ...]:
    """Return one `Prompts` an object, in the order of first appearance: points as they are, of polygons the box.

    Args:
        source: points or polygons in any CRS.
        frame: of the raster.
        group_field: features with equal values belong to one object; empty makes each feature an object.
        label_field: 1 (belongs to the object) or 0 for points; empty makes all 1.
        context: for the transformation to the raster's CRS.

    Raises:
        QgsProcessingException: nothing to read, a CRS that is missing on one side, a label that is neither 1 nor 0.
        Refused: a prompt cannot be expressed in the raster's CRS.
    """
    _check_crs(source.sourceCrs(), frame.crs)
    transform = SourceTransform(frame, source.sourceCrs(), context)
    if QgsWkbTypes.geometryType(source.wkbType()) != POINT:
        label_field = ""
    groups: Dict[str, List[QgsFeature]] = {}
    for feature in source.getFeatures(QgsFeatureRequest()):
        if feature.hasGeometry() and not feature.geometry().isEmpty():
            name = str(feature[group_field]) if group_field else str(feature.id())
            groups.setdefault(name, []).append(feature)
    if not groups:
        raise QgsProcessingException(
            tr("The prompt layer has no features to read; draw points on, or boxes around, the objects first.")
        )
    return tuple(_prompts(transform, name, features, label_field) for name, features in groups.items())


def _prompts(transform: SourceTransform, name: str, features: List[QgsFeature], label_field: str) -> Prompts:
    points: List[Tuple[QgsPointXY, int]] = []
    box = QgsRectangle()
    for feature in features:
        geometry = feature.geometry()
        if QgsWkbTypes.geometryType(geometry.wkbType()) == POINT:
            label = _label(feature, label_field)
            points += [(QgsPointXY(vertex.x(), vertex.y()), label) for vertex in geometry.vertices()]
        else:
            box.combineExtentWith(geometry.boundingBox())
    return transform.prompts(points, None if points else box, name)


def _label(feature: QgsFeature, label_field: str) -> int:
    if not label_field:
        return 1
    value: Any = feature[label_field]
    if not isinstance(value, (int, float, str)) or value not in LABELS:
        text = tr("Feature {} has the label “{}”; write 1 for a point on the object and 0 for one that is not.")
        raise QgsProcessingException(text.format(feature.id(), value))
    return LABELS[value]


def _check_crs(prompts: QgsCoordinateReferenceSystem, raster: QgsCoordinateReferenceSystem) -> None:
    if prompts.isValid() == raster.isValid():
        return
    lacking = tr("The image has no CRS") if prompts.isValid() else tr("The prompt layer has no CRS")
    raise QgsProcessingException(tr("{}, so the prompts cannot be placed on the image; set it first.").format(lacking))
