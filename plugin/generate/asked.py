"""What the Generate page says, as a request; and a preview of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, Optional, Tuple, Union

from qgis.core import QgsDistanceArea, QgsGeometry, QgsPointXY, QgsProject, QgsRasterLayer, QgsRectangle, QgsUnitTypes
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QCoreApplication

from ...backend.protocol.jobs import JobRequest, Output
from ..gis.area_text import area_text
from ..gis.kinds import Kind, kind_of
from ..gis.refused import Refused
from ..gis.render_grid import native_step
from ..gis.source import Frame, frame_of
from ..gis.transform import SourceTransform
from ..gui.generate_page import NO_TILES, SCALE, SEED, STEPS, TILES, GeneratePage
from ..gui.picked_area import Area, area_of
from ..state.submission import ImageTask
from .earth import PIXEL, Earth
from .estimate import Estimate, estimate, window_steps
from .preview_place import square_at, windows_across

TASK = "generate"
FOLDER = "generated"
"""What a preview's files are called."""
Subject = Union[QgsRasterLayer, Earth]


@dataclass(frozen=True)
class Asked:
    """A job and what is known of it beforehand: `calls` of the network; `image` is the name of what it is made from."""

    task: ImageTask
    image: str
    scale: int
    seed: int
    calls: float
    preview: bool = False


class Reading:
    """The page against what the map shows now; `local`: the backend writes on this machine."""

    def __init__(self, page: GeneratePage, canvas: QgsMapCanvas, local: bool) -> None:
        """Raise `Refused` where QGIS cannot read the image."""
        self._page, self._canvas, self._local = page, canvas, local
        layer = page.layer()
        self.subject: Subject = layer or Earth()
        self.frame = Frame(self.subject.crs()) if layer is None else frame_of(layer)
        context = QgsProject.instance().transformContext()
        self._transform = SourceTransform(self.frame, canvas.mapSettings().destinationCrs(), context)
        self._values = page.values()
        self.scale, self.steps = int(self._values.get(SCALE, 4)), int(self._values.get(STEPS, 1))
        self._shown = 0.0 if layer is None else self._units_per_pixel()
        self.step = _step(layer, self._shown)

    def estimate(self, rate: float) -> Estimate:
        """Return what would come of it. Raises Refused."""
        width, height = self._size(self._area().bounds)
        tiled = self._values.get(TILES, NO_TILES) != NO_TILES
        return estimate(width, height, self.scale, self.steps, self._metres(), rate, tiled)

    def whole(self, device: str) -> Asked:
        """Return the job. Raises Refused."""
        title = QCoreApplication.translate("GenerateAsked", "{image} ×{scale}, seed {seed}")
        output = self._page.output()
        asked = self._asked(self._area(), title, device, output)
        if output and not self._local:  # what comes from elsewhere has a folder of its own there
            return replace(asked, task=replace(asked.task, into=Path(output).parent))
        return asked

    def preview(self, device: str, folder: Path, rate: float) -> Asked:
        """Return the job of a small square in the middle of the map, larger where the machine is fast.

        Raises:
            Refused: the image is not there.
        """
        title = QCoreApplication.translate("GenerateAsked", "preview of {image} ×{scale}, seed {seed}")
        square = square_at(
            self._transform.layer_point(self._canvas.center()),
            self.subject.extent(),
            self.step,
            self.scale,
            windows_across(self.steps, rate),
            anchored=self.frame.crs.isValid() and not self.frame.pixel,
        )
        cut = square.intersect(self.subject.extent())
        if cut.isEmpty():
            text = QCoreApplication.translate("GenerateAsked", "The middle of the map is not on “{image}”; move there.")
            raise Refused(text.format(image=self.subject.name()))
        asked = self._asked(Area(QgsGeometry.fromRect(cut)), title, device, str(folder / f"{FOLDER}.tif"))
        return replace(asked, preview=True)

    def _asked(self, area: Area, title: str, device: str, output: str) -> Asked:
        layer, values = self._page.layer(), dict(self._values)
        values.update(base="source" if layer is not None else "earth", area=area_text(area.geometry, self.frame))
        width, height = self._size(area.bounds)
        seed = int(values[SEED])
        place = Output(path=output if self._local else "")
        request = JobRequest(TASK, self._page.model.model_id(), parameters=values, output=place, device=device)
        task = ImageTask(
            image=layer,
            image_id="" if layer is None else layer.id(),
            pixel=self.frame.pixel,
            bounds=area.bounds,
            units_per_pixel=self._shown,
            request=request,
            title=title.format(image=self.subject.name(), scale=self.scale, seed=seed),
            chosen=self._page.options.apply,
        )
        return Asked(task, self.subject.name(), self.scale, seed, window_steps(width, height, self.scale, self.steps))

    def _area(self) -> Area:
        return area_of(self._page.area.choice(), self.subject, self._canvas)

    def _size(self, bounds: Optional[QgsRectangle]) -> Tuple[float, float]:
        bounds = bounds or self.subject.extent()
        return math.ceil(bounds.width() / self.step), math.ceil(bounds.height() / self.step)

    def _units_per_pixel(self) -> float:
        return self._transform.units_per_pixel(self._canvas.center(), self._canvas.mapUnitsPerPixel())

    def _metres(self) -> float:
        """Return the width of a pixel of the source in the middle of what is asked, 0 where nobody knows."""
        told: Dict[str, Any] = self._values
        if told.get("metres"):
            return float(told["metres"])
        if self.frame.pixel or not self.frame.crs.isValid():
            return 0.0
        measure = QgsDistanceArea()
        measure.setSourceCrs(self.frame.crs, QgsProject.instance().transformContext())
        measure.setEllipsoid("EPSG:7030")
        middle = (self._area().bounds or self.subject.extent()).center()
        length = measure.measureLine(middle, QgsPointXY(middle.x() + self.step, middle.y()))
        return float(measure.convertLengthMeasurement(length, QgsUnitTypes.DistanceUnit.DistanceMeters))


def _step(layer: Optional[QgsRasterLayer], shown: float) -> float:
    """Return the width of a pixel of the source in the units of its CRS."""
    if layer is None:
        return PIXEL
    return native_step(layer, shown) if kind_of(layer) is Kind.RENDERED else float(layer.rasterUnitsPerPixelX())
