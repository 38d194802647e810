"""`toposcope:compare`: embeddings of two dates to a change map. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.jobs import JobRequest
from ..gis.heat_style import apply_heat_style
from .arrival import style_on_arrival
from .embedding import VECTORS, EmbeddingAlgorithm, vectors_parameter, vectors_source
from .keeping import keep
from .parameters import OUTPUT
from .text import tr

AFTER = "AFTER"


class CompareAlgorithm(EmbeddingAlgorithm):
    """How far the vectors of the same places lie apart."""

    def name(self) -> str:
        """Return the stable id."""
        return "compare"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Change between embeddings of two dates")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("change detection,cosine,bitemporal,two dates,embedding").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Compares what places look like at two dates, by the vectors of one model on one grid.\n\n"
            "Result: 0 where a place looks the same, more the more it changed (1 minus the cosine of both vectors)."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and output."""
        self.addParameter(vectors_parameter())
        self.addParameter(QgsProcessingParameterFile(AFTER, tr("Embeddings of the later date")))
        self.addParameter(QgsProcessingParameterRasterDestination(OUTPUT, tr("Change")))

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read the settings into a request."""
        before, after = (vectors_source(self.parameterAsString(parameters, name, context)) for name in (VECTORS, AFTER))
        return self.prepare(JobRequest(task="compare", source=before, others={"after": after}))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and put its map where it is wanted."""
        target = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        with self.results(feedback) as found:
            if found is None:
                return {}
            made = keep(found.path("change.tif"), target)
        style_on_arrival(context, made, lambda layer: apply_heat_style(layer, 1))
        return {OUTPUT: made}
