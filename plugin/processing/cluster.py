"""`toposcope:cluster`: embeddings to groups of places that look alike. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.jobs import JobRequest
from .embedding import (
    TABLE,
    VECTORS,
    EmbeddingAlgorithm,
    table_parameter,
    vectors_parameter,
    vectors_source,
)
from .parameters import LARGEST_SEED, OUTPUT, choice, whole
from .text import tr

METHOD, CLUSTERS, SEED = "METHOD", "CLUSTERS", "SEED"
METHODS = ("kmeans", "hdbscan")


class ClusterAlgorithm(EmbeddingAlgorithm):
    """Places whose vectors are alike become a class."""

    def name(self) -> str:
        """Return the stable id."""
        return "cluster"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Cluster embeddings")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("k-means,HDBSCAN,unsupervised,classification,segmentation,embedding").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Groups places whose vectors are alike, with no examples.\n\n"
            "Embeddings: a raster made by “Embed imagery”, or a published one such as AlphaEarth or TESSERA.\n\n"
            "Method: k-means makes as many groups as you say; HDBSCAN finds how many there are and leaves out what "
            "belongs to none. The same seed gives the same groups.\n\n"
            "Result: a class map with colours and names, the largest group first."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and output."""
        for parameter in (
            vectors_parameter(),
            choice(METHOD, tr("Method"), METHODS),
            whole(CLUSTERS, tr("Groups (k-means)"), 8, (2, 250)),
            whole(SEED, tr("Seed"), 0, (0, LARGEST_SEED)),
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Clusters"), None, True, True),
            table_parameter(tr("Clusters of a table")),
        ):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read the settings into a request."""
        return self.prepare(
            JobRequest(
                task="cluster",
                source=vectors_source(self.parameterAsString(parameters, VECTORS, context)),
                parameters={
                    "method": self.parameterAsString(parameters, METHOD, context),
                    "clusters": self.parameterAsInt(parameters, CLUSTERS, context),
                    "seed": self.parameterAsInt(parameters, SEED, context),
                },
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and put its map where it is wanted."""
        raster, table = (self.parameterAsOutputLayer(parameters, name, context) for name in (OUTPUT, TABLE))
        with self.results(feedback) as found:
            return {} if found is None else dict(found.keep("clusters", raster, table))
