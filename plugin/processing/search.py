"""`toposcope:search`: embeddings and examples to places like them. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ...backend.protocol.jobs import JobRequest
from ..gis.compat import SOURCE_ANY, SOURCE_POLYGON
from ..gis.heat_style import apply_heat_style
from .arrival import style_on_arrival
from .embedding import (
    VECTORS,
    EmbeddingAlgorithm,
    area_of_vectors,
    vectors_parameter,
    vectors_source,
)
from .keeping import keep
from .layer_file import written
from .parameters import OUTPUT, area_parameter, number, whole
from .text import tr

EXAMPLES, LABEL, PHRASE, THRESHOLD, MOST, DISTANCE = (
    "EXAMPLES",
    "LABEL_FIELD",
    "PHRASE",
    "THRESHOLD",
    "MOST",
    "DISTANCE",
)
SIMILARITY, COUNT = "SIMILARITY", "COUNT"


class SearchAlgorithm(EmbeddingAlgorithm):
    """Ranks places by how like they are to examples or to a phrase."""

    def name(self) -> str:
        """Return the stable id."""
        return "search"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Search embeddings")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("similarity,nearest,retrieval,phrase,text,embedding,more like this,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Finds places that are like your examples, or that a phrase names.\n\n"
            "Embeddings: a raster or a table of chips.\n\n"
            "Examples: points or polygons on what you look for, in any CRS; with a label field, 1 is wanted and 0 "
            "unwanted.\n\n"
            "Phrase: for embeddings of models that were taught with texts.\n\n"
            "Result: ranked places as polygons with their score, the best first; for a raster also how like every "
            "place is. Of places closer to each other than the distance given, the best is kept."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in (
            vectors_parameter(),
            QgsProcessingParameterFeatureSource(EXAMPLES, tr("Examples"), [SOURCE_ANY], None, True),
            QgsProcessingParameterField(
                LABEL, tr("Field with 1 for wanted, 0 for unwanted"), None, EXAMPLES, optional=True
            ),
            QgsProcessingParameterString(PHRASE, tr("Phrase"), None, False, True),
            number(
                THRESHOLD, tr("Score from which a place counts (not set: as suits the examples)"), None, (-1e9, 1e9)
            ),
            whole(MOST, tr("Most places"), 100, (1, 100_000)),
            number(DISTANCE, tr("Of places closer than this keep the best (m)"), 0.0, (0, 1e7)),
            area_parameter(),
            QgsProcessingParameterVectorDestination(OUTPUT, tr("Places found"), SOURCE_POLYGON),
            QgsProcessingParameterRasterDestination(SIMILARITY, tr("Similarity"), None, True, False),
        ):
            self.addParameter(parameter)
        self.addOutput(QgsProcessingOutputNumber(COUNT, tr("Number of places")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        source = vectors_source(self.parameterAsString(parameters, VECTORS, context))
        phrase = self.parameterAsString(parameters, PHRASE, context).strip()
        examples = self.parameterAsSource(parameters, EXAMPLES, context)
        if examples is None and not phrase:
            raise QgsProcessingException(tr("There is nothing to look for; give examples or a phrase."))
        values: Dict[str, Any] = {
            "phrase": phrase,
            "most": self.parameterAsInt(parameters, MOST, context),
            "distance": self.parameterAsDouble(parameters, DISTANCE, context),
            "area": area_of_vectors(self, parameters, context, source),
        }
        if parameters.get(THRESHOLD) is not None:
            values["threshold"] = self.parameterAsDouble(parameters, THRESHOLD, context)
        label = self.parameterAsString(parameters, LABEL, context)
        if label:
            values["label"] = label
        others = {}
        if examples is not None:
            others["examples"] = written(examples, context.transformContext(), self.scratch(), "examples")
        return self.prepare(JobRequest(task="search", source=source, others=others, parameters=values))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and put its files where they are wanted."""
        target = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        raster = self.parameterAsOutputLayer(parameters, SIMILARITY, context)
        with self.results(feedback) as found:
            if found is None:
                return {}
            results: Dict[str, Any] = {OUTPUT: keep(found.path("places.gpkg"), target), COUNT: found.count("places")}
            heat = found.path("similarity.tif") if raster else None
            if heat is not None:
                results[SIMILARITY] = keep(heat, raster)
        if heat is not None:
            style_on_arrival(context, raster, lambda layer: apply_heat_style(layer, 1))
        return results
