"""What the Places page says, as a request."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Dict, Optional

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobRequest
from ..gis.refused import Refused
from ..gui.area_picker import LAYER, RECTANGLE, AreaChoice
from ..gui.places_page import LIKENESS, PREDICTION, TABLE, PlacesChoice

TASK = "locate"
CELLS = 800
"""About as many cells along the longer side where the user leaves the step to us."""
WORLD = QgsRectangle(-180, -90, 180, 90)


@dataclass(frozen=True)
class PlacesQuestion:
    """A request without its files, and what its results are called."""

    request: JobRequest
    title: str
    question: str


def question_of(choice: PlacesChoice, area: AreaChoice, canvas: QgsMapCanvas, device: str) -> PlacesQuestion:
    """Return what is asked.

    Raises:
        Refused: something is missing or cannot be read; the sentence says what.
    """
    values: Dict[str, Any] = {}
    if choice.question in (TABLE, PREDICTION):
        _check_points(choice)
    if choice.question == PREDICTION:
        values["predict"], values["estimator"] = choice.field, choice.estimator
    if choice.question == LIKENESS:
        values["like"] = _place(choice.place)
    if choice.question != TABLE:
        extent = _extent(area, canvas)
        corners = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
        values["extent"] = ",".join(f"{value:.9g}" for value in corners)
        values["step"] = choice.step or fitting_step(extent)
    request = JobRequest(task=TASK, model=choice.model, parameters=values, device=device)
    return PlacesQuestion(request, _title(choice), choice.question)


def fitting_step(extent: QgsRectangle) -> float:
    """Return 1, 2 or 5 times a power of ten of degrees, for about `CELLS` cells along the longer side."""
    wanted = max(extent.width(), extent.height()) / CELLS
    power = 10 ** math.floor(math.log10(wanted))
    return float(f"{next(one for one in (1, 2, 5, 10) if one * power >= wanted) * power:.6g}")


def in_degrees(at: QgsPointXY, canvas: QgsMapCanvas) -> str:
    """Return a place of the map as longitude and latitude. Raises Refused where it has none."""
    try:
        place = _to_degrees(canvas.mapSettings().destinationCrs()).transform(at)
    except QgsCsException as error:
        raise _unplaceable() from error
    return f"{place.x():.4f}, {place.y():.4f}"


def _place(text: str) -> str:
    try:
        longitude, latitude = (float(part) for part in text.replace(";", ",").split(","))
    except ValueError as error:
        sentence = QCoreApplication.translate(
            "PlacesQuestion", "Click a place on the map, or write it as longitude, latitude: 8.55, 47.37."
        )
        raise Refused(sentence) from error
    return f"{longitude!r},{latitude!r}"


def _check_points(choice: PlacesChoice) -> None:
    translate = QCoreApplication.translate
    if choice.points is None:
        raise Refused(translate("PlacesQuestion", "There is no layer of points; add one to the project."))
    if not choice.points.crs().isValid():
        text = translate("PlacesQuestion", "“{layer}” has no CRS, so nobody knows where its points lie; set it first.")
        raise Refused(text.format(layer=choice.points.name()))
    if choice.question == PREDICTION and not choice.field:
        raise Refused(translate("PlacesQuestion", "Choose the column that is to be predicted."))


def _extent(area: AreaChoice, canvas: QgsMapCanvas) -> QgsRectangle:
    if area.kind == LAYER:
        return WORLD
    drawn: Optional[QgsReferencedRectangle] = area.rectangle
    if area.kind == RECTANGLE and drawn is None:
        raise Refused(QCoreApplication.translate("PlacesQuestion", "Draw the rectangle on the map first."))
    shown = drawn or QgsReferencedRectangle(canvas.extent(), canvas.mapSettings().destinationCrs())
    try:
        found = _to_degrees(shown.crs()).transformBoundingBox(shown).intersect(WORLD)
    except QgsCsException as error:
        raise _unplaceable() from error
    if found.isEmpty():
        raise _unplaceable()
    return found


def _to_degrees(crs: QgsCoordinateReferenceSystem) -> QgsCoordinateTransform:
    degrees = QgsCoordinateReferenceSystem("EPSG:4326")
    return QgsCoordinateTransform(crs, degrees, QgsProject.instance().transformContext())


def _title(choice: PlacesChoice) -> str:
    translate = QCoreApplication.translate
    if choice.question == LIKENESS:
        return translate("PlacesQuestion", "Like {place}").format(place=choice.place)
    if choice.question == PREDICTION:
        return translate("PlacesQuestion", "{column} predicted").format(column=choice.field)
    if choice.question == TABLE:
        return translate("PlacesQuestion", "Vectors of {layer}").format(layer=choice.points.name())
    return translate("PlacesQuestion", "Places, {model}").format(model=choice.model)


def _unplaceable() -> Refused:
    text = QCoreApplication.translate(
        "PlacesQuestion", "This place has no longitude and latitude; check the map's CRS."
    )
    return Refused(text)
