"""What the Change page says about two dates, as a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from qgis.core import QgsCoordinateTransform, QgsCsException, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobRequest
from ..gis.area_text import area_text
from ..gis.refused import Refused
from ..gis.source import frame_of
from ..gis.transform import SourceTransform
from ..gui.change_detect import ChangeDetect
from ..gui.picked_area import area_of
from ..state.keeping import check_folder
from ..state.submission import ImageTask

TASK = "detect-change"


@dataclass(frozen=True)
class AskedChange:
    """A job without the picture after: its layer, and what of it is read where QGIS draws it."""

    task: ImageTask
    after: QgsRasterLayer
    after_id: str
    after_bounds: QgsRectangle


def asked_change(widget: ChangeDetect, canvas: QgsMapCanvas, device: str) -> AskedChange:
    """Return what is asked.

    Raises:
        Refused: something is missing; the sentence says what.
    """
    translate = QCoreApplication.translate
    before, after = widget.before.currentLayer(), widget.after.currentLayer()
    if not isinstance(before, QgsRasterLayer) or not isinstance(after, QgsRasterLayer):
        raise Refused(translate("AskedChange", "Choose an image of each date first."))
    if before.id() == after.id():
        raise Refused(translate("AskedChange", "Before and after are the same layer; choose another date."))
    if widget.folder():
        check_folder(Path(widget.folder()))
    frame, area = frame_of(before), area_of(widget.area.choice(), before, canvas)
    context = QgsProject.instance().transformContext()
    transform = SourceTransform(frame, canvas.mapSettings().destinationCrs(), context)
    title = translate("AskedChange", "Change – {before} → {after}")
    task = ImageTask(
        image=before,
        image_id=before.id(),
        pixel=frame.pixel,
        bounds=area.bounds,
        units_per_pixel=transform.units_per_pixel(canvas.center(), canvas.mapUnitsPerPixel()),
        request=JobRequest(
            TASK,
            widget.model.model_id(),
            parameters={**widget.values(), "area": area_text(area.geometry, frame)},
            device=device,
        ),
        title=title.format(before=before.name(), after=after.name()),
        chosen=lambda source: source,
        into=Path(widget.folder()) if widget.folder() else None,
    )
    return AskedChange(task, after, after.id(), _there(area.bounds, before, after))


def _there(bounds: Optional[QgsRectangle], before: QgsRasterLayer, after: QgsRasterLayer) -> QgsRectangle:
    """Return the area in the CRS of the picture after."""
    transform = QgsCoordinateTransform(before.crs(), after.crs(), QgsProject.instance().transformContext())
    try:
        return transform.transformBoundingBox(bounds or before.extent())
    except QgsCsException as error:
        text = QCoreApplication.translate(
            "AskedChange", "“{after}” has no place where “{before}” lies; check both CRS."
        )
        raise Refused(text.format(before=before.name(), after=after.name())) from error
