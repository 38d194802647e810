"""The shown objects of a run into a layer of the user's, as one undo command."""

from __future__ import annotations

from typing import List, Sequence

from qgis.core import (
    NULL,
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureRequest,
    QgsProject,
    QgsVectorLayer,
)
from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import QCoreApplication

from ..gis.result import Result
from ..gis.result_layers import add_history, new_memory_layer
from ..gis.results import PolygonLayer
from ..gis.score_filter import least_score

FIELDS = ("score", "area_m2", "created", "label", "prompt", "model", "source")


def gather(layer: QgsVectorLayer, target: QgsMapLayerComboBox) -> str:
    """Add the objects that `layer` shows to the layer picked in `target`, else to a new temporary one.

    Return in one sentence what was done.

    Raises:
        Refused: the layer cannot take them; nothing was written.
    """
    translate = QCoreApplication.translate
    results = shown_results(layer)
    if not results:
        return translate("Gathering", "No object is shown; lower the score first.")
    picked = target.currentLayer()
    into = picked if picked is not None else new_memory_layer(_title(results), layer.crs())
    writer = PolygonLayer(into)
    if picked is None:
        QgsProject.instance().addMapLayer(into)
        target.setLayer(into)
    ids = writer.add_all(results, translate("Gathering", "Add found objects"))
    for line in layer.metadata().history():
        add_history(into, line)
    done = translate("Gathering", "{count} objects were added to “{layer}”; Undo takes them back.")
    return " ".join([done.format(count=len(results), layer=into.name()), writer.lacks(ids)]).strip()


def shown_results(layer: QgsVectorLayer) -> List[Result]:
    """Return the objects that a layer of a run shows."""
    wanted = f'"score" >= {least_score(layer)}'
    places = [layer.fields().lookupField(name) for name in FIELDS]
    crs, request = layer.crs(), QgsFeatureRequest().setFilterExpression(wanted)
    return [_result(feature, places, crs) for feature in layer.getFeatures(request)]


def _result(feature: QgsFeature, places: Sequence[int], crs: QgsCoordinateReferenceSystem) -> Result:
    values = feature.attributes()  # once: a thousand features times eight fields one by one takes a while
    score, area, created, *texts = (None if values[at] == NULL else values[at] for at in places)
    label, prompt, model, source = (text or "" for text in texts)
    return Result(
        geometry=feature.geometry(),
        crs=crs,
        score=score,
        area_m2=area or 0.0,
        prompt=prompt,
        model=model,
        source=source,
        label=label,
        created=_text(created),
    )


def _text(created: object) -> str:
    """Return a time as it is written in result layers; GeoPackage gives a QDateTime."""
    return created.toUTC().toString("yyyy-MM-dd'T'HH:mm:ss'Z'") if hasattr(created, "toUTC") else str(created or "")


def _title(results: List[Result]) -> str:
    return "; ".join(dict.fromkeys(result.label for result in results))
