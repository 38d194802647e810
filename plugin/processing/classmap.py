"""`toposcope:classmap`: raster and phrases to a class map. Runs in a thread; the work is the backend's."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Sequence

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
)

from ...backend.protocol.ground import CLASSMAP
from ..gis.class_map_style import apply_class_style
from ..gis.ground_run import answer_of
from . import ground_parameters as names
from .arrival import style_on_arrival
from .backend import client
from .grounding import GroundingAlgorithm
from .job import result_file, run_job
from .keeping import keep
from .parameters import OUTPUT, choice
from .text import tr

FILES = ((OUTPUT, "classes.tif"), (names.SCORES, "scores.tif"), (names.TABLE, "shares.csv"))


class ClassMapAlgorithm(GroundingAlgorithm):
    """Each pixel becomes the index of the phrase that names it."""

    answer = CLASSMAP

    def name(self) -> str:
        """Return the stable id."""
        return "classmap"

    def displayName(self) -> str:
        """Return the name in the toolbox."""
        return tr("Class map from phrases")

    def tags(self) -> Sequence[str]:
        """Return words to find it by."""
        return tr("text prompt,phrase,land cover,classification,open vocabulary,semantic segmentation,AI").split(",")

    def shortHelpString(self) -> str:
        """Return the help beside the dialog."""
        return tr(
            "Gives each pixel the phrase that names it best.\n\n"
            "Image: a raster file of any size, read with the bands and stretch the layer is shown with. Online "
            "layers are not read here; export the part you need to a GeoTIFF first.\n\n"
            "Phrases: the classes, in English or Chinese, with semicolons between them: forest; cropland; "
            "water.\n\n"
            "Read closely: everything, or only what a quick look finds relevant to the phrases.\n\n"
            "Sharpen along edges, take out what all places share: auto does what suits the model.\n\n"
            "Background: auto leaves out pixels that no phrase names with the score set; none gives every pixel "
            "its best phrase.\n\n"
            "Result: a raster on the image's grid with 0 for none and i for the i-th phrase, with colours and "
            "names; if wanted, the scores with a band a phrase, and a table with each phrase's area. Nothing "
            "leaves this computer unless you connected a backend elsewhere."
        )

    def initAlgorithm(self, _configuration: Optional[Dict[str, Any]] = None) -> None:
        """Declare parameters and outputs."""
        for parameter in (
            *names.shared_parameters(self._models()),
            choice(names.BACKGROUND, tr("Background"), names.BACKGROUNDS),
            *names.rare_parameters(),
            QgsProcessingParameterRasterDestination(OUTPUT, tr("Class map")),
            QgsProcessingParameterRasterDestination(names.SCORES, tr("Scores"), None, True, False),
            QgsProcessingParameterFileDestination(names.TABLE, tr("Table of areas"), "CSV (*.csv)", None, True, False),
        ):
            self.addParameter(parameter)

    def more_values(self, parameters: Dict[str, Any], context: QgsProcessingContext) -> Dict[str, Any]:
        """Return what becomes of pixels that no phrase names."""
        return {"background": self.parameterAsString(parameters, names.BACKGROUND, context)}

    def processAlgorithm(
        self, parameters: Dict[str, Any], context: QgsProcessingContext, feedback: QgsProcessingFeedback
    ) -> Dict[str, Any]:
        """Run the job and put its files where they are wanted."""
        results: Dict[str, Any] = {}
        with client(self._endpoints, self._reach) as backend, tempfile.TemporaryDirectory() as temporary:
            state, folder = run_job(backend, self._request, feedback), Path(temporary)
            if state is None:
                return results
            for output, name in FILES:
                target = self._target(parameters, output, context)
                path = result_file(backend, state, name, folder) if target else None
                if path is not None:
                    results[output] = keep(path, target, self._frame.pixel and output != names.TABLE)
            phrases = answer_of(result_file(backend, state, "answer.json", folder)).phrases
        style_on_arrival(context, results[OUTPUT], lambda layer: apply_class_style(layer, phrases))
        return results

    def _target(self, parameters: Dict[str, Any], output: str, context: QgsProcessingContext) -> str:
        if output == names.TABLE:
            return str(self.parameterAsFileOutput(parameters, output, context))
        return str(self.parameterAsOutputLayer(parameters, output, context))
