"""What the Ground page asks for, as a search."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

from qgis.core import QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobRequest
from ..gis.area_text import area_text, in_source
from ..gis.refused import Refused
from ..gis.source import frame_of
from ..gis.transform import SourceTransform
from ..gui.ground_page import GroundPage
from ..gui.picked_area import area_of
from ..phrases import join
from ..state.keeping import check_folder
from ..state.submission import ImageTask

TASK = "ground"


def search_of(page: GroundPage, canvas: QgsMapCanvas, device: str) -> ImageTask:
    """Return what the page asks for, to be run on `device`.

    Raises:
        Refused: something is missing or cannot be used; the sentence says what.
    """
    translate = QCoreApplication.translate
    image, phrases = page.source.currentLayer(), page.phrases.phrases()
    if not isinstance(image, QgsRasterLayer):
        raise Refused(translate("GroundSearch", "Choose an image first."))
    example = area_of(page.example.choice(), image, canvas)
    if not phrases and example.geometry is None:
        raise Refused(translate("GroundSearch", "Write what to look for, such as “building; lake”."))
    area, frame = area_of(page.area.choice(), image, canvas), frame_of(image)
    values: Dict[str, Any] = {**page.values(), "phrases": join(phrases), "area": area_text(area.geometry, frame)}
    if example.geometry is not None:
        values["example"] = in_source(example.geometry, frame).asWkt()
    return ImageTask(
        image=image,
        image_id=image.id(),
        pixel=frame.pixel,
        bounds=area.bounds,
        units_per_pixel=_scale(image, canvas),
        request=JobRequest(TASK, page.model.model_id(), parameters=values, device=device),
        title=_title(phrases, image),
        chosen=page.options.apply,
        into=_folder(page.folder()),
    )


def _folder(named: str) -> Optional[Path]:
    """Return the folder that takes the results, None for Toposcope's own. Raises Refused."""
    if not named:
        return None
    check_folder(Path(named))
    return Path(named)


def _scale(image: QgsRasterLayer, canvas: QgsMapCanvas) -> float:
    """Return how much ground a pixel of the map shows, in the image's units."""
    context = QgsProject.instance().transformContext()
    transform = SourceTransform(frame_of(image), canvas.mapSettings().destinationCrs(), context)
    return transform.units_per_pixel(canvas.center(), canvas.mapUnitsPerPixel())


def _title(phrases: List[str], image: QgsRasterLayer) -> str:
    translate = QCoreApplication.translate
    what = join(phrases) or translate("GroundSearch", "like this")
    return translate("GroundSearch", "{phrases} in {image}").format(phrases=what, image=image.name())
