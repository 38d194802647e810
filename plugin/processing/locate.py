"""`toposcope:locate`: places to vectors, without imagery, and to what they let predict. The work is the backend's."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterExtent,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterPoint,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.defaults import DEFAULT_MODEL
from ...backend.protocol.jobs import JobRequest
from ..gis.compat import SOURCE_POINT
from ..gis.score_text import score_lines
from .embedding import EmbeddingAlgorithm
from .layer_file import written
from .parameters import choice, model_parameter, number
from .text import tr

INPUT, EXTENT, STEP, MODEL, LIKE = "INPUT", "EXTENT", "STEP", "MODEL", "LIKE"
PREDICT, AT, ESTIMATOR, OUTPUT, TABLE = "PREDICT_FIELD", "AT", "ESTIMATOR", "OUTPUT", "TABLE"
ESTIMATORS = ("ridge", "knn")
DEGREES = "EPSG:4326"


class LocateAlgorithm(EmbeddingAlgorithm):
    """What coordinates alone can tell."""

    def name(self) -> str:
        """Return the stable id."""
        return "locate"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Embed places")

    def group(self) -> str:
        """Return the group's name."""
        return tr("Places")

    def groupId(self) -> str:
        """Return the group's stable id."""
        return "places"

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("SatCLIP,GeoCLIP,location encoder,coordinates,interpolation,prediction,embedding,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Describes places by vectors, from longitude and latitude alone.\n\n"
            "Points, no area: a table with a vector for each point.\n\n"
            "Area, no points: a raster of vectors; with a place to compare with, how like it every place is.\n\n"
            "Points with a field to predict, and an area or points to predict at: what the field would be there, with "
            "an honest score: parts of the map are held out whole.\n\n"
            "The area is cut into cells of the step given, in degrees."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in (*_inputs(self._models()), *_outputs()):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        others = {}
        for name, key in ((INPUT, "points"), (AT, "at")):
            features = self.parameterAsSource(parameters, name, context)
            if features is not None:
                others[key] = written(features, context.transformContext(), self.scratch(), key)
        if not others and not parameters.get(EXTENT):
            raise QgsProcessingException(tr("There are no places; give points or an area."))
        self._raster = bool(parameters.get(EXTENT))
        values = self._values(parameters, context)
        model = self.parameterAsString(parameters, MODEL, context).strip()
        return self.prepare(JobRequest(task="locate", model=model, others=others, parameters=values))

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job into the file wanted, and tell the score of a prediction."""
        name = OUTPUT if self._raster else TABLE
        target = self._target(parameters, context)
        if not target:
            what = tr("the raster") if self._raster else tr("the table")
            raise QgsProcessingException(tr("Say where {} goes.").format(what))
        with self.results(feedback, target) as found:
            if found is None:
                return {}
            record = found.path(".run.json")
        for line in score_lines(record):
            feedback.pushInfo(line)
        return {name: target}

    def _target(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> str:
        if self._raster:
            return str(self.parameterAsOutputLayer(parameters, OUTPUT, context))
        return str(self.parameterAsFileOutput(parameters, TABLE, context))

    def _values(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Dict[str, Any]:
        values: Dict[str, Any] = {}
        degrees = QgsCoordinateReferenceSystem(DEGREES)
        if self._raster:
            extent = self.parameterAsExtent(parameters, EXTENT, context, degrees)
            corners = extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()
            values["extent"] = ",".join(repr(value) for value in corners)
            values["step"] = self.parameterAsDouble(parameters, STEP, context)
        if parameters.get(LIKE):
            place = self.parameterAsPoint(parameters, LIKE, context, degrees)
            values["like"] = f"{place.x()!r},{place.y()!r}"
        field = self.parameterAsString(parameters, PREDICT, context)
        if field:
            values["predict"] = field
            values["estimator"] = self.parameterAsString(parameters, ESTIMATOR, context)
        return values


def _inputs(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    return [
        QgsProcessingParameterFeatureSource(INPUT, tr("Points"), [SOURCE_POINT], None, True),
        QgsProcessingParameterExtent(EXTENT, tr("Area"), None, True),
        number(STEP, tr("Side of a cell (degrees)"), 1.0, (1e-6, 90)),
        model_parameter(models, DEFAULT_MODEL["locate"]),
        QgsProcessingParameterPoint(LIKE, tr("Place to compare with"), None, True),
        QgsProcessingParameterField(PREDICT, tr("Field to predict"), None, INPUT, optional=True),
        QgsProcessingParameterFeatureSource(AT, tr("Points to predict at"), [SOURCE_POINT], None, True),
        choice(ESTIMATOR, tr("Predict by"), ESTIMATORS),
    ]


def _outputs() -> List[QgsProcessingParameterDefinition]:
    files = tr("GeoParquet (*.parquet);;GeoPackage, predictions only (*.gpkg)")
    return [
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Raster of the area"), None, True, True),
        QgsProcessingParameterFileDestination(TABLE, tr("Table of the points"), files, None, True, True),
    ]
