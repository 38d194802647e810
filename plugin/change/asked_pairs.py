"""What the Change page says about pairs, as a job: all of them, or one in the middle of the map to look at first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Optional

from qgis.core import QgsGeometry, QgsMapLayer, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobRequest
from ..gis.area_text import area_text
from ..gis.change_labels import raster_classes
from ..gis.kinds import Kind, kind_of
from ..gis.refused import Refused
from ..gis.source import frame_of
from ..gis.transform import SourceTransform
from ..gui.change_pairs import ChangePairs
from ..gui.picked_area import area_of
from ..state.keeping import check_folder
from ..state.submission import ImageTask
from .labels_file import check_labels

TASK = "change"
LOOK = 256
"""Pixels a side of the square that a preview paints."""
ONE = {"count": 1, "times": 2, "side": 0}
"""What a preview is, whatever is set for the long run."""


@dataclass(frozen=True)
class AskedPairs:
    """A job without its file of labels; `labels` and `column` say what that is made of."""

    task: ImageTask
    labels: QgsMapLayer
    column: str
    preview: bool


def asked_pairs(widget: ChangePairs, canvas: QgsMapCanvas, device: str, preview: bool) -> AskedPairs:
    """Return what is asked.

    Raises:
        Refused: something is missing; the sentence says what.
    """
    translate = QCoreApplication.translate
    choice, image = widget.choice(), widget.source.currentLayer()
    if not isinstance(image, QgsRasterLayer):
        raise Refused(translate("AskedPairs", "Choose an image first."))
    labels = check_labels(
        choice.labels,
        choice.column,
        translate("AskedPairs", "Nothing says what is where; choose a class map or polygons, or draw polygons."),
        translate("AskedPairs", "Choose the column of the polygons' classes."),
    )
    if labels.id() == image.id():
        text = translate("AskedPairs", "“{image}” cannot say what is where on itself; choose a class map or polygons.")
        raise Refused(text.format(image=image.name()))
    if choice.folder and not preview:
        check_folder(Path(choice.folder))
    frame = frame_of(image)
    transform = SourceTransform(frame, canvas.mapSettings().destinationCrs(), QgsProject.instance().transformContext())
    step = transform.units_per_pixel(canvas.center(), canvas.mapUnitsPerPixel())
    shape = (
        _middle(image, transform, canvas, step) if preview else area_of(widget.area.choice(), image, canvas).geometry
    )
    values = {**widget.values(), **(ONE if preview else {})}
    values.update(_texts(choice.kind, choice.becomes, choice.like, choice.column, labels))
    values["area"] = area_text(shape, frame)
    return AskedPairs(
        task=ImageTask(
            image=image,
            image_id=image.id(),
            pixel=frame.pixel,
            bounds=None if shape is None else shape.boundingBox(),
            units_per_pixel=step,
            request=JobRequest(TASK, choice.model, parameters=values, device=device),
            title=_title(image, values, preview),
            chosen=lambda source: source,
            into=Path(choice.folder) if choice.folder and not preview else None,
        ),
        labels=labels,
        column=choice.column,
        preview=preview,
    )


def _texts(kind: str, becomes: str, like: Dict[str, str], column: str, labels: QgsMapLayer) -> Dict[str, Any]:
    """Return the parameters that are texts; those left empty are not sent."""
    names = raster_classes(labels) if isinstance(labels, QgsRasterLayer) else []
    found = {
        "class": kind,
        "becomes": becomes,
        "like": ";".join(f"{name}={one}" for name, one in like.items()),
        "column": column,
        "classes": ";".join(f"{value}={name}" for value, name in names),
    }
    return {name: text for name, text in found.items() if text}


def _middle(image: QgsRasterLayer, transform: SourceTransform, canvas: QgsMapCanvas, step: float) -> QgsGeometry:
    """Return a square of `LOOK` pixels in the middle of the map, moved so that the image holds it."""
    centre = transform.layer_point(canvas.center())
    extent: QgsRectangle = image.extent()
    if not extent.contains(centre):
        text = QCoreApplication.translate("AskedPairs", "The middle of the map lies beside “{image}”; move it there.")
        raise Refused(text.format(image=image.name()))
    across, down = (step, step) if _is_drawn(image) else (image.rasterUnitsPerPixelX(), image.rasterUnitsPerPixelY())
    width, height = min(LOOK * across, extent.width()), min(LOOK * down, extent.height())
    left = _within(centre.x() - width / 2, extent.xMinimum(), extent.xMaximum() - width)
    low = _within(centre.y() - height / 2, extent.yMinimum(), extent.yMaximum() - height)
    left = extent.xMinimum() + round((left - extent.xMinimum()) / across) * across
    low = extent.yMaximum() - round((extent.yMaximum() - low) / down) * down
    return QgsGeometry.fromRect(QgsRectangle(left, low, left + width, low + height))


def _within(value: float, least: float, most: float) -> float:
    return max(least, min(most, value))


def _is_drawn(image: QgsRasterLayer) -> bool:
    return kind_of(image) is Kind.RENDERED


def _title(image: QgsMapLayer, values: Dict[str, Any], preview: bool) -> str:
    translate = QCoreApplication.translate
    if preview:
        return translate("AskedPairs", "Preview – {image}").format(image=image.name())
    what: Optional[str] = values.get("class")
    text = (
        translate("AskedPairs", "Pairs – {image}") if not what else translate("AskedPairs", "Pairs, {what} – {image}")
    )
    return text.format(image=image.name(), what=what)
