"""Accepted objects into a polygon layer, each as one undo command of its edit session."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence

from qgis.core import (
    NULL,
    QgsCoordinateTransform,
    QgsCsException,
    QgsExpressionContext,
    QgsFeature,
    QgsFieldConstraints,
    QgsGeometry,
    QgsMapLayer,
    QgsProject,
    QgsVectorDataProvider,
    QgsVectorLayer,
    QgsVectorLayerUtils,
)

from .compat import POLYGON, field_takes
from .refused import Refused, tr
from .result import Result

NOT_NULL = QgsFieldConstraints.Constraint.ConstraintNotNull
KEPT = ("score", "label")
"""What a new shape does not change about an object."""


class PolygonLayer:
    """A polygon layer that takes results.

    Values go into fields of the same name (upper or lower case alike) that can hold them unchanged; others are left
    to the layer's defaults, and no field is ever added. The layer stays in its edit session: the user saves or undoes.
    """

    def __init__(self, layer: QgsVectorLayer) -> None:
        """Raise `Refused` where the layer cannot take polygons."""
        problem = problem_with(layer)
        if problem:
            raise Refused(problem)
        self.layer = layer

    def add(self, result: Result) -> List[int]:
        """Write one object and return the ids of its features: several where the layer takes no multipolygons.

        Raises:
            Refused: the layer took no edits; nothing was written.
        """
        return self.add_all([result], tr("Add segmented object"))

    def add_all(self, results: Sequence[Result], command: str) -> List[int]:
        """Write objects as the one undo command of this name, and return the ids of their features.

        Raises:
            Refused: as `add`.
        """
        placed = [(geometry, result) for result in results for geometry in self._geometries(result)]
        features: List[QgsFeature] = []

        def write() -> bool:
            context = self.layer.createExpressionContext()
            features.extend(self._feature(geometry, result, context) for geometry, result in placed)
            return all(self.layer.addFeature(feature) for feature in features)

        self._edit(command, write)
        return [int(feature.id()) for feature in features]

    def replace(self, feature_id: int, result: Result) -> List[int]:
        """Give an object another shape, as one undo command; what it is (`KEPT`) stays. Return the ids of its features.

        Raises:
            Refused: as `add`, or the object is not there any more.
        """
        if not self.layer.getFeature(feature_id).isValid():
            raise Refused(tr("The object is not in “{}” any more.").format(self.layer.name()))
        first, *others = self._geometries(result)
        kept = {index for index, field in enumerate(self.layer.fields()) if field.name().lower() in KEPT}
        values = {index: value for index, value in self._values(result).items() if index not in kept}
        features: List[QgsFeature] = []

        def write() -> bool:
            context = self.layer.createExpressionContext()
            features.extend(self._feature(geometry, result, context) for geometry in others)
            changed = self.layer.changeGeometry(feature_id, first)
            changed = changed and (not values or self.layer.changeAttributeValues(feature_id, values))
            return changed and all(self.layer.addFeature(feature) for feature in features)

        self._edit(tr("Refine object"), write)
        return [feature_id, *(int(feature.id()) for feature in features)]

    def _edit(self, command: str, write: Callable[[], bool]) -> None:
        """Do `write` as one undo command; where it returns False nothing stays."""
        if not self.layer.isEditable() and not self.layer.startEditing():
            raise Refused(tr("“{}” cannot be edited now; check that it is writable.").format(self.layer.name()))
        self.layer.beginEditCommand(command)
        if not write():
            self.layer.destroyEditCommand()
            raise Refused(tr("“{}” did not take the object; check its constraints.").format(self.layer.name()))
        self.layer.endEditCommand()
        self.layer.triggerRepaint()

    def lacks(self, ids: List[int]) -> str:
        """Return in one sentence what these features need before they can be saved, or nothing."""
        fields, defaults = self.layer.fields(), self.layer.dataProvider()
        features = [self.layer.getFeature(number) for number in ids]
        names = [
            field.name()
            for index, field in enumerate(fields)
            if self.layer.fieldConstraints(index) & NOT_NULL
            and not defaults.defaultValueClause(index)
            and any(feature.attribute(index) in (None, NULL) for feature in features)
        ]
        if not names:
            return ""
        text = tr("“{}” needs a value for {}; fill it in in the attribute table before you save.")
        return str(text.format(self.layer.name(), ", ".join(f"“{name}”" for name in names)))

    def _geometries(self, result: Result) -> List[QgsGeometry]:
        geometry = QgsGeometry(result.geometry)
        transform = QgsCoordinateTransform(result.crs, self.layer.crs(), QgsProject.instance().transformContext())
        try:
            geometry.transform(transform)
        except QgsCsException as error:
            raise Refused(
                tr("The object cannot be expressed in the CRS of “{}”; choose another layer.").format(self.layer.name())
            ) from error
        parts = geometry.coerceToType(self.layer.wkbType())
        if geometry.isEmpty() or not parts:
            raise Refused(tr("There is no object to add yet; click one first."))
        return list(parts)

    def _feature(self, geometry: QgsGeometry, result: Result, context: QgsExpressionContext) -> QgsFeature:
        return QgsVectorLayerUtils.createFeature(self.layer, geometry, self._values(result), context)

    def _values(self, result: Result) -> Dict[int, Any]:
        wanted = {name.lower(): value for name, value in result.attributes().items()}
        values: Dict[int, Any] = {}
        for index, field in enumerate(self.layer.fields()):
            value = wanted.get(field.name().lower())
            if value not in (None, "") and field_takes(field, value):
                values[index] = value
        return values


def problem_with(layer: QgsMapLayer) -> str:
    """Return why `layer` cannot take polygons, in one sentence, or nothing if it can."""
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid() or layer.geometryType() != POLYGON:
        return str(tr("“{}” is not a polygon layer; choose or make one.").format(layer.name()))
    capabilities = layer.dataProvider().capabilities()
    if layer.readOnly() or not capabilities & QgsVectorDataProvider.Capability.AddFeatures:
        return str(tr("“{}” is read-only; choose another layer or make a new one.").format(layer.name()))
    return ""
