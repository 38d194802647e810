"""What every algorithm of ours holds: how to reach a backend, which models there are, and the request it made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, Optional, Sequence, Tuple

from qgis.core import QgsGeometry, QgsProcessingAlgorithm, QgsProcessingContext, QgsProcessingException, QgsRasterLayer
from qgis.PyQt.QtCore import QUrl

from ...backend.protocol.jobs import JobRequest
from ...backend.protocol.source import Source
from ..gis.area_text import area_text
from ..gis.refused import Refused
from ..gis.source import Frame, frame_of, source_of
from .backend import EndpointSource, reach_if_needed
from .parameters import EXTENT
from .text import tr

HELP = Path(__file__).parents[2] / "resources" / "help"
Models = Callable[[], Sequence[str]]


class JobAlgorithm(QgsProcessingAlgorithm):
    """Makes its request on the main thread and runs it as a job of the backend in a thread."""

    def __init__(self, endpoints: EndpointSource, models: Models) -> None:
        super().__init__()
        self._endpoints, self._models = endpoints, models
        self._reach: Any = None
        self._request: Optional[JobRequest] = None
        self._frame: Optional[Frame] = None

    def createInstance(self) -> JobAlgorithm:
        """Return a fresh one, as each run needs."""
        return type(self)(self._endpoints, self._models)

    def helpUrl(self) -> str:
        """Return the address of the longer help that ships with the plugin."""
        return QUrl.fromLocalFile(str(HELP / self.help_page())).toString()

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        raise NotImplementedError

    def prepare(self, request: JobRequest) -> bool:
        """Keep the request and find how to come to a backend. Main thread."""
        self._reach = reach_if_needed(self._endpoints)
        self._request = request
        return True

    def image(
        self, parameters: Dict[str, Any], name: str, context: QgsProcessingContext, bands: str = ""
    ) -> Tuple[QgsRasterLayer, Source, Frame]:
        """Return the layer of a parameter, what the backend reads of it, and what its coordinates mean. Main thread.

        `bands` is the parameter for other bands than those that are shown.
        """
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        chosen = tuple(self.parameterAsInts(parameters, bands, context)) if bands else ()
        try:
            source, frame = source_of(layer), frame_of(layer)
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        return layer, replace(source, bands=chosen, stretch=()) if chosen else source, frame

    def area(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer, frame: Frame
    ) -> str:
        """Return the area as the job takes it, empty for all of the image."""
        if not parameters.get(EXTENT):
            return ""
        cut = self.parameterAsExtent(parameters, EXTENT, context, layer.crs()).intersect(layer.extent())
        if cut.isEmpty():
            raise QgsProcessingException(tr("The area lies outside the image; choose one on it."))
        return area_text(QgsGeometry.fromRect(cut), frame)
