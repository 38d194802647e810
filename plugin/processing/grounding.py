"""What `toposcope:ground` and `toposcope:classmap` share: phrases and area to a job. The work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional

from qgis.core import (
    QgsFeatureRequest,
    QgsGeometry,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QUrl

from ...backend.protocol.jobs import JobRequest
from ..gis.area_text import area_text, in_source
from ..gis.refused import Refused
from ..phrases import join, split
from . import ground_parameters as names
from .algorithm import HELP, JobAlgorithm
from .backend import reach_if_needed
from .raster import readable
from .text import tr


class GroundingAlgorithm(JobAlgorithm):
    """Makes the request on the main thread; `answer` and `more_values` say what a subclass wants."""

    answer = ""

    def group(self) -> str:
        """Return the group's name."""
        return tr("Grounding")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "grounding"

    def helpUrl(self) -> str:
        """Return the address of the longer help that ships with the plugin; a translation names its own file."""
        return QUrl.fromLocalFile(str(HELP / tr("ground.html"))).toString()

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        layer = self.parameterAsRasterLayer(parameters, names.INPUT, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, names.INPUT))
        phrases = split(self.parameterAsString(parameters, names.PHRASES, context))
        example = self._example(parameters, context, layer)
        if not phrases and example is None:
            raise QgsProcessingException(tr("There are no phrases; write what to look for, such as “building; lake”."))
        try:
            source, self._frame = readable(layer, self.parameterAsInts(parameters, names.BANDS, context))
            area = area_text(self._area(parameters, context, layer), self._frame)
        except Refused as error:
            raise QgsProcessingException(str(error)) from error
        self._reach = reach_if_needed(self._endpoints)
        values = {"phrases": join(phrases), "area": area, "answer": self.answer}
        if example is not None:
            values["example"] = in_source(example, self._frame).asWkt()
        self._request = JobRequest(
            task="ground",
            model=self.parameterAsString(parameters, names.MODEL, context).strip(),
            source=source,
            parameters={
                **values,
                **names.job_values(self, parameters, context),
                **self.more_values(parameters, context),
            },
            device=self.parameterAsString(parameters, names.DEVICE, context),
        )
        return True

    def more_values(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Dict[str, Any]:
        """Return the parameters of the job that only this algorithm has."""
        raise NotImplementedError

    def _example(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> Optional[QgsGeometry]:
        """Return the example in the image's CRS, None where there is none."""
        source = self.parameterAsSource(parameters, names.EXAMPLE, context)
        if source is None:
            return None
        request = QgsFeatureRequest().setDestinationCrs(layer.crs(), context.transformContext())
        parts = [feature.geometry() for feature in source.getFeatures(request)]
        if not parts:
            raise QgsProcessingException(tr("The layer with the example holds no polygon; draw one around a thing."))
        return QgsGeometry.unaryUnion(parts)

    def _area(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, layer: QgsRasterLayer
    ) -> Optional[QgsGeometry]:
        """Return the area in the image's CRS, None for all of it."""
        if not parameters.get(names.EXTENT):
            return None
        extent = self.parameterAsExtent(parameters, names.EXTENT, context, layer.crs())
        cut = extent.intersect(layer.extent())
        if cut.isEmpty():
            raise QgsProcessingException(tr("The area lies outside the image; choose one on it."))
        return QgsGeometry.fromRect(cut)
