"""`toposcope:ground`: raster and phrases to polygons. Runs in a thread; the work is the backend's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsFields,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.ground import INSTANCES
from ..gis.compat import MULTI_POLYGON, SOURCE_POLYGON, text_field
from ..gis.ground_run import answer_of
from ..gis.phrase_styles import apply_phrase_style
from ..gis.result import result_fields
from . import ground_parameters as names
from .algorithm import Models
from .arrival import style_on_arrival
from .backend import EndpointSource, client
from .grounding import GroundingAlgorithm
from .job import result_file, run_job
from .keeping import keep
from .objects import copy_objects
from .parameters import OUTPUT
from .text import tr


class GroundAlgorithm(GroundingAlgorithm):
    """Each object that a phrase names becomes a polygon with phrase and score."""

    answer = INSTANCES

    def __init__(self, endpoints: EndpointSource, models: Models, outliners: Models) -> None:
        super().__init__(endpoints, models)
        self._outliners = outliners

    def createInstance(self) -> GroundAlgorithm:
        """Return a fresh one, as each run needs."""
        return GroundAlgorithm(self._endpoints, self._models, self._outliners)

    def name(self) -> str:
        """Return the stable id."""
        return "ground"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Find objects by phrases")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("text prompt,phrase,grounding,open vocabulary,detect,find,search,object,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Finds what phrases name and outlines each object.\n\n"
            "Image: a raster file of any size, read with the bands and stretch the layer is shown with. Online "
            "layers are not read here; export the part you need to a GeoTIFF first.\n\n"
            "Phrases: what to look for, in English or Chinese, several with semicolons between them: building; "
            "swimming pool.\n\n"
            "Look at: the whole image from afar, regions, or every pixel; auto decides by the phrases.\n\n"
            "Score: the higher, the fewer and surer the objects; not set, the model's own.\n\n"
            "Read closely: everything, or only what a quick look finds relevant to the phrases, which is faster on "
            "large images with few objects.\n\n"
            "Result: one multipolygon an object, in the image's CRS, with phrase (label), score, area on the "
            "ellipsoid, model and source; and, if wanted, a raster with the score of each phrase in a band. "
            "Nothing leaves this computer unless you connected a backend elsewhere."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        scores = QgsProcessingParameterRasterDestination(names.SCORES, tr("Scores"), None, True, False)
        for parameter in (
            *names.shared_parameters(self._models()),
            *names.outline_parameters(self._outliners()),
            *names.rare_parameters(),
            QgsProcessingParameterFeatureSink(OUTPUT, tr("Objects"), SOURCE_POLYGON),
            scores,
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber(names.COUNT, tr("Number of objects")))

    def more_values(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Dict[str, Any]:
        """Return how objects are outlined."""
        return {
            "outline": self.parameterAsString(parameters, names.OUTLINE, context),
            "min_area": self.parameterAsDouble(parameters, names.MIN_AREA, context),
            "refine": self.parameterAsBool(parameters, names.REFINE, context),
            "segmenter": self.parameterAsString(parameters, names.SEGMENTER, context).strip(),
        }

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and copy its objects into the sink."""
        fields = _fields()
        sink, where = self.parameterAsSink(parameters, OUTPUT, context, fields, MULTI_POLYGON, self._frame.crs)
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, OUTPUT))
        target = self.parameterAsOutputLayer(parameters, names.SCORES, context)
        results: Dict[str, Any] = {OUTPUT: where, names.COUNT: 0}
        with client(self._endpoints, self._reach) as backend, tempfile.TemporaryDirectory() as temporary:
            state, folder = run_job(backend, self._request, feedback), Path(temporary)
            if state is None:
                return results
            objects = result_file(backend, state, "instances.gpkg", folder)
            if objects is not None:
                results[names.COUNT] = copy_objects(objects, self._frame.pixel, fields, sink, feedback)
            scores = result_file(backend, state, "scores.tif", folder) if target else None
            if scores is not None:
                results[names.SCORES] = keep(scores, target, self._frame.pixel)
            phrases = answer_of(result_file(backend, state, "answer.json", folder)).phrases
        style_on_arrival(context, where, lambda layer: apply_phrase_style(layer, phrases))
        return results


def _fields() -> QgsFields:
    fields = QgsFields()
    for field in [text_field("id"), *result_fields()]:
        fields.append(field)
    return fields
