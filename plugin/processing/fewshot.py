"""`toposcope:fewshot`: embeddings and a few examples to a class map. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.jobs import JobRequest
from ...backend.protocol.source import Source
from ..gis.compat import SOURCE_ANY
from .embedding import (
    TABLE,
    VECTORS,
    EmbeddingAlgorithm,
    area_of_vectors,
    table_parameter,
    vectors_parameter,
    vectors_source,
)
from .keeping import keep
from .layer_file import written
from .parameters import OUTPUT, area_parameter
from .text import tr

EXAMPLES, FIELD, CLASSIFIER = "EXAMPLES", "CLASS_FIELD", "CLASSIFIER"
CONFIDENCE, SAVED = "CONFIDENCE", "SAVED"
FILES = ((CONFIDENCE, "confidence.tif"), (SAVED, "classifier.json"))


class FewShotAlgorithm(EmbeddingAlgorithm):
    """Every place gets the class whose examples it is like."""

    def name(self) -> str:
        """Return the stable id."""
        return "fewshot"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Classify embeddings from a few examples")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("classification,land cover,few-shot,linear probe,training,supervised,embedding,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Learns classes from a few examples and maps them.\n\n"
            "Examples: points or polygons in any CRS with the class in a field; five of each class are a good start. "
            "Or a classifier saved earlier, for embeddings of the same model: another date, another place.\n\n"
            "Result: a class map with colours and names; if wanted, how sure each place is, and the classifier as a "
            "small file. The log says how well examples left out were told."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in (
            vectors_parameter(),
            QgsProcessingParameterFeatureSource(EXAMPLES, tr("Examples"), [SOURCE_ANY], None, True),
            QgsProcessingParameterField(FIELD, tr("Field with the class"), None, EXAMPLES, optional=True),
            QgsProcessingParameterFile(
                CLASSIFIER, tr("Or a saved classifier"), optional=True, fileFilter=tr("Classifiers (*.json)")
            ),
            area_parameter(),
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Classes"), None, True, True),
            table_parameter(tr("Classes of a table")),
            QgsProcessingParameterRasterDestination(CONFIDENCE, tr("Confidence"), None, True, False),
            QgsProcessingParameterFileDestination(
                SAVED, tr("Classifier"), tr("Classifiers (*.json)"), None, True, False
            ),
        ):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        source = vectors_source(self.parameterAsString(parameters, VECTORS, context))
        examples = self.parameterAsSource(parameters, EXAMPLES, context)
        saved = self.parameterAsString(parameters, CLASSIFIER, context)
        if (examples is None) == (not saved):
            raise QgsProcessingException(tr("Give either examples or a saved classifier."))
        values: Dict[str, Any] = {"area": area_of_vectors(self, parameters, context, source)}
        if examples is None:
            others = {"classifier": Source(path=str(Path(saved).absolute()), name=Path(saved).name)}
        else:
            values["column"] = self.parameterAsString(parameters, FIELD, context)
            if not values["column"]:
                raise QgsProcessingException(tr("Say which field of the examples holds the class."))
            others = {"examples": written(examples, context.transformContext(), self.scratch(), "examples")}
        return self.prepare(JobRequest(task="fewshot", source=source, others=others, parameters=values))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and put its files where they are wanted."""
        raster, table = (self.parameterAsOutputLayer(parameters, name, context) for name in (OUTPUT, TABLE))
        with self.results(feedback) as found:
            if found is None:
                return {}
            results: Dict[str, Any] = dict(found.keep("classes", raster, table))
            for name, ending in FILES:
                target = self._target(parameters, name, context)
                path = found.path(ending) if target else None
                if path is not None:
                    results[name] = keep(path, target)
        return results

    def _target(self, parameters: Dict[str, Any], name: str, context: QgsProcessingContext) -> str:
        if name == SAVED:
            return str(self.parameterAsFileOutput(parameters, name, context))
        return str(self.parameterAsOutputLayer(parameters, name, context))
