"""`toposcope:detectchange`: what changed between two dates. Runs in a thread; the work is the backend's."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from qgis.core import (
    QgsMapLayer,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingParameterVectorDestination,
)

from ...backend.protocol.defaults import CHANGE_METHOD, CHANGE_MODEL
from ...backend.protocol.jobs import JobRequest
from ..gis.change_groups import Areas
from ..gis.change_maps import read_areas, show_probability_from, style_ways
from ..gis.change_record import record_lines
from ..gis.compat import SOURCE_POLYGON
from ..gis.flipped import flipped_copy
from .arrival import style_on_arrival
from .changing import ChangeAlgorithm
from .embedding import Results
from .keeping import keep
from .parameters import DEVICE, MODEL, OUTPUT, area_parameter, choice, device_parameter, model_parameter, number
from .text import tr

BEFORE, AFTER, METHOD, ONLY, THRESHOLD = "BEFORE", "AFTER", "METHOD", "ONLY", "THRESHOLD"
ALIGN, NORMALISE, CLASSES, MINIMUM = "ALIGN", "NORMALISE", "CLASSES", "MINIMUM"
POLYGONS, AREAS = "POLYGONS", "AREAS"
METHODS = (CHANGE_METHOD, *(method for method in CHANGE_MODEL if method != CHANGE_METHOD))
WHICH = ("any", "building")
LIGHTS = ("match", "none")


class DetectChangeAlgorithm(ChangeAlgorithm):
    """Finds change."""

    def name(self) -> str:
        """Return the stable id."""
        return "detectchange"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Detect change between two images")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("change detection,bitemporal,two dates,AnyChange,ChangeStar,probability,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Finds what changed between two images of a place. They may have different grids: the later one is put on "
            "the earlier one's, moved where both show the same things side by side, and brought to the same light.\n\n"
            "By distance: how far the embeddings of a place lie apart; any model that embeds. By segments: segments "
            "of both dates that are matched; any model that segments. By detector: a network that learnt it; it alone "
            "can look for buildings that come or go and leave out other change.\n\n"
            "Classes: phrases with semicolons between them, from which and to which a place changed, where the method "
            "knows no classes.\n\n"
            "Results: the probability of change of every pixel, polygons from the threshold on, and how much area "
            "became what."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in _parameters(self._models()):
            self.addParameter(parameter)

    def prepareAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, _feedback: QgsProcessingFeedback
    ) -> bool:
        """Read layers and settings, which live on the main thread, into a request."""
        layer, before, self._frame = self.image(parameters, BEFORE, context)
        _layer, after, _frame = self.image(parameters, AFTER, context)
        self._threshold = self.parameterAsDouble(parameters, THRESHOLD, context)
        values = {
            "method": self.parameterAsString(parameters, METHOD, context),
            "only": self.parameterAsString(parameters, ONLY, context),
            "threshold": self._threshold,
            "align": self.parameterAsBoolean(parameters, ALIGN, context),
            "normalise": self.parameterAsString(parameters, NORMALISE, context),
            "classes": self.parameterAsString(parameters, CLASSES, context).strip(),
            "minimum": self.parameterAsDouble(parameters, MINIMUM, context),
            "area": self.area(parameters, context, layer, self._frame),
        }
        return self.prepare(
            JobRequest(
                task="detect-change",
                model=self.parameterAsString(parameters, MODEL, context).strip(),
                source=before,
                others={"after": after},
                parameters=values,
                device=self.parameterAsString(parameters, DEVICE, context),
            )
        )

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job, put its files where they are wanted and tell what was done to the later image."""
        raster = self.parameterAsOutputLayer(parameters, OUTPUT, context)
        polygons = self.parameterAsOutputLayer(parameters, POLYGONS, context)
        table = self.parameterAsFileOutput(parameters, AREAS, context)
        if polygons and not polygons.lower().endswith(".gpkg"):
            raise QgsProcessingException(tr("Polygons are written as GeoPackage; let the name end in .gpkg."))
        with self.results(feedback) as found:
            if found is None:
                return {}
            made = {OUTPUT: keep(_there(found.path(".tif")), raster, flip=self._frame.pixel)}
            areas = found.path(".csv")
            told = read_areas(areas) if areas is not None else ()
            made.update(self._polygons(found, polygons))
            if table and areas is not None:
                made[AREAS] = keep(areas, table)
            for line in record_lines(found.path(".run.json")):
                feedback.pushInfo(line)
        self._style(context, made, told)
        return made

    def _polygons(self, found: Results, target: str) -> Dict[str, str]:
        path = found.path(".gpkg") if target else None
        if path is None:
            return {}
        return {POLYGONS: keep(flipped_copy(path) if self._frame.pixel else path, target)}

    def _style(self, context: QgsProcessingContext, made: Dict[str, str], areas: Areas) -> None:
        """Let the layers look as those of the Change page do."""
        least = self._threshold

        def probability(layer: QgsMapLayer) -> None:
            show_probability_from(layer, least)

        style_on_arrival(context, made[OUTPUT], probability)
        if POLYGONS in made:
            style_on_arrival(context, made[POLYGONS], lambda layer: style_ways(layer, areas))


def _there(path: Optional[Path]) -> Path:
    if path is None:
        raise QgsProcessingException(tr("The result file cannot be read; run the algorithm again."))
    return path


def _parameters(models: Sequence[str]) -> List[QgsProcessingParameterDefinition]:
    phrases = QgsProcessingParameterString(
        CLASSES, tr("Classes, phrases with semicolons between them"), None, False, True
    )
    model = model_parameter(models, "")
    model.setDescription(tr("Model (none: the method's own)"))
    model.setFlags(model.flags() | QgsProcessingParameterDefinition.Flag.FlagOptional)
    return [
        QgsProcessingParameterRasterLayer(BEFORE, tr("Image before")),
        QgsProcessingParameterRasterLayer(AFTER, tr("Image after")),
        choice(METHOD, tr("Find change by"), METHODS),
        model,
        choice(ONLY, tr("Which change (building: by the detector alone)"), WHICH),
        number(THRESHOLD, tr("Probability from which a place counts as changed"), 0.5, (0, 1)),
        QgsProcessingParameterBoolean(ALIGN, tr("Align the later image"), True),
        choice(NORMALISE, tr("Light of the later image"), LIGHTS),
        phrases,
        number(MINIMUM, tr("Smallest polygon (m²; pixels without a georeference)"), 16.0, (0, 1e12)),
        area_parameter(),
        device_parameter(),
        QgsProcessingParameterRasterDestination(OUTPUT, tr("Probability of change")),
        QgsProcessingParameterVectorDestination(POLYGONS, tr("Changed areas"), SOURCE_POLYGON, None, True, True),
        QgsProcessingParameterFileDestination(AREAS, tr("Table of areas"), tr("CSV (*.csv)"), None, True, False),
    ]
