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

from ...backend.protocol.jobs import JobRequest
from ..gis.area_text import in_source
from ..phrases import join, split
from . import ground_parameters as names
from .algorithm import JobAlgorithm
from .parameters import BANDS, DEVICE, INPUT, MODEL
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

    def help_page(self) -> str:
        """Return the file of the longer help; a translation names its own."""
        return tr("ground.html")

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        layer, source, self._frame = self.image(parameters, INPUT, context, BANDS)
        phrases = split(self.parameterAsString(parameters, names.PHRASES, context))
        example = self._example(parameters, context, layer)
        if not phrases and example is None:
            raise QgsProcessingException(tr("There are no phrases; write what to look for, such as “building; lake”."))
        area = self.area(parameters, context, layer, self._frame)
        values: Dict[str, Any] = {"phrases": join(phrases), "area": area, "answer": self.answer}
        if example is not None:
            values["example"] = in_source(example, self._frame).asWkt()
        values.update(names.job_values(self, parameters, context))
        values.update(self.more_values(parameters, context))
        return self.prepare(
            JobRequest(
                task="ground",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=source,
                parameters=values,
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

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
