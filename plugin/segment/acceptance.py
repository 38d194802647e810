"""Accepting an object: into which layer it goes, and as what."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple

from qgis.core import QgsCoordinateReferenceSystem, QgsMapLayer, QgsProject, QgsVectorLayer
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol import VERSION
from ...backend.protocol.capabilities import ModelInfo
from ..gis.result import Result, prompt_text
from ..gis.result_layers import add_history, new_geopackage, new_memory_layer
from ..gis.results import PolygonLayer
from ..gis.transform import SourceTransform
from ..state.session import AcceptedObject


class Acceptance:
    """Writes objects into the layer picked in a combo box; where none is picked, into a new temporary one."""

    def __init__(self, target: QgsMapLayerComboBox) -> None:
        self._target = target
        self._replaces: Optional[Tuple[str, int]] = None

    def replace_next(self, layer: QgsVectorLayer, feature_id: int) -> None:
        """Let the next object take the place of this one, as long as its layer stays the target."""
        self._target.setLayer(layer)
        self._replaces = layer.id(), feature_id

    def add_next(self) -> None:
        """Let the next object be one of its own."""
        self._replaces = None

    def write(
        self, accepted: AcceptedObject, transform: SourceTransform, image: QgsMapLayer, model: Optional[ModelInfo]
    ) -> str:
        """Write one object, as one undo command; return what it needs before it can be saved, if anything.

        Raises:
            Refused: the layer cannot take it; nothing was written.
        """
        layer = PolygonLayer(self._target.currentLayer() or self._temporary(image))
        result, replaces = _result(accepted, transform), self._replaces
        again = replaces is not None and replaces[0] == layer.layer.id()
        ids = layer.replace(replaces[1], result) if again else layer.add(result)
        self._replaces = None
        add_history(layer.layer, _history(accepted, model))
        return layer.lacks(ids)

    def new_geopackage(self, path: Path, image: Optional[QgsMapLayer]) -> None:
        """Create a GeoPackage layer in the image's CRS and pick it.

        Raises:
            Refused: the file cannot be written.
        """
        self._pick(new_geopackage(path, path.stem, _crs(image)))

    def _temporary(self, image: QgsMapLayer) -> QgsVectorLayer:
        title = QCoreApplication.translate("Acceptance", "Objects in {name}").format(name=image.name())
        return self._pick(new_memory_layer(title, _crs(image)))

    def _pick(self, layer: QgsVectorLayer) -> QgsVectorLayer:
        QgsProject.instance().addMapLayer(layer)
        self._target.setLayer(layer)
        return layer


def _crs(image: Optional[QgsMapLayer]) -> QgsCoordinateReferenceSystem:
    return image.crs() if image is not None else QgsProject.instance().crs()


def _history(accepted: AcceptedObject, model: Optional[ModelInfo]) -> str:
    """Return one line of lineage: what made the object, of which revision and licence, where it ran, from what."""
    facts = [f"device {accepted.device}"]
    if model is not None and model.id == accepted.model:
        facts = [f"licence {model.licence}", *facts]
        facts = [f"revision {model.revision}", *facts] if model.revision else facts
    return f"Toposcope {VERSION}: segmented with {accepted.model} ({', '.join(facts)}) from {accepted.source.name}"


def _result(accepted: AcceptedObject, transform: SourceTransform) -> Result:
    return Result(
        geometry=transform.geometry(accepted.polygons),
        crs=transform.frame.crs,
        score=accepted.score,
        area_m2=accepted.area_m2,
        prompt=prompt_text(accepted.prompts),
        model=accepted.model,
        source=accepted.source.name,
    )
